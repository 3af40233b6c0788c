/** Embeddings without a model: a unit vector that follows from the text, the same for the same text. */
import { createHash } from "node:crypto";

export const DEFAULT_DIMENSIONS = 256;

/** `dimensions` numbers with a Euclidean length of 1. */
export function embed(text: string, dimensions: number = DEFAULT_DIMENSIONS): number[] {
  const bytes = createHash("shake256", { outputLength: dimensions * 4 })
    .update(text)
    .digest();
  // Never exactly 0, so that the length never is.
  const raw = Array.from({ length: dimensions }, (_, index) => bytes.readInt32LE(index * 4) / 2 ** 31 + 2 ** -40);
  const length = Math.hypot(...raw);
  return raw.map((value) => value / length);
}
