/** When money ends at the present pace. */
import type { NanoUsd } from "./money.ts";

export interface Pace {
  /** What was spent in `sinceMs` until now. */
  spentNano: NanoUsd;
  /** What is left for the time to come. */
  leftNano: NanoUsd;
  sinceMs: number;
  nowMs: number;
  /** Nothing after this counts: the limit begins anew. Null for never. */
  untilMs: number | null;
}

/** Before this has passed, one large request would look like a pace. */
const SHORTEST_LOOK_MS = 3_600_000;
/** What lies further ahead than this is no forecast. */
const FURTHEST_MS = 366 * 86_400_000;

/** Epoch milliseconds; null where the money lasts, where it has ended, and where too little is known yet. */
export function moneyEndsAt({ spentNano, leftNano, sinceMs, nowMs, untilMs }: Pace): number | null {
  const lookedMs = nowMs - sinceMs;
  if (lookedMs < SHORTEST_LOOK_MS || spentNano <= 0n || leftNano <= 0n) return null;
  const endsInMs = (leftNano * BigInt(lookedMs)) / spentNano;
  if (endsInMs > BigInt(FURTHEST_MS)) return null;
  const endsAtMs = nowMs + Number(endsInMs);
  return untilMs !== null && endsAtMs >= untilMs ? null : endsAtMs;
}
