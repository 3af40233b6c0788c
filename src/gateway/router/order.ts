/**
 * The order in which endpoints are tried. Pure; `random` is asked at most once for each list that is balanced.
 *
 * What is unavailable comes last, then what would answer without a thing that was asked for, then what has been failing:
 * this holds for every order but the one that the request names itself. Among the rest the request's sort decides, or a
 * draw by price.
 */
import type { Endpoint } from "../../catalog/catalog.ts";
import { drawFirst } from "./draw.ts";
import { lacks } from "./filters.ts";
import { type Moment, routingPrice } from "./prices.ts";
import {
  DEGRADED,
  type HealthClass,
  healthClass,
  LAST_RESORT,
  missesBounds,
  OUTAGE,
  type QualityClass,
  qualityClasses,
} from "./quality.ts";
import type { Demerit, Place, Why } from "./reasons.ts";
import type { EndpointStanding, HealthView } from "./route.ts";
import { isMeant } from "./slugs.ts";
import type { RoutingWishes, SortBy } from "./wishes.ts";

/** An endpoint that may answer, with all that its place is decided by. */
export interface Candidate {
  endpoint: Endpoint;
  /** Its model's place among those that were named. */
  modelIndex: number;
  standing: EndpointStanding;
  lacking: readonly string[];
  health: HealthClass;
  misses: boolean;
  quality: QualityClass;
  /** As `routingPrice` has it; null for unknown. */
  price: number | null;
}

export interface Placed {
  candidate: Candidate;
  why: Why;
}

export interface OrderContext extends Moment {
  wishes: RoutingWishes;
  random(): number;
  /** The tag of the endpoint that answered this conversation last; null for none. */
  pinnedTag: string | null;
}

/** All endpoints of one model, or of all models where they are sorted together. */
export function candidatesOf(
  endpoints: readonly { endpoint: Endpoint; modelIndex: number }[],
  health: HealthView,
  { wishes, needs, nowMs }: Pick<OrderContext, "wishes" | keyof Moment>,
): Candidate[] {
  const standings = endpoints.map(({ endpoint }) => health.standing(endpoint));
  const qualities = qualityClasses(standings);
  const at = { needs, nowMs };
  const candidates: Candidate[] = [];
  for (let index = 0; index < endpoints.length; index++) {
    const known = endpoints[index];
    const standing = standings[index];
    const quality = qualities[index];
    if (known === undefined || standing === undefined || quality === undefined) continue;
    const { endpoint, modelIndex } = known;
    candidates.push({
      endpoint,
      modelIndex,
      standing,
      lacking: lacks(endpoint, needs),
      health: healthClass(standing),
      misses: missesBounds(standing, wishes),
      quality,
      price: routingPrice(endpoint.price, at),
    });
  }
  return candidates;
}

/** Every candidate once, best first. */
export function ordered(candidates: readonly Candidate[], context: OrderContext): Placed[] {
  const { wishes, pinnedTag } = context;
  if (wishes.order.length > 0) return inNamedOrder(candidates, context);
  const placed = balancedOrSorted(candidates, context);
  return pinnedTag === null ? placed : pinnedFirst(placed, pinnedTag);
}

function pinnedFirst(placed: Placed[], pinnedTag: string): Placed[] {
  const pinned = placed.findIndex(({ candidate }) => candidate.endpoint.tag === pinnedTag && isGoodEnough(candidate));
  const [first] = pinned === -1 ? [] : placed.splice(pinned, 1);
  if (first) placed.unshift({ candidate: first.candidate, why: whyOf(first.candidate, "same-conversation") });
  return placed;
}

/** A conversation stays where it was as long as it is likely to be answered there. */
function isGoodEnough({ standing, health, lacking }: Candidate): boolean {
  return standing.isAvailable && health < OUTAGE && lacking.length === 0;
}

function inNamedOrder(candidates: readonly Candidate[], context: OrderContext): Placed[] {
  const { order, ...unordered } = context.wishes;
  const others = { ...context, wishes: { ...unordered, order: [] } };
  let left = candidates;
  const named: Placed[] = [];
  for (const slug of order) {
    const meant = left.filter(({ endpoint }) => isMeant(slug, endpoint));
    left = left.filter((candidate) => !meant.includes(candidate));
    // Several endpoints under one name stand as they would without the list.
    named.push(
      ...balancedOrSorted(meant, others).map(({ candidate }) => ({ candidate, why: whyOf(candidate, "named") })),
    );
  }
  const rest = balancedOrSorted(left, others);
  const [only, ...more] = rest;
  if (only === undefined || named.length === 0 || more.length > 0 || only.why.place !== "only")
    return [...named, ...rest];
  // Whoever is left alone behind those that were named is not the only one.
  return [...named, { ...only, why: { ...only.why, place: "price" } }];
}

/** From good to bad; the first that differs decides. */
type Key = (candidate: Candidate) => number;

function balancedOrSorted(candidates: readonly Candidate[], context: OrderContext): Placed[] {
  const { sort } = context.wishes;
  if (sort !== null) return inSortedOrder(candidates, sort.by);
  const [only] = candidates;
  if (only !== undefined && candidates.length === 1) return [{ candidate: only, why: whyOf(only, "only") }];
  return inBalancedOrder(candidates, context);
}

function inSortedOrder(candidates: readonly Candidate[], by: SortBy): Placed[] {
  const keys = [...standingKeys(by === "exacto"), ...SORT_KEYS[by], ...TIES];
  return sortedBy(keys, candidates).map((candidate) => ({ candidate, why: whyOf(candidate, SORT_PLACES[by]) }));
}

function inBalancedOrder(candidates: readonly Candidate[], context: OrderContext): Placed[] {
  // Who would spoil calls of tools is kept back where there are any.
  const keys = [...standingKeys(context.needs.parameters.includes("tools")), PRIORITY];
  const sorted = sortedBy([...keys, ...PRICE, ...TIES], candidates);
  const [best] = sorted;
  if (best === undefined) return [];
  const equals = sorted.filter((candidate) => keys.every((key) => key(candidate) === key(best)));
  const leastPriority = Math.min(...sorted.map(PRIORITY));
  const draw = drawFirst(equals, context.random);
  if (draw === null) {
    return sorted.map((candidate) => ({ candidate, why: whyOf(candidate, "price", leastPriority) }));
  }
  const why = { ...whyOf(draw.candidate, draw.by, leastPriority), share: draw.share };
  const others = sorted.filter((candidate) => candidate !== draw.candidate);
  return [
    { candidate: draw.candidate, why },
    ...others.map((candidate) => ({ candidate, why: whyOf(candidate, "price", leastPriority) })),
  ];
}

const PRIORITY: Key = ({ endpoint }) => endpoint.priority ?? 0;
const PRICE: readonly Key[] = [({ price }) => Number(price === null), ({ price }) => price ?? 0];
const TIES: readonly Key[] = [PRIORITY, ({ modelIndex }) => modelIndex];

/** What speaks against an endpoint, whatever is sorted by. */
function standingKeys(demotes: boolean): Key[] {
  const keys: Key[] = [
    ({ standing }) => Number(!standing.isAvailable),
    ({ lacking }) => Number(lacking.length > 0),
    ({ health }) => health,
    ({ misses }) => Number(misses),
  ];
  return demotes ? [...keys, ({ quality }) => Number(quality === "demoted")] : keys;
}

const SORT_KEYS: Record<SortBy, readonly Key[]> = {
  price: PRICE,
  throughput: [({ standing }) => -(standing.throughput?.p50 ?? Number.NEGATIVE_INFINITY), ...PRICE],
  latency: [({ standing }) => standing.latencySeconds?.p50 ?? Number.POSITIVE_INFINITY, ...PRICE],
  exacto: [
    ({ quality }) => Number(quality === "unknown"),
    ({ standing }) => -(standing.uptime ?? Number.NEGATIVE_INFINITY),
    ({ standing }) => -(standing.throughput?.p50 ?? Number.NEGATIVE_INFINITY),
    ...PRICE,
  ],
};
const SORT_PLACES: Record<SortBy, Place> = {
  price: "price",
  throughput: "throughput",
  latency: "latency",
  exacto: "quality",
};

/** Each key is asked once for each candidate, not once for each comparison. */
function sortedBy(keys: readonly Key[], candidates: readonly Candidate[]): readonly Candidate[] {
  if (candidates.length < 2) return candidates;
  const rows = candidates.map((candidate) => ({ candidate, figures: keys.map((key) => key(candidate)) }));
  rows.sort((one, other) => {
    for (let index = 0; index < keys.length; index++) {
      const [first = 0, second = 0] = [one.figures[index], other.figures[index]];
      if (first !== second) return first < second ? -1 : 1;
    }
    return 0;
  });
  return rows.map(({ candidate }) => candidate);
}

function whyOf(candidate: Candidate, place: Place, leastPriority = Number.POSITIVE_INFINITY): Why {
  const { endpoint, lacking, modelIndex } = candidate;
  const demerits = demeritsOf(candidate);
  if ((endpoint.priority ?? 0) > leastPriority) demerits.push("lower-priority");
  const isOtherModel = modelIndex > 0;
  return lacking.length === 0 ? { place, demerits, isOtherModel } : { place, demerits, isOtherModel, lacking };
}

function demeritsOf({ standing, lacking, health, misses, quality, price }: Candidate): Demerit[] {
  const found: Demerit[] = [];
  if (!standing.isAvailable) found.push("unavailable");
  if (lacking.length > 0) found.push("unsuitable");
  if (health === LAST_RESORT) found.push("last-resort");
  if (health === OUTAGE) found.push("outage");
  if (health === DEGRADED) found.push("degraded");
  if (misses) found.push("misses-preferred");
  if (quality === "demoted") found.push("demoted");
  if (price === null) found.push("price-unknown");
  return found;
}
