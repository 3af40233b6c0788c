/** Wishes of several sources as one. */
import { type MaxPrice, NO_WISHES, type RoutingWishes, type StatedWishes } from "./wishes.ts";

/**
 * The account's, the preset's and the request's wishes, in this order: what a later one says replaces what an earlier
 * one said. Not so where somebody is to be kept out: lists of the allowed intersect, lists of the ignored are united, of
 * two highest prices the lower one counts, and a wish for privacy stays, whoever uttered it. `order` and `sort` are two ways to say one thing, so a source that
 * says either replaces both.
 */
export function mergeWishes(...sources: readonly (StatedWishes | null | undefined)[]): RoutingWishes {
  let merged = NO_WISHES;
  for (const stated of sources) if (stated && Object.keys(stated).length > 0) merged = withStated(merged, stated);
  return merged;
}

function withStated(before: RoutingWishes, stated: StatedWishes): RoutingWishes {
  const choosesAnew = (stated.order?.length ?? 0) > 0 || (stated.sort ?? null) !== null;
  return {
    order: choosesAnew ? (stated.order ?? []) : before.order,
    sort: choosesAnew ? (stated.sort ?? null) : before.sort,
    only: intersected(before.only, stated.only ?? null),
    ignore: [...new Set([...before.ignore, ...(stated.ignore ?? [])])],
    allowFallbacks: stated.allowFallbacks ?? before.allowFallbacks,
    requireParameters: stated.requireParameters ?? before.requireParameters,
    denyDataCollection: before.denyDataCollection || (stated.denyDataCollection ?? false),
    zeroDataRetention: before.zeroDataRetention || (stated.zeroDataRetention ?? false),
    distillableOnly: before.distillableOnly || (stated.distillableOnly ?? false),
    quantizations: stated.quantizations ?? before.quantizations,
    maxPrice: lower(before.maxPrice, stated.maxPrice ?? null),
    minThroughput: stated.minThroughput ?? before.minThroughput,
    maxLatency: stated.maxLatency ?? before.maxLatency,
  };
}

/** Of a base slug and one of its tags, what both allow is the tag. */
function intersected(one: readonly string[] | null, other: readonly string[] | null): readonly string[] | null {
  if (one === null || other === null) return one ?? other;
  const both = one.flatMap((slug) => other.flatMap((second) => narrower(slug, second) ?? []));
  return [...new Set(both)];
}

function narrower(one: string, other: string): string | undefined {
  if (one === other || other.startsWith(`${one}/`)) return other;
  return one.startsWith(`${other}/`) ? one : undefined;
}

function lower(one: MaxPrice | null, other: MaxPrice | null): MaxPrice | null {
  if (one === null || other === null) return one ?? other;
  const bound = (unit: keyof MaxPrice) => {
    const [first, second] = [one[unit], other[unit]];
    return first === null || (second !== null && second < first) ? second : first;
  };
  return {
    promptNanoPerMillion: bound("promptNanoPerMillion"),
    completionNanoPerMillion: bound("completionNanoPerMillion"),
    requestNano: bound("requestNano"),
    imageNano: bound("imageNano"),
    audioNanoPerMillion: bound("audioNanoPerMillion"),
  };
}
