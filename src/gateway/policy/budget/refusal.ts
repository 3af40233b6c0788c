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

export function budgetRefusal(
  { limit, leftNano, resetsAtMs }: Extract<HoldDecision, { kind: "refused" }>,
  asked: Asked,
): GapuraError {
  const resetsAt = resetsAtMs === null ? null : new Date(resetsAtMs).toISOString();
  const { hint, remedy } = remedyOf(asked);
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
      ...(asked.maxTokens === null
        ? {}
        : { requested_max_tokens: asked.maxTokens, affordable_max_tokens: asked.affordableTokens }),
      remedy_hint: remedy,
    },
  });
}

function periodOf({ reset }: SpendLimit, resetsAt: string | null): string {
  return resetsAt === null ? "in all" : `${reset}, anew at ${resetsAt}`;
}

function remedyOf({ maxTokens, affordableTokens }: Asked): { hint: string; remedy: string } {
  if (maxTokens === null || affordableTokens < 1) {
    return { hint: "Send a shorter prompt, or choose a cheaper model.", remedy: "shorten_prompt" };
  }
  return {
    hint: `It asks for an answer of up to ${maxTokens} tokens, and can afford ${affordableTokens}: lower max_tokens, or leave it out.`,
    remedy: "lower_max_tokens",
  };
}
