/**
 * The router: from models, wishes, needs and health to ordered attempts and to what was passed over. Pure; the same
 * question with the same draw has the same answer.
 *
 * Invariants: every endpoint of every model is in the answer, as an attempt or as passed over, and no attempt is there
 * twice; what a filter keeps
 * out is never tried; an endpoint that is unavailable is tried only after all that are not.
 */
import type { Endpoint } from "../../catalog/catalog.ts";
import { modelMeant } from "../../catalog/names/meant.ts";
import type { AllowedModels } from "../../kernel/allowed-models.ts";
import { exclusionOf } from "./filters.ts";
import { type Candidate, candidatesOf, ordered, type Placed } from "./order.ts";
import type { Moment } from "./prices.ts";
import { reasonText } from "./reasons.ts";
import { type AskedByName, type HealthView, NOTHING_ASKED, type PassedOver, type PlannedAttempt } from "./route.ts";
import type { RoutingWishes, SortBy } from "./wishes.ts";

/** One of the models that may answer, with what the suffix of its name says. */
export interface ModelAsked {
  endpoints: readonly Endpoint[];
  /** In place of the request's own sort; null where the name has none. */
  sort: SortBy | null;
  /** Service tiers that its name opens. */
  openTiers: readonly string[];
  freeOnly: boolean;
  asked: AskedByName;
  /** The tag of the endpoint that answered this conversation with this model; null for none. */
  pinnedTag: string | null;
}

export interface RouteQuestion extends Moment {
  /** In the order in which they are tried. */
  models: readonly ModelAsked[];
  wishes: RoutingWishes;
  /** Which models the key may call; null for all. */
  allowedModels: AllowedModels | null;
  health: HealthView;
  random(): number;
}

export interface Decision {
  attempts: readonly PlannedAttempt[];
  passedOver: readonly PassedOver[];
}

interface Known {
  endpoint: Endpoint;
  modelIndex: number;
}

/** `fast` is another word for the tier that is called priority. */
const TIER_WORDS: ReadonlyMap<string, string> = new Map([
  ["fast", "priority"],
  ["priority", "priority"],
  ["flex", "flex"],
]);

export function decideRoute(question: RouteQuestion): Decision {
  const { models, wishes } = question;
  const passedOver: PassedOver[] = [];
  const left = models.map((model, modelIndex) => keepable(question, { model, modelIndex }, passedOver));
  const placed = wishes.sort?.acrossModels ? inOrder(question, left.flat(), NO_SUFFIX) : eachInOrder(question, left);
  const kept = wishes.allowFallbacks || wishes.order.length > 0 ? placed : firstOfEach(placed, passedOver);
  const attempts = lastsLast(kept, wishes).map((one) => attemptOf(one, models));
  return { attempts: withoutDoubles(attempts), passedOver: leftOut(passedOver, attempts) };
}

const NO_SUFFIX: Pick<ModelAsked, "sort" | "pinnedTag"> = { sort: null, pinnedTag: null };

/** The endpoints of one model after those of the one that was named before it. */
function eachInOrder(question: RouteQuestion, left: readonly (readonly Known[])[]): readonly Placed[] {
  const placed: Placed[] = [];
  for (const [index, known] of left.entries()) {
    placed.push(...inOrder(question, known, question.models[index] ?? NO_SUFFIX));
  }
  return placed;
}

function keepable(
  { wishes, needs, nowMs, allowedModels }: RouteQuestion,
  { model, modelIndex }: { model: ModelAsked; modelIndex: number },
  passedOver: PassedOver[],
): Known[] {
  const named = TIER_WORDS.get(needs.serviceTier ?? "");
  const openTiers = named === undefined ? model.openTiers : [...model.openTiers, named];
  const context = { wishes, needs, nowMs, openTiers, freeOnly: model.freeOnly };
  const kept: Known[] = [];
  for (const endpoint of model.endpoints) {
    const isBarred = allowedModels !== null && !allowedModels.holds(modelMeant(endpoint));
    const because = isBarred ? "allowed_models" : exclusionOf(endpoint, context);
    if (because === null) kept.push({ endpoint, modelIndex });
    else passedOver.push({ endpoint, because });
  }
  return kept;
}

function inOrder(
  { wishes, needs, nowMs, health, random }: RouteQuestion,
  known: readonly Known[],
  { sort, pinnedTag }: Pick<ModelAsked, "sort" | "pinnedTag">,
): Placed[] {
  const own = sort === null ? wishes : { ...wishes, sort: { by: sort, acrossModels: false } };
  const context = { wishes: own, needs, nowMs, random, pinnedTag };
  return ordered(candidatesOf(known, health, context), context);
}

function firstOfEach(placed: readonly Placed[], passedOver: PassedOver[]): Placed[] {
  const seen = new Set<number>();
  // The first that can be asked, if any can.
  const available = placed.toSorted((a, b) => Number(isUnavailable(a)) - Number(isUnavailable(b)));
  return available.filter(({ candidate }) => {
    const isFirst = !seen.has(candidate.modelIndex);
    seen.add(candidate.modelIndex);
    if (!isFirst) passedOver.push({ endpoint: candidate.endpoint, because: "allow_fallbacks" });
    return isFirst;
  });
}

/**
 * Over all models together: what cannot be asked now comes last, and what is slower than the request would like comes
 * after what is not, even where that is another model.
 */
function lastsLast(placed: readonly Placed[], wishes: RoutingWishes): readonly Placed[] {
  return placed.length < 2 ? placed : byRank(placed, wishes);
}

function byRank(placed: readonly Placed[], { minThroughput, maxLatency }: RoutingWishes): readonly Placed[] {
  const hasBounds = minThroughput !== null || maxLatency !== null;
  const rank = ({ candidate }: Placed) => {
    if (!candidate.standing.isAvailable) return 2;
    return hasBounds && isSecondRate(candidate) ? 1 : 0;
  };
  return placed.toSorted((a, b) => rank(a) - rank(b));
}

function isSecondRate({ misses, lacking }: Candidate): boolean {
  return misses || lacking.length > 0;
}

function isUnavailable({ candidate }: Placed): boolean {
  return !candidate.standing.isAvailable;
}

function attemptOf({ candidate, why }: Placed, models: readonly ModelAsked[]): PlannedAttempt {
  const { endpoint, modelIndex } = candidate;
  return { endpoint, why, reason: reasonText(why), asked: models[modelIndex]?.asked ?? NOTHING_ASKED };
}

/** Two names may mean one model. */
function withoutDoubles(attempts: readonly PlannedAttempt[]): readonly PlannedAttempt[] {
  return attempts.length < 2 ? attempts : eachOnce(attempts);
}

function eachOnce(attempts: readonly PlannedAttempt[]): readonly PlannedAttempt[] {
  const seen = new Set<string>();
  return attempts.filter(({ endpoint, asked }) => {
    const key = [nameOf(endpoint), asked.thinking, asked.webSearch].join(" ");
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

/** Each once, and none that is tried under another of its names. */
function leftOut(passedOver: readonly PassedOver[], attempts: readonly PlannedAttempt[]): readonly PassedOver[] {
  return passedOver.length === 0 ? passedOver : eachLeftOut(passedOver, attempts);
}

function eachLeftOut(passedOver: readonly PassedOver[], attempts: readonly PlannedAttempt[]): readonly PassedOver[] {
  const seen = new Set(attempts.map(({ endpoint }) => nameOf(endpoint)));
  return passedOver.filter(({ endpoint }) => {
    const name = nameOf(endpoint);
    const isNew = !seen.has(name);
    seen.add(name);
    return isNew;
  });
}

function nameOf({ tag, modelId, upstreamModel }: Endpoint): string {
  return [tag, modelId, upstreamModel].join(" ");
}
