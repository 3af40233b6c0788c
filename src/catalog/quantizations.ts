/** Levels of precision at which a provider may run a model, by OpenRouter's names. */
export const QUANTIZATIONS = [
  ...["int4", "int8", "fp4", "mxfp4", "nvfp4", "fp6", "fp8", "mxfp8", "fp16", "bf16", "fp32", "unknown"],
] as const;

/** The level that providers put at the end of a model's name: the "fp8" of "qwen3-32b-fp8". */
export function namedQuantization(upstreamModel: string): string | undefined {
  const level = /[-_:]([a-z0-9]+)$/i.exec(upstreamModel)?.[1]?.toLowerCase();
  return QUANTIZATIONS.find((known) => known === level && known !== "unknown");
}
