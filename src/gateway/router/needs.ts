/** What a request needs of whoever answers it, read from its body once. */
export interface RequestNeeds {
  /** The words of `supported_parameters` for what the request sets, each once. */
  parameters: readonly string[];
  /** What it carries besides text: "image", "audio", "video", "file". */
  inputs: readonly string[];
  /** What it wants besides text: "image", "audio". */
  outputs: readonly string[];
  /** Of the prompt, with pictures and sounds as about what models make of them. */
  promptBytes: number;
  maxOutputTokens: number | null;
  /** As the request says it; null for none. */
  serviceTier: string | null;
}

export const NO_NEEDS: RequestNeeds = {
  parameters: [],
  inputs: [],
  outputs: [],
  promptBytes: 0,
  maxOutputTokens: null,
  serviceTier: null,
};

/**
 * Tokens of text have four bytes on average. No text that anybody sends has more than ten, so a prompt that is too long
 * even by ten is certainly too long, and one that is too long by four probably.
 */
const USUAL_BYTES_PER_TOKEN = 4;
const MOST_BYTES_PER_TOKEN = 10;

export function likelyPromptTokens({ promptBytes }: RequestNeeds): number {
  return Math.ceil(promptBytes / USUAL_BYTES_PER_TOKEN);
}

export function leastPromptTokens({ promptBytes }: RequestNeeds): number {
  return Math.ceil(promptBytes / MOST_BYTES_PER_TOKEN);
}
