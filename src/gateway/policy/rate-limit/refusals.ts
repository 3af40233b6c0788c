/** What a caller is told that is too fast: which cap, whose, how much of it is used, and when to come again. */
import { GapuraError } from "../../../kernel/errors.ts";

export type CapName = "rpm" | "tpm" | "parallel";

export interface CapOwner {
  kind: "key" | "account";
  id: string;
}

interface Reached {
  cap: CapName;
  most: number;
  used: number;
  /** Until the call would be let in; null where that is for others to decide. */
  waitMs: number | null;
  /** Epoch milliseconds. */
  nowMs: number;
}

const CODES = {
  rpm: "request_rate_reached",
  tpm: "token_rate_reached",
  parallel: "parallel_calls_reached",
} as const;

export function rateRefusal(owner: CapOwner, { cap, most, used, waitMs, nowMs }: Reached): GapuraError {
  // A call that runs may end at any moment; who asks again at once would only be in the way.
  const retryAfterSeconds = Math.max(1, Math.ceil((waitMs ?? 1_000) / 1_000));
  const resetMs = nowMs + retryAfterSeconds * 1_000;
  return new GapuraError(CODES[cap], {
    values: { ...words(owner), limit: most, seconds: retryAfterSeconds },
    metadata: {
      limit_source: `${owner.kind}_${cap}`,
      limit: most,
      remaining: Math.max(0, most - used),
      resets_at: new Date(resetMs).toISOString(),
    },
    retryAfterSeconds,
    headers: {
      "x-ratelimit-limit": String(most),
      "x-ratelimit-remaining": String(Math.max(0, most - used)),
      "x-ratelimit-reset": String(resetMs),
    },
  });
}

/** For a request that may use more tokens than a whole minute has. */
export function tooManyTokens(owner: CapOwner, { most, asked }: { most: number; asked: number }): GapuraError {
  return new GapuraError("tokens_over_cap", {
    values: { ...words(owner), limit: most, asked },
    metadata: { limit_source: `${owner.kind}_tpm`, limit: most, asked },
  });
}

function words({ kind }: CapOwner): { whose: string; raise: string } {
  return kind === "key"
    ? { whose: "This API key", raise: "Its owner can raise that on the API Keys page." }
    : { whose: "The account of this API key", raise: "The operator of this gateway can raise that." };
}
