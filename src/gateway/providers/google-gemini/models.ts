/** What a Gemini model's name says of its abilities. Names that cannot be read count as the newest generation. */

export interface GeminiTraits {
  /** 2.5, 3.1; Infinity where the name tells no version. */
  version: number;
  /** How thinking is steered, null for models that do not think. */
  thinking: "budget" | "level" | null;
  /** The model's own range of a budget; `min` 0 means that thinking can be switched off. */
  budget: { min: number; max: number };
  /** The least of the levels that it knows. */
  lowestLevel: "MINIMAL" | "LOW";
  /** Checks that function calls come back with their signatures. */
  needsSignatures: boolean;
}

export function traitsOfGemini(model: string): GeminiTraits {
  const found = /gemini-(?:\w+-)?(\d+(?:\.\d+)?)/.exec(model);
  const isGemma = /gemma|learnlm/.test(model);
  const version = found?.[1] === undefined ? Number.POSITIVE_INFINITY : Number(found[1]);
  const isFlash = /flash/.test(model);
  const paintsOrSpeaks = /-image|-tts/.test(model);
  const isLevelled = version >= 3 && !isGemma;
  const isBudgeted = version >= 2.5 && version < 3 && !paintsOrSpeaks;
  return {
    version,
    thinking: isLevelled ? "level" : isBudgeted ? "budget" : null,
    budget: isFlash ? { min: 0, max: 24_576 } : { min: 128, max: 32_768 },
    // From 3.8 on the least is LOW, as it is for every Pro.
    lowestLevel: isFlash && version < 3.8 ? "MINIMAL" : "LOW",
    needsSignatures: isLevelled,
  };
}
