/**
 * Embeddings without a model: unit vectors that follow from the words, so that texts which share words lie closer
 * together than texts which share none. They know nothing of meaning.
 */
import { createHash } from "node:crypto";
import { countTokens } from "./tokens.ts";

export const DEFAULT_DIMENSIONS = 256;
/** How much of a vector belongs to the text as a whole, so that the same words in another order differ a little. */
const OWN_WEIGHT = 0.1;

export interface EmbeddingRequest {
  model: string;
  input: readonly string[];
  dimensions: number;
  encoding: "float" | "base64";
}

/** `dimensions` numbers with a Euclidean length of 1, the same for the same text. */
export function embed(text: string, dimensions: number = DEFAULT_DIMENSIONS): number[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const sum = direction(`text:${text}`, dimensions).map((value) => value * OWN_WEIGHT);
  for (const [word, count] of counted(words)) {
    const weight = Math.sqrt(count);
    for (const [index, value] of direction(`word:${word}`, dimensions).entries())
      sum[index] = (sum[index] ?? 0) + weight * value;
  }
  const length = Math.hypot(...sum);
  return sum.map((value) => value / length);
}

/** The vectors of an answer as OpenAI's API has it; base64 holds 32-bit floats, lowest byte first. */
export function embeddingAnswer({ model, input, dimensions, encoding }: EmbeddingRequest) {
  const tokens = input.reduce((sum, text) => sum + countTokens(text), 0);
  const data = input.map((text, index) => {
    const vector = embed(text, dimensions);
    const embedding = encoding === "float" ? vector : new Uint8Array(new Float32Array(vector).buffer).toBase64();
    return { object: "embedding", index, embedding };
  });
  return { object: "list", data, model, usage: { prompt_tokens: tokens, total_tokens: tokens } };
}

/** A vector of length 1 that any two names have almost at right angles, given enough dimensions. */
function direction(name: string, dimensions: number): number[] {
  const bytes = createHash("shake256", { outputLength: dimensions * 4 })
    .update(name)
    .digest();
  // Never exactly 0, so that the length never is.
  const raw = Array.from({ length: dimensions }, (_, index) => bytes.readInt32LE(index * 4) / 2 ** 31 + 2 ** -40);
  const length = Math.hypot(...raw);
  return raw.map((value) => value / length);
}

function counted(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
