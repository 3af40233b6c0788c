/** How one request uses the response cache: under which name, what it found, and what it leaves there. */
import { createHash } from "node:crypto";
import type { ApiType } from "../canonical/dialects.ts";
import { messagesHeaders } from "../providers/anthropic-messages/client-headers.ts";
import type { CacheWishes } from "./cache-wishes.ts";
import type { FoundAnswer, ResponseCache, StoredAnswer } from "./response-cache.ts";

/** All that makes two requests the same. */
export interface CachedRequest {
  keyId: string;
  apiType: ApiType;
  models: readonly string[];
  streamed: boolean;
  /** As it was sent: the order of its fields counts. */
  body: Uint8Array;
  headers: Headers;
  /** What else shaped the request; "" for nothing. */
  presetVersionId: string;
  /** What was kept under another list of the key may be of a model that is not on this one. */
  allowedModels: readonly string[] | null;
}

/** Holds the key's id and digests alone: the prompt is not in it. */
export function cacheName(request: CachedRequest): string {
  const { keyId, apiType, models, streamed, body, headers, presetVersionId, allowedModels } = request;
  const digest = createHash("sha256").update(body).digest("hex");
  // Headers that go on to providers, and change what they answer.
  const passedOn = messagesHeaders(headers);
  const rest = JSON.stringify([apiType, models, streamed, passedOn, presetVersionId, allowedModels, digest]);
  return `${keyId}/${createHash("sha256").update(rest).digest("hex")}`;
}

const encoder = new TextEncoder();

export class CacheUse {
  readonly #cache: ResponseCache;
  readonly #name: string;
  readonly #wishes: CacheWishes;
  #found: FoundAnswer | null = null;
  /** Null where nothing is kept, and once it is longer than what is. */
  #sent: string[] | null;
  #length = 0;

  constructor(cache: ResponseCache, name: string, wishes: CacheWishes) {
    this.#cache = cache;
    this.#name = name;
    this.#wishes = wishes;
    this.#sent = wishes.isOn ? [] : null;
  }

  /** The answer to give again; null where a provider must be asked. */
  find(): StoredAnswer | null {
    if (this.#wishes.clears) this.#cache.drop(this.#name);
    else this.#found = this.#cache.find(this.#name);
    return this.#found?.answer ?? null;
  }

  /** What the answer's headers say of the cache. */
  headers(): Record<string, string> {
    if (this.#found) {
      return {
        "x-openrouter-cache-status": "HIT",
        "x-openrouter-cache-age": String(this.#found.ageSeconds),
        "x-openrouter-cache-ttl": String(this.#found.leftSeconds),
        "x-openrouter-cache-source-id": this.#found.answer.generationId,
      };
    }
    if (!this.#wishes.isOn) return {};
    return { "x-openrouter-cache-status": "MISS", "x-openrouter-cache-ttl": String(this.#wishes.ttlSeconds) };
  }

  /** Takes a part of the answer as it was sent. */
  sent(text: string): void {
    this.#length += text.length;
    if (this.#length > this.#cache.bounds.entryBytes) this.#sent = null;
    this.#sent?.push(text);
  }

  /** Keeps all that was sent, which must be a whole and good answer. */
  keep(answer: Omit<StoredAnswer, "text">): void {
    if (this.#sent === null) return;
    const text = encoder.encode(this.#sent.join(""));
    this.#cache.put(this.#name, { ...answer, text }, this.#wishes.ttlSeconds);
  }
}
