/** Tokens of one answer, in every dialect's place of them. */
export interface TokenUsage {
  promptTokens: number;
  /** Part of promptTokens that the provider read from its cache. */
  cachedTokens: number;
  /** Reasoning tokens included. */
  completionTokens: number;
  reasoningTokens: number;
  /** True when nobody reported it and it was counted from what was seen. */
  estimated: boolean;
  /** What the provider says it charged, USD; only from providers whose word is taken for it. */
  reportedCostUsd: number | null;
}
