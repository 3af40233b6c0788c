/** What a request asks of the response cache: OpenRouter's three headers, or what its preset says. */
import { invalidField } from "../ingress/fields.ts";

export const DEFAULT_TTL_SECONDS = 300;
export const MAX_TTL_SECONDS = 86_400;

export interface CacheWishes {
  /** False where an answer is to be dropped and the next one not kept. */
  isOn: boolean;
  ttlSeconds: number;
  /** Drops what is kept, so that this request is answered anew. */
  clears: boolean;
}

/** What stands in a preset; a header of the request comes before it. */
export interface CacheDefaults {
  isOn: boolean;
  ttlSeconds: number | null;
}

/** Null for a request that wants nothing of the cache. Throws GapuraError invalid_field, naming the header. */
export function readCacheWishes(headers: Headers, defaults: CacheDefaults | null): CacheWishes | null {
  const isOn = flag(headers, "X-OpenRouter-Cache") ?? defaults?.isOn ?? false;
  const clears = flag(headers, "X-OpenRouter-Cache-Clear") ?? false;
  const ttlSeconds = ttl(headers) ?? defaults?.ttlSeconds ?? DEFAULT_TTL_SECONDS;
  return isOn || clears ? { isOn, ttlSeconds, clears } : null;
}

function flag(headers: Headers, name: string): boolean | null {
  const text = headers.get(name)?.trim().toLowerCase();
  if (text === undefined) return null;
  if (text !== "true" && text !== "false") throw invalidField(name, "this header must be true or false");
  return text === "true";
}

function ttl(headers: Headers): number | null {
  const name = "X-OpenRouter-Cache-TTL";
  const text = headers.get(name)?.trim();
  if (text === undefined) return null;
  const seconds = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (seconds >= 1 && seconds <= MAX_TTL_SECONDS) return seconds;
  throw invalidField(name, `this header must be a whole number of seconds from 1 to ${MAX_TTL_SECONDS}`);
}
