/** What the maker's part of a Bedrock model id says of its abilities. Works on ids, profiles and their ARNs. */

export interface Family {
  isClaude: boolean;
  isNova: boolean;
  /** Takes cache points; a time to live only where it is Claude. */
  caches: boolean;
  /** How thinking is asked for, null where it cannot be. */
  thinking: "adaptive" | "budget" | "nova" | "effort" | null;
  /** Refuses to be told not to think. */
  alwaysThinks: boolean;
  /** Does not think unless it is asked to, and refuses to be told so. */
  isOffUnasked: boolean;
  /** Where top_k goes, null where there is no place for it. */
  topK: "top_k" | "nova" | null;
}

export function familyOf(modelId: string): Family {
  const isClaude = /anthropic\.|claude/.test(modelId);
  const isNova = /amazon\.nova|\bnova-/.test(modelId);
  return {
    isClaude,
    isNova,
    caches: isClaude || isNova,
    thinking: thinkingOf(modelId, isClaude),
    alwaysThinks: /fable|mythos/.test(modelId),
    isOffUnasked: !isClaude || /opus-4-[78]/.test(modelId),
    topK: isNova ? "nova" : isClaude || /mistral|qwen/.test(modelId) ? "top_k" : null,
  };
}

function thinkingOf(modelId: string, isClaude: boolean): Family["thinking"] {
  if (/nova-2/.test(modelId)) return "nova";
  if (/openai\.gpt|gpt-oss/.test(modelId)) return "effort";
  if (!isClaude) return null;
  const version = claudeVersion(modelId);
  if (version >= 4.6) return "adaptive";
  return version >= 3.7 ? "budget" : null;
}

/** "claude-sonnet-4-5-20250929" is 4.5, "claude-3-7-sonnet-…" 3.7, "claude-opus-5" 5; the newest where no version stands. */
function claudeVersion(modelId: string): number {
  const found = /claude-(?:[a-z]+-)?(\d{1,2})(?:-(\d{1,2})(?!\d))?/.exec(modelId);
  if (found?.[1] === undefined) return /claude-instant|claude-v/.test(modelId) ? 2 : Number.POSITIVE_INFINITY;
  return Number(`${found[1]}.${found[2] ?? 0}`);
}
