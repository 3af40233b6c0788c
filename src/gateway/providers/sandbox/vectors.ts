/** The sandbox's answers that are no text: embeddings, and documents ranked by them. */
import { z } from "zod";
import { parseJson } from "../../../kernel/json.ts";
import { DEFAULT_DIMENSIONS, embed, embeddingAnswer } from "./embedding.ts";
import { SandboxRefusal } from "./refusal.ts";
import { countTokens } from "./tokens.ts";

const MAX_TEXTS = 256;
const MAX_DIMENSIONS = 4_096;

const embeddingBody = z.looseObject({
  model: z.string(),
  input: z.union(
    [z.string(), z.array(z.string()).max(MAX_TEXTS)],
    "must be a text or a list of texts; the sandbox reads nothing else",
  ),
  dimensions: z.int().min(1).max(MAX_DIMENSIONS).nullish(),
  encoding_format: z.enum(["float", "base64"]).nullish(),
});

const rerankBody = z.looseObject({
  model: z.string(),
  query: z.string(),
  documents: z.array(z.union([z.string(), z.looseObject({ text: z.string() })], "must be texts")).max(MAX_TEXTS),
  top_n: z.int().min(1).nullish(),
});

/** The answer to an embeddings body. Throws SandboxRefusal. */
export function embeddingsReply(body: Uint8Array): Response {
  const { model, input, dimensions, encoding_format } = read(embeddingBody, body);
  const texts = typeof input === "string" ? [input] : input;
  const shape = { dimensions: dimensions ?? DEFAULT_DIMENSIONS, encoding: encoding_format ?? "float" };
  return Response.json(embeddingAnswer({ model, input: texts, ...shape }));
}

/** The answer to a rerank body: documents that share words with the query come first. Throws SandboxRefusal. */
export function rerankReply(body: Uint8Array): Response {
  const { model, query, documents, top_n } = read(rerankBody, body);
  const texts = documents.map((document) => (typeof document === "string" ? document : document.text));
  const asked = embed(query);
  const scored = texts.map((text, index) => ({ index, relevance_score: closeness(asked, embed(text)) }));
  const results = scored.sort((a, b) => b.relevance_score - a.relevance_score || a.index - b.index);
  const tokens = [query, ...texts].reduce((sum, text) => sum + countTokens(text), 0);
  const usage = { prompt_tokens: tokens, total_tokens: tokens };
  return Response.json({ model, results: results.slice(0, top_n ?? results.length), usage });
}

/** From 0 for texts that have nothing in common to 1 for the same text. */
function closeness(a: readonly number[], b: readonly number[]): number {
  const product = a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
  return Math.round(Math.min(1, Math.max(0, product)) * 1e6) / 1e6;
}

function read<Schema extends z.ZodType>(schema: Schema, body: Uint8Array): z.output<Schema> {
  const parsed = parseJson(new TextDecoder().decode(body));
  const checked = schema.safeParse(parsed.ok ? parsed.value : null);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  const param = issue?.path.join(".") ?? "";
  throw new SandboxRefusal(`${param || "The body"}: ${issue?.message ?? "cannot be read"}`, param || null);
}
