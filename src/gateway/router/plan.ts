/**
 * From a client's request to a plan: who may be asked, in which order and why, or the error that says why nobody may.
 *
 * This is the shell around the pure router (`decide.ts`): it asks for the account's settings, looks names up, and waits
 * for the providers' first reports only where a name is not known yet. Nothing is sent to anybody here.
 */
import type { Endpoint } from "../../catalog/catalog.ts";
import type { Clock } from "../../kernel/clock.ts";
import { GapuraError } from "../../kernel/errors.ts";
import type { ClientRequest } from "../canonical/dialects.ts";
import type { TokenUsage } from "../canonical/usage.ts";
import { conversationOf } from "../ingress/conversation.ts";
import { requestNeeds } from "../ingress/request-needs.ts";
import type { AccountRoutingSource, ModelResolver } from "../ports.ts";
import { type Decision, decideRoute, type ModelAsked } from "./decide.ts";
import { mergeWishes } from "./merge-wishes.ts";
import { lookUp, type NamedModel, strategyOf } from "./named-models.ts";
import { type HealthView, type RoutePlan, type RouteStrategy, UNKNOWN_STANDING } from "./route.ts";
import type { StickyRoutes } from "./sticky.ts";
import { allFiltered, notServed, type RouteHints } from "./why-none.ts";
import type { StatedWishes } from "./wishes.ts";

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
  headers: Headers;
}

/** For a gateway that measures nothing. */
export const NO_HEALTH: HealthView = { standing: () => UNKNOWN_STANDING };

/**
 * A model that nobody serves is passed over while there is another. Throws GapuraError: model_unknown,
 * model_not_connected, variant_unavailable, endpoints_filtered; rejects when the account's settings cannot be read.
 */
export async function planRoute(
  deps: RoutingDeps,
  request: Pick<ClientRequest, "models" | "wishes" | "body">,
  { userId, presetWishes, headers }: RouteAsker,
): Promise<RoutePlan> {
  const account = deps.accounts?.find(userId);
  const accountWishes = (account instanceof Promise ? await account : account)?.wishes;
  const wishes = mergeWishes(accountWishes, presetWishes, request.wishes);
  const named = await looked(deps.models, request.models);
  const nowMs = deps.clock.nowMs();
  // Who names an order wants that and nothing else.
  const conversation = wishes.order.length > 0 ? null : conversationOf(request.body.value, headers, userId);
  const models = named.flatMap((one): ModelAsked[] => {
    if (one.kind !== "found") return [];
    const modelId = one.endpoints[0]?.modelId;
    const isFree = conversation === null || modelId === undefined;
    return [{ ...one, pinnedTag: isFree ? null : deps.sticky.tagFor(conversation, modelId, nowMs) }];
  });
  if (models.length === 0) throw whyNone(named, deps.hints);
  const { health, random } = deps;
  const decision = decideRoute({ models, wishes, needs: requestNeeds(request.body), nowMs, health, random });
  if (decision.attempts.length === 0) throw allFiltered(request.models, decision.passedOver);
  const told = { strategy: strategyOfAll(named), router: null, summary: summaryOf(decision) };
  return { ...decision, wishes, conversation, ...told };
}

/** A good answer lets the rest of the conversation come to the same endpoint. */
export function stayWith(
  { sticky, clock }: RoutingDeps,
  { plan, endpoint }: { plan: RoutePlan | null; endpoint: Endpoint | null },
  { cachedTokens, cacheWriteTokens }: Pick<TokenUsage, "cachedTokens" | "cacheWriteTokens">,
): void {
  const conversation = plan?.conversation ?? null;
  if (conversation === null || endpoint === null) return;
  sticky.answered({ conversation, endpoint, cacheTokens: cachedTokens + cacheWriteTokens, nowMs: clock.nowMs() });
}

async function looked(models: ModelResolver, names: readonly string[]): Promise<NamedModel[]> {
  const first = names.map((name) => lookUp(models, name));
  if (first.every(({ kind }) => kind === "found")) return first;
  await models.ready();
  return names.map((name) => lookUp(models, name));
}

function whyNone(named: readonly NamedModel[], hints: RouteHints): GapuraError {
  const [first] = named;
  if (first?.kind === "no-variant") {
    const { name: model, base, variant } = first;
    return new GapuraError("variant_unavailable", { values: { model, base, variant } });
  }
  return notServed(first?.name ?? "", first?.kind === "missing" ? first.resolution : { kind: "unknown" }, hints);
}

function strategyOfAll(named: readonly NamedModel[]): RouteStrategy {
  const [first, ...others] = named;
  if (others.length > 0) return "fallback";
  return first?.kind === "found" ? strategyOf(first.name, first.endpoints) : "direct";
}

function summaryOf({ attempts, passedOver }: Decision): string {
  const [first] = attempts;
  if (first === undefined) return "";
  const { providerName, modelId } = first.endpoint;
  const reasons = [...new Set(passedOver.map(({ because }) => because))].join(", ");
  const over = passedOver.length === 0 ? "" : ` ${passedOver.length} passed over: ${reasons}.`;
  return `${providerName} with ${modelId} comes first: ${first.reason}.${over}`;
}
