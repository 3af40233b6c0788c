/** The ways in which providers say when to come back, and what each means. */
export interface RetryAfterForm {
  title: string;
  headers(nowMs: number): Record<string, string>;
  /** Whole seconds to wait; null where nothing is said that could be understood. */
  seconds: number | null;
}

const inSeconds = (nowMs: number, seconds: number) => new Date(nowMs + seconds * 1000);

export const RETRY_AFTER_FORMS: readonly RetryAfterForm[] = [
  { title: "whole seconds", headers: () => ({ "retry-after": "7" }), seconds: 7 },
  { title: "a fraction of seconds", headers: () => ({ "retry-after": "1.5" }), seconds: 2 },
  { title: "no time at all", headers: () => ({ "retry-after": "0" }), seconds: 1 },
  { title: "an hour", headers: () => ({ "retry-after": "3600" }), seconds: 60 },
  {
    title: "a date",
    headers: (nowMs) => ({ "retry-after": inSeconds(nowMs, 20).toUTCString() }),
    seconds: 20,
  },
  {
    title: "a date that has passed",
    headers: (nowMs) => ({ "retry-after": inSeconds(nowMs, -20).toUTCString() }),
    seconds: 1,
  },
  { title: "milliseconds", headers: () => ({ "retry-after-ms": "2500", "retry-after": "9" }), seconds: 3 },
  {
    title: "a duration until requests are allowed again",
    headers: () => ({ "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "6s" }),
    seconds: 6,
  },
  {
    title: "a long duration until tokens are allowed again",
    headers: () => ({ "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "2m59.5s" }),
    seconds: 60,
  },
  {
    title: "a moment in seconds",
    headers: (nowMs) => ({ "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(Math.ceil(nowMs / 1000) + 10) }),
    seconds: 10,
  },
  {
    title: "a moment in milliseconds",
    headers: (nowMs) => ({ "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(nowMs + 15_000) }),
    seconds: 15,
  },
  { title: "rubbish", headers: () => ({ "retry-after": "soon, maybe" }), seconds: null },
];
