/**
 * From a client's request to a plan: who may be asked, in which order and why, or the error that says why nobody may.
 *
 * This is the shell around the pure router (`decide.ts`): it asks for the account's settings, looks names up, and waits
 * for the providers' first reports only where a name is not known yet. Nothing is sent to anybody here.
 */
import type { Endpoint, ListedModel } from "../../catalog/catalog.ts";
import type { AllowedModels } from "../../kernel/allowed-models.ts";
import type { Clock } from "../../kernel/clock.ts";
import { GapuraError } from "../../kernel/errors.ts";
import type { ClientRequest } from "../canonical/dialects.ts";
import type { TokenUsage } from "../canonical/usage.ts";
import { conversationOf } from "../ingress/conversation.ts";
import { requestNeeds } from "../ingress/request-needs.ts";
import type { AccountRouting, AccountRoutingSource, ModelResolver } from "../ports.ts";
import { chosenBy, noneFits, type RouterChoice, type RouterKind } from "./auto/named-routers.ts";
import { type Decision, decideRoute, type ModelAsked } from "./decide.ts";
import { mergeWishes } from "./merge-wishes.ts";
import { lookUp, type NamedModel, strategyOf } from "./named-models.ts";
import type { RequestNeeds } from "./needs.ts";
import { type HealthView, type RoutePlan, UNKNOWN_STANDING } from "./route.ts";
import type { Conversation, StickyRoutes } from "./sticky.ts";
import { whyBarred } from "./why-barred.ts";
import { allFiltered, notServed, type RouteHints } from "./why-none.ts";
import type { RoutingWishes, StatedWishes } from "./wishes.ts";

/** What a plan is made from besides the request. */
export interface RoutingDeps {
  models: ModelResolver;
  health: HealthView;
  /** Null where accounts have no settings of their own. */
  accounts: AccountRoutingSource | null;
  sticky: StickyRoutes;
  clock: Clock;
  /** At least 0 and below 1. */
  random(): number;
  hints: RouteHints;
}

/** Who asks, and with what besides the body. */
export interface RouteAsker {
  userId: string;
  presetWishes: StatedWishes | null;
  /** Which models the key may call; null for all. */
  allowedModels: AllowedModels | null;
  headers: Headers;
}

/** For a gateway that measures nothing. */
export const NO_HEALTH: HealthView = { standing: () => UNKNOWN_STANDING };

/** A plan that may hold no attempt; then `refusal` says why. */
export interface ConsideredRoute {
  plan: RoutePlan;
  refusal: GapuraError | null;
}

type RoutedRequest = Pick<ClientRequest, "models" | "wishes" | "body">;

/**
 * A model that nobody serves, or that the key may not call, is passed over while there is another. Throws GapuraError:
 * model_not_allowed, model_unknown,
 * model_not_connected, variant_unavailable, no_model_fits, endpoints_filtered, invalid_field; rejects when the account's settings cannot be read.
 */
export async function planRoute(deps: RoutingDeps, request: RoutedRequest, asker: RouteAsker): Promise<RoutePlan> {
  const { plan, refusal } = await considerRoute(deps, request, asker);
  if (refusal !== null) throw refusal;
  return plan;
}

/**
 * The same for whoever wants to see what was passed over even where nothing is left. A promise only where the account's
 * settings or the providers' first reports have to be waited for.
 */
export function considerRoute(
  deps: RoutingDeps,
  request: RoutedRequest,
  asker: RouteAsker,
): ConsideredRoute | Promise<ConsideredRoute> {
  const account = deps.accounts?.find(asker.userId);
  if (account instanceof Promise)
    return account.then((known) => considered(deps, request, { ...asker, account: known }));
  return considered(deps, request, { ...asker, account });
}

function considered(
  deps: RoutingDeps,
  request: RoutedRequest,
  {
    userId,
    presetWishes,
    allowedModels,
    headers,
    account,
  }: RouteAsker & { account: AccountRouting | null | undefined },
): ConsideredRoute | Promise<ConsideredRoute> {
  const wishes = mergeWishes(account?.wishes, presetWishes, request.wishes);
  const { models, health, random, clock } = deps;
  const nowMs = clock.nowMs();
  const needs = requestNeeds(request.body);
  const body = request.body.value;
  const chosen = (name: string, kind: RouterKind) =>
    chosenBy({ name, kind, body, needs, nowMs, wishes, health, random, listed: callable(models, allowedModels) });
  const asked = {
    request,
    allowedModels,
    wishes,
    needs,
    nowMs,
    conversation: () => conversationOf(body, headers, userId),
  };
  const named = looked(models, request.models, chosen);
  return named instanceof Promise ? named.then((known) => decided(deps, known, asked)) : decided(deps, named, asked);
}

function callable(models: ModelResolver, allowedModels: AllowedModels | null): readonly ListedModel[] {
  const listed = models.listed();
  return allowedModels === null ? listed : listed.filter(({ model }) => allowedModels.holds(model.id));
}

interface Asked {
  request: RoutedRequest;
  allowedModels: AllowedModels | null;
  wishes: RoutingWishes;
  needs: RequestNeeds;
  nowMs: number;
  conversation(): Conversation | null;
}

function decided(deps: RoutingDeps, named: readonly NamedModel[], asked: Asked): ConsideredRoute {
  const { health, random, hints } = deps;
  const { request, allowedModels, wishes, needs, nowMs } = asked;
  const found: Omit<ModelAsked, "pinnedTag">[] = [];
  for (const one of named) if (one.kind === "found") found.push(...one.models);
  // Who names an order wants that and nothing else, and with one endpoint there is nothing to choose.
  const isOpen = wishes.order.length === 0 && found.some(({ endpoints }) => endpoints.length > 1);
  const conversation = isOpen ? asked.conversation() : null;
  const models = found.map((model) => ({ ...model, pinnedTag: pinnedTag(deps, model, conversation) }));
  const decision = decideRoute({ models, wishes, allowedModels, needs, nowMs, health, random });
  const plan: RoutePlan = {
    attempts: decision.attempts,
    passedOver: decision.passedOver,
    wishes,
    conversation,
    strategy: strategyOf(named),
    router: routerIn(named),
    summary: () => summaryOf(named, decision),
  };
  if (decision.attempts.length > 0) return { plan, refusal: null };
  const { passedOver } = decision;
  const left = () => callable(deps.models, allowedModels);
  const barred = allowedModels && whyBarred({ allowedModels, named, passedOver, callable: left }, hints);
  if (barred !== null) return { plan, refusal: barred };
  if (found.length === 0) return { plan, refusal: whyNone(named, needs, hints) };
  return { plan, refusal: allFiltered(request.models, passedOver, wishes) };
}

/** The name by which a router was asked to choose; null for none. */
function routerIn(named: readonly NamedModel[]): string | null {
  for (const one of named) if (one.kind === "found" && one.router !== null) return one.name;
  return null;
}

function pinnedTag(
  { sticky, clock }: RoutingDeps,
  { endpoints }: Pick<ModelAsked, "endpoints">,
  conversation: Conversation | null,
): string | null {
  const [first] = endpoints;
  if (conversation === null || first === undefined) return null;
  return sticky.tagFor(conversation, first.modelId, clock.monotonicMs());
}

/** A good answer lets the rest of the conversation come to the same endpoint. */
export function stayWith(
  { sticky, clock }: RoutingDeps,
  { plan, endpoint }: { plan: RoutePlan | null; endpoint: Endpoint | null },
  { cachedTokens, cacheWriteTokens }: Pick<TokenUsage, "cachedTokens" | "cacheWriteTokens">,
): void {
  const conversation = plan?.conversation ?? null;
  if (conversation === null || endpoint === null) return;
  sticky.answered({ conversation, endpoint, cacheTokens: cachedTokens + cacheWriteTokens, nowMs: clock.monotonicMs() });
}

/** A promise only where a name is not known yet. */
function looked(
  models: ModelResolver,
  names: readonly string[],
  chosen: (name: string, kind: RouterKind) => RouterChoice,
): NamedModel[] | Promise<NamedModel[]> {
  const look = () => names.map((name) => lookUp(models, name, chosen));
  const first = look();
  return first.every(({ kind }) => kind === "found") ? first : models.ready().then(look);
}

function whyNone(named: readonly NamedModel[], needs: RequestNeeds, hints: RouteHints): GapuraError {
  const [first] = named;
  if (first?.kind === "nothing-fits") {
    return noneFits({ name: first.name, kind: first.router, needs }, hints.modelsUrl);
  }
  if (first?.kind === "no-variant") {
    const { name: model, base, variant } = first;
    return new GapuraError("variant_unavailable", { values: { model, base, variant } });
  }
  return notServed(first?.name ?? "", first?.kind === "missing" ? first.resolution : { kind: "unknown" }, hints);
}

/** How the plan came about, for people. */
function summaryOf(named: readonly NamedModel[], { attempts, passedOver }: Decision): string {
  const [first] = attempts;
  const reasons = [...new Set(passedOver.map(({ because }) => because))].join(", ");
  const sentences = [
    ...named.flatMap((one) => (one.kind === "found" ? (one.summary ?? []) : [])),
    first === undefined
      ? ""
      : `${first.endpoint.providerName} with ${first.endpoint.modelId} comes first: ${first.reason}.`,
    passedOver.length === 0 ? "" : `${passedOver.length} passed over: ${reasons}.`,
  ];
  return sentences.filter(Boolean).join(" ");
}
