/** How well endpoints have done lately, in the classes by which they are ordered. */
import type { EndpointStanding, Percentiles } from "./route.ts";
import type { PercentileBounds, RoutingWishes } from "./wishes.ts";

/** Good first. */
export type HealthClass = 0 | 1 | 2 | 3;
export const NORMAL = 0;
export const DEGRADED = 1;
export const OUTAGE = 2;
export const LAST_RESORT = 3;

const NORMAL_UPTIME = 0.95;
const LEAST_UPTIME = 0.8;

export function healthClass({ uptime, hasOutage }: EndpointStanding): HealthClass {
  if (uptime !== null && uptime < LEAST_UPTIME) return LAST_RESORT;
  if (hasOutage) return OUTAGE;
  return uptime !== null && uptime < NORMAL_UPTIME ? DEGRADED : NORMAL;
}

/** Whether what was measured is worse than what the request would like. What nobody measured is no miss. */
export function missesBounds(
  { throughput, latencySeconds }: EndpointStanding,
  { minThroughput, maxLatency }: RoutingWishes,
): boolean {
  return (
    isBeyond(throughput, minThroughput, (reached, least) => reached < least) ||
    isBeyond(latencySeconds, maxLatency, (needed, most) => needed > most)
  );
}

function isBeyond(
  measured: Percentiles | null,
  bounds: PercentileBounds | null,
  isWorse: (figure: number, bound: number) => boolean,
): boolean {
  if (measured === null || bounds === null) return false;
  return (["p50", "p75", "p90", "p99"] as const).some((percentile) => {
    const bound = bounds[percentile];
    return bound !== undefined && isWorse(measured[percentile], bound);
  });
}

/** Fewer say nothing of what is usual. */
const LEAST_MEASURED = 4;
const THROUGHPUT_DEVIATIONS = 1.5;
const UPTIME_DEVIATIONS = 2;

export type QualityClass = "good" | "unknown" | "demoted";

/**
 * Which endpoints of a model stand out for the worse: in throughput by more than 1.5 standard deviations below the
 * median, or in uptime by more than 2. With fewer than four that were measured nobody does.
 */
export function qualityClasses(standings: readonly EndpointStanding[]): QualityClass[] {
  if (standings.length < LEAST_MEASURED) return standings.map(plainClass);
  const throughputs = standings.map(({ throughput }) => throughput?.p50 ?? null);
  const uptimes = standings.map(({ uptime }) => uptime);
  const leastThroughput = lowerBound(throughputs, THROUGHPUT_DEVIATIONS);
  const leastUptime = lowerBound(uptimes, UPTIME_DEVIATIONS);
  return standings.map((_, index) => {
    const throughput = throughputs[index] ?? null;
    const uptime = uptimes[index] ?? null;
    const isSlow = throughput !== null && leastThroughput !== null && throughput < leastThroughput;
    const isFrail = uptime !== null && leastUptime !== null && uptime < leastUptime;
    if (isSlow || isFrail) return "demoted";
    return throughput === null || uptime === null ? "unknown" : "good";
  });
}

/** Of one that nothing can be compared with. */
function plainClass({ throughput, uptime }: EndpointStanding): QualityClass {
  return throughput === null || uptime === null ? "unknown" : "good";
}

function lowerBound(figures: readonly (number | null)[], deviations: number): number | null {
  const known = figures.filter((figure) => figure !== null);
  if (known.length < LEAST_MEASURED) return null;
  const sorted = known.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  const median = sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2;
  const mean = known.reduce((sum, figure) => sum + figure, 0) / known.length;
  const variance = known.reduce((sum, figure) => sum + (figure - mean) ** 2, 0) / known.length;
  return median - deviations * Math.sqrt(variance);
}
