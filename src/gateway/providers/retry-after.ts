/** How long a provider asks to be left alone, in any of the forms in which providers say so. */
import type { HeaderFields } from "../transport/answer.ts";

const MAX_WAIT_SECONDS = 60;
/** Numbers from here on are points in time, in seconds and from the second on in milliseconds. */
const EPOCH_SECONDS = 1e9;
const EPOCH_MS = 1e12;
const UNIT_SECONDS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 };
/** Pairs of headers: what is left of a limit, and when it is whole again. */
const LIMITS: readonly (readonly [string, string])[] = [
  ["x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"],
  ["x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"],
  ["x-ratelimit-remaining", "x-ratelimit-reset"],
  ["anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-reset"],
  ["anthropic-ratelimit-tokens-remaining", "anthropic-ratelimit-tokens-reset"],
];

/** Whole seconds, at least one and bounded; null when the headers do not say. */
export function statedWait(headers: HeaderFields, nowMs: number): number | null {
  const exact = headers.get("retry-after-ms");
  if (exact !== null && /^\s*\d+(\.\d+)?\s*$/.test(exact)) return bounded(Number(exact) / 1000);
  return retryAfter(headers.get("retry-after"), nowMs) ?? untilReset(headers, nowMs);
}

/** One statement of a wait: seconds, a duration such as "2m59.5s", a date, or a point in time as a number. */
export function retryAfter(stated: string | null, nowMs: number): number | null {
  const text = stated?.trim() ?? "";
  if (text === "") return null;
  if (/^\d+(\.\d+)?$/.test(text)) {
    const value = Number(text);
    if (value < EPOCH_SECONDS) return bounded(value);
    return bounded((value < EPOCH_MS ? value * 1000 - nowMs : value - nowMs) / 1000);
  }
  const seconds = durationSeconds(text) ?? (Date.parse(text) - nowMs) / 1000;
  return Number.isNaN(seconds) ? null : bounded(seconds);
}

/** The longest wait among the limits that are used up. */
function untilReset(headers: HeaderFields, nowMs: number): number | null {
  const waits = LIMITS.flatMap(([remaining, reset]) =>
    headers.get(remaining)?.trim() === "0" ? (retryAfter(headers.get(reset), nowMs) ?? []) : [],
  );
  return waits.length === 0 ? null : Math.max(...waits);
}

function durationSeconds(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|[smhd]))+$/.test(text)) return undefined;
  const parts = text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/g);
  return [...parts].reduce((sum, [, count, unit = "s"]) => sum + Number(count) * (UNIT_SECONDS[unit] ?? 1), 0);
}

function bounded(seconds: number): number {
  return Math.min(MAX_WAIT_SECONDS, Math.max(1, Math.ceil(seconds)));
}
