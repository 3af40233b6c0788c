/** What is added up on either side of a comparison. */
import type { NanoUsd } from "../../kernel/money.ts";

export interface Sums {
  requests: number;
  inputTokens: number;
  outputTokens: number;
  costNano: NanoUsd;
}

export const NOTHING: Sums = { requests: 0, inputTokens: 0, outputTokens: 0, costNano: 0n };

export function plus(one: Sums, other: Sums): Sums {
  return {
    requests: one.requests + other.requests,
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    costNano: one.costNano + other.costNano,
  };
}

/** Which of the figures an export has at all. */
export interface Said {
  requests: boolean;
  tokens: boolean;
  cost: boolean;
}
