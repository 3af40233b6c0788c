/** What a Bedrock model id says of its maker and abilities. Works on ids, profiles and their ARNs. */
import { type ClaudeTraits, claudeTraits } from "../anthropic-messages/claude-traits.ts";

export interface Family {
  /** Null for other makers' models. */
  claude: ClaudeTraits | null;
  /** Takes cache points; a time to live only where it is Claude. */
  caches: boolean;
  /** How others than Claude are asked to think, null where they cannot be. */
  thinking: "nova" | "effort" | null;
  /** Where top_k goes, null where there is no place for it. */
  topK: "top_k" | "nova" | null;
}

export function familyOf(modelId: string): Family {
  const isClaude = /anthropic\.|claude/.test(modelId);
  const isNova = /amazon\.nova|\bnova-/.test(modelId);
  return {
    claude: isClaude ? claudeTraits(modelId) : null,
    caches: isClaude || isNova,
    thinking: /nova-2/.test(modelId) ? "nova" : /openai\.gpt|gpt-oss/.test(modelId) ? "effort" : null,
    topK: isNova ? "nova" : isClaude || /mistral|qwen/.test(modelId) ? "top_k" : null,
  };
}
