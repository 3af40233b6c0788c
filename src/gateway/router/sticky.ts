/**
 * Keeps a conversation with the endpoint that has its beginning in the cache, where that saves money.
 *
 * A pin is of one account, one model and one conversation. It begins with a good answer: at once where the request names
 * its session, else when the provider says that it read from its cache or wrote to it. Each further good answer of that
 * endpoint makes it last another ten minutes. It is never moved: not by a failure, and not by the endpoint that answers
 * in place of the pinned one; it ends by itself when nothing has come of it for ten minutes.
 *
 * Times are those of a clock that never goes back. In memory and of this process alone: after a restart, or at another node, a conversation begins anew.
 */
import type { Endpoint } from "../../catalog/catalog.ts";

export const IDLE_MS = 10 * 60_000;
/** Some ten megabytes. Those that were refreshed longest ago go first. */
export const MAX_PINS = 50_000;

export interface Conversation {
  /** Of the account and what it began with, or of its session. */
  key: string;
  /** True where the request names its session. */
  isNamed: boolean;
}

export interface Pin {
  tag: string;
  expiresAtMs: number;
}

export interface GoodAnswer {
  conversation: Conversation;
  endpoint: Pick<Endpoint, "tag" | "modelId" | "price">;
  /** Tokens of the prompt that came from the provider's cache, or went into it. */
  cacheTokens: number;
  nowMs: number;
}

/** What a good answer makes of the pin that there was. */
export function pinAfter(pin: Pin | undefined, answer: GoodAnswer): Pin | undefined {
  const { conversation, endpoint, cacheTokens, nowMs } = answer;
  const current = pin !== undefined && pin.expiresAtMs > nowMs ? pin : undefined;
  if (current !== undefined && current.tag !== endpoint.tag) return current;
  const begins = savesByCache(endpoint) && (conversation.isNamed || cacheTokens > 0);
  return current !== undefined || begins ? { tag: endpoint.tag, expiresAtMs: nowMs + IDLE_MS } : undefined;
}

function savesByCache({ price }: Pick<Endpoint, "price">): boolean {
  const cached = price?.cachedPromptNanoPerMillion ?? null;
  return price !== null && cached !== null && cached < price.promptNanoPerMillion;
}

export class StickyRoutes {
  /** In the order in which they were refreshed. */
  readonly #pins = new Map<string, Pin>();
  readonly #maxPins: number;

  constructor(maxPins = MAX_PINS) {
    this.#maxPins = maxPins;
  }

  get size(): number {
    return this.#pins.size;
  }

  /** The tag of the endpoint that a conversation is to stay with; null for none. */
  tagFor(conversation: Conversation, modelId: string, nowMs: number): string | null {
    const pin = this.#pins.get(nameOf(conversation, modelId));
    return pin === undefined || pin.expiresAtMs <= nowMs ? null : pin.tag;
  }

  answered(answer: GoodAnswer): void {
    const name = nameOf(answer.conversation, answer.endpoint.modelId);
    const before = this.#pins.get(name);
    const after = pinAfter(before, answer);
    if (after === before) return;
    this.#pins.delete(name);
    if (after === undefined) return;
    this.#pins.set(name, after);
    const [oldest] = this.#pins.keys();
    if (this.#pins.size > this.#maxPins && oldest !== undefined) this.#pins.delete(oldest);
  }
}

function nameOf({ key }: Conversation, modelId: string): string {
  return `${key} ${modelId}`;
}
