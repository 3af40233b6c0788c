/**
 * Chooses the model where a request leaves that to the gateway: `gapura/auto` by how hard the request looks, within the
 * price band that fits, and `gapura/free` by lot among what costs nothing. Only models that are connected, that may
 * answer under the request's wishes and that are known to do all it needs are chosen from.
 */
import type { Endpoint, ListedModel } from "../../../catalog/catalog.ts";
import { exclusionOf, lacks } from "../filters.ts";
import type { RequestNeeds } from "../needs.ts";
import { type Moment, routingPrice } from "../prices.ts";
import type { HealthView } from "../route.ts";
import type { RoutingWishes } from "../wishes.ts";
import { type AutoWishes, COST_TIERS, type CostTier, isChoosable } from "./auto-plugin.ts";

export interface Choice extends Moment {
  listed: readonly ListedModel[];
  wishes: RoutingWishes;
  auto: AutoWishes;
  health: HealthView;
}

/** So many models are tried one after the other. */
const MAX_CHOSEN = 3;
/** Entries of their own that are no model apart: they would stand in the cheapest band for what they are not. */
const VARIANT = /:(?:free|extended|thinking|batch)$/;

interface Fitting {
  model: ListedModel;
  /** Of the cheapest endpoint that may answer; null for unknown. */
  price: number | null;
}

/** Models for `auto`, best first: the newest in the price band, then those around them. Empty where none fits. */
export function chooseByPrice(choice: Choice, tier: CostTier): ListedModel[] {
  const { auto, listed } = choice;
  const candidates = listed.filter(({ model }) => !VARIANT.test(model.id) && isChoosable(model.id, auto));
  const fitting = withoutPractice(fittingOf(choice, candidates, false)).toSorted(byPrice);
  const [start, end] = bandOf(tier, fitting.length);
  const band = fitting.slice(start, end).toSorted(byKind);
  // Who is next is dearer, not weaker, as long as somebody is.
  const around = [...fitting.slice(end), ...fitting.slice(0, start).toReversed()];
  return [...band, ...around].slice(0, MAX_CHOSEN).map(({ model }) => model);
}

/** Models for `free`, in an order that chance makes. */
export function chooseFree(choice: Choice, random: () => number): ListedModel[] {
  const candidates = choice.listed.filter(({ model }) => isChoosable(model.id, choice.auto));
  const fitting = withoutPractice(fittingOf(choice, candidates, true));
  const chosen: ListedModel[] = [];
  while (fitting.length > 0 && chosen.length < MAX_CHOSEN) {
    const [drawn] = fitting.splice(Math.min(Math.floor(random() * fitting.length), fitting.length - 1), 1);
    if (drawn) chosen.push(drawn.model);
  }
  return chosen;
}

/** Where a band of prices begins and ends among so many; at least one model wide. */
export function bandOf(tier: CostTier, count: number): readonly [start: number, end: number] {
  const index = COST_TIERS.indexOf(tier);
  const start = Math.floor((index * count) / COST_TIERS.length);
  return [start, Math.max(start + 1, Math.floor(((index + 1) * count) / COST_TIERS.length))];
}

function fittingOf(choice: Choice, candidates: readonly ListedModel[], freeOnly: boolean): Fitting[] {
  const { wishes, needs, nowMs, health } = choice;
  const context = { wishes, needs, nowMs, openTiers: [], freeOnly };
  return candidates.flatMap((model): Fitting[] => {
    const able = model.endpoints.filter(
      (endpoint) =>
        answersText(endpoint) &&
        isKnownToDo(endpoint, needs) &&
        exclusionOf(endpoint, context) === null &&
        health.standing(endpoint).isAvailable,
    );
    if (able.length === 0) return [];
    const prices = able.flatMap(({ price }) => routingPrice(price, { needs, nowMs }) ?? []);
    return [{ model, price: prices.length === 0 ? null : Math.min(...prices) }];
  });
}

function answersText({ model }: Endpoint): boolean {
  return model?.outputModalities.includes("text") ?? false;
}

/** Where only a name is known of a model, it is chosen for plain text alone. */
function isKnownToDo(endpoint: Endpoint, needs: RequestNeeds): boolean {
  const isPlainRequest = needs.inputs.length === 0 && needs.outputs.length === 0 && !needs.parameters.includes("tools");
  return lacks(endpoint, needs).length === 0 && (endpoint.model?.isPlain !== true || isPlainRequest);
}

/** What only practises is chosen where nothing else is there. */
function withoutPractice(fitting: readonly Fitting[]): Fitting[] {
  const real = fitting.filter(({ model }) => model.endpoints.some(({ isPractice }) => !isPractice));
  return real.length > 0 ? real : [...fitting];
}

function byPrice(a: Fitting, b: Fitting): number {
  const known = Number(a.price === null) - Number(b.price === null);
  return known || (a.price ?? 0) - (b.price ?? 0) || byId(a, b);
}

/** Models that take tools are made for general use; of those, the newest. */
function byKind(a: Fitting, b: Fitting): number {
  const takesTools = ({ model }: Fitting) => Number(model.model.supportedParameters.includes("tools"));
  return takesTools(b) - takesTools(a) || b.model.model.created - a.model.model.created || byPrice(a, b);
}

function byId(a: Fitting, b: Fitting): number {
  return a.model.model.id < b.model.model.id ? -1 : 1;
}
