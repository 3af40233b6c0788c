/** Tokens of one answer, in every dialect's place of them. */
export interface TokenUsage {
  promptTokens: number;
  /** Part of promptTokens that the provider read from its cache. */
  cachedTokens: number;
  /** Part of promptTokens that the provider wrote to its cache; none of them is among the ones read from it. */
  cacheWriteTokens: number;
  /** Part of cacheWriteTokens that the provider keeps for an hour. */
  cacheWrite1hTokens: number;
  /** Part of promptTokens. Like all details, 0 when the provider does not report it. */
  audioPromptTokens: number;
  /** Part of promptTokens. */
  imagePromptTokens: number;
  /** Part of promptTokens. */
  videoPromptTokens: number;
  /** Part of cachedTokens, and not among audioPromptTokens. */
  cachedAudioTokens: number;
  /** Reasoning tokens included. */
  completionTokens: number;
  reasoningTokens: number;
  /** Part of completionTokens, not among the reasoning tokens. */
  audioCompletionTokens: number;
  /** Part of completionTokens, not among the reasoning tokens. */
  imageCompletionTokens: number;
  /** Searches of the web, and in the client's files, that the provider made for the answer. */
  webSearches: number;
  fileSearches: number;
  /** True when nobody reported it and it was counted from what was seen. */
  estimated: boolean;
  /** What the provider says it charged, USD; only from providers whose word is taken for it. */
  reportedCostUsd: number | null;
}
