/** What a caller is told whose money is not enough: which limit, what was asked, what is left, and what to do. */
import { type ErrorCode, GapuraError } from "../../../kernel/errors.ts";
import { type NanoUsd, usdNumber, usdString } from "../../../kernel/money.ts";
import type { SpendLimit, SpendScope } from "../../../kernel/spend-limit.ts";
import type { HoldDecision } from "../../ports.ts";

const CODES: Readonly<Record<SpendScope, ErrorCode>> = {
  instance: "instance_budget_reached",
  account: "account_budget_reached",
  credit: "credit_used_up",
  key: "key_limit_reached",
};
const WHOSE: Readonly<Record<SpendScope, string>> = {
  instance: "This gateway",
  account: "The account of this API key",
  credit: "The credit of this account",
  key: "This API key",
};
/** Calls end at any moment; who asks again at once would only be in the way. */
const HELD_RETRY_SECONDS = 2;
/** OpenRouter's words, where it has one. */
const SOURCES: Readonly<Record<SpendScope, string>> = {
  instance: "instance_budget",
  account: "account_budget",
  credit: "openrouter_credits",
  key: "openrouter_key_limit",
};

export interface Asked {
  /** What the call needs at least. */
  nano: NanoUsd;
  /** The answer that was asked for, in tokens; null where the client set no bound that could be lowered. */
  maxTokens: number | null;
  /** The answer that what is left would be enough for. */
  affordableTokens: number;
}

type Refused = Extract<HoldDecision, { kind: "refused" }>;

/** With how long to wait, where running calls hold what is missing. */
export function budgetRefusal(refused: Refused, asked: Asked): GapuraError {
  return refused.heldNano > 0n ? heldRefusal(refused, asked) : shortRefusal(refused, asked);
}

/** OpenRouter's refusal of a call for which others have to end first. */
function heldRefusal({ limit, leftNano, heldNano }: Refused, asked: Asked): GapuraError {
  const { hint } = remedyOf(asked);
  return new GapuraError("budget_in_flight", {
    values: {
      asked: usdString(asked.nano),
      whose: WHOSE[limit.scope],
      left: usdString(leftNano),
      held: usdString(heldNano),
      seconds: HELD_RETRY_SECONDS,
      hint,
    },
    metadata: {
      limit_source: "openrouter_in_flight_budget",
      reason: "in_flight_budget_exhausted",
      limit_scope: limit.scope,
      limit: usdNumber(limit.nano),
      limit_remaining: usdNumber(leftNano),
      held: usdNumber(heldNano),
      asked: usdNumber(asked.nano),
      ...tokensOf(asked),
      remedy_hint: "retry_later",
    },
    retryAfterSeconds: HELD_RETRY_SECONDS,
  });
}

function shortRefusal({ limit, leftNano, resetsAtMs }: Refused, asked: Asked): GapuraError {
  const resetsAt = resetsAtMs === null ? null : new Date(resetsAtMs).toISOString();
  const { hint, remedy } = leftNano > 0n ? remedyOf(asked) : NOTHING_LEFT;
  return new GapuraError(CODES[limit.scope], {
    values: {
      asked: usdString(asked.nano),
      left: usdString(leftNano),
      limit: usdString(limit.nano),
      period: periodOf(limit, resetsAt),
      hint,
    },
    metadata: {
      limit_source: SOURCES[limit.scope],
      limit: usdNumber(limit.nano),
      limit_remaining: usdNumber(leftNano),
      limit_reset: limit.reset,
      resets_at: resetsAt,
      asked: usdNumber(asked.nano),
      ...tokensOf(asked),
      remedy_hint: remedy,
    },
  });
}

function tokensOf({ maxTokens, affordableTokens }: Asked) {
  return maxTokens === null ? {} : { requested_max_tokens: maxTokens, affordable_max_tokens: affordableTokens };
}

function periodOf({ reset }: SpendLimit, resetsAt: string | null): string {
  return resetsAt === null ? "in all" : `${reset}, anew at ${resetsAt}`;
}

/** Where nothing is left no request is short enough. */
const NOTHING_LEFT = { hint: "Only models that cost nothing can answer.", remedy: "raise_limit" };

function remedyOf({ maxTokens, affordableTokens }: Asked): { hint: string; remedy: string } {
  if (maxTokens === null || affordableTokens < 1) {
    return { hint: "Send a shorter prompt, or choose a cheaper model.", remedy: "shorten_prompt" };
  }
  return {
    hint: `It asks for an answer of up to ${maxTokens} tokens, and can afford ${affordableTokens}: lower max_tokens, or leave it out.`,
    remedy: "lower_max_tokens",
  };
}
