/**
 * Google's embeddings. AI Studio takes up to a hundred at once; Vertex has an older operation for models of texts, and one
 * for Gemini's newer models, which gives a single vector. Vectors come as Google makes them: only those of full length
 * have a length of 1 with gemini-embedding-001.
 */
import { arrayField, isJsonObject, type JsonObject, type JsonValue, objectField } from "../../../kernel/json.ts";
import type { Target, UpstreamDialect } from "../../canonical/dialects.ts";
import type { ContentPart } from "../../canonical/request.ts";
import { type EmbeddingsAsked, embeddingsAnswer, readEmbeddingsBody, textOf } from "../embedding-inputs.ts";
import { present } from "../writing.ts";
import { readGeminiUsage } from "./read-usage.ts";
import { writeMedia } from "./write-media.ts";

export type GeminiService = "ai-studio" | "vertex";
type Operation = "batchEmbedContents" | "embedContent" | "predict";

const PURPOSES: Readonly<Record<string, string>> = {
  search_query: "RETRIEVAL_QUERY",
  query: "RETRIEVAL_QUERY",
  search_document: "RETRIEVAL_DOCUMENT",
  document: "RETRIEVAL_DOCUMENT",
  passage: "RETRIEVAL_DOCUMENT",
  classification: "CLASSIFICATION",
  clustering: "CLUSTERING",
  similarity: "SEMANTIC_SIMILARITY",
  semantic_similarity: "SEMANTIC_SIMILARITY",
  question_answering: "QUESTION_ANSWERING",
  fact_verification: "FACT_VERIFICATION",
  code_retrieval_query: "CODE_RETRIEVAL_QUERY",
};
const MOST_OF_A_BATCH = 100;
const MOST_TEXTS = 250;
const EMBEDS = /^(?:gemini-embedding|text-(?:multilingual-)?embedding)-/;
/** Of Gemini's models only the first reads texts alone, and only it is told the purpose. */
const FIRST = /^gemini-embedding-(?:001|exp)/;

/** True for a model that makes vectors and answers nothing else. */
export function isGeminiEmbedding(model: string): boolean {
  return EMBEDS.test(model);
}

/** The operation's name behind the model in the address. */
export function embeddingOperation(service: GeminiService, model: string): Operation {
  if (service === "ai-studio") return "batchEmbedContents";
  return isMultimodal(model) ? "embedContent" : "predict";
}

function isMultimodal(model: string): boolean {
  return model.startsWith("gemini-") && !FIRST.test(model);
}

export function geminiEmbeddings(service: GeminiService, provider: string): UpstreamDialect {
  return {
    name: "embeddings",
    framing: "sse",
    adapted: {
      write: (body, { upstreamModel }: Target) => {
        const operation = embeddingOperation(service, upstreamModel);
        const asked = readEmbeddingsBody(body, {
          provider,
          model: upstreamModel,
          mostInputs: mostInputs(operation, upstreamModel),
          takesMedia: isMultimodal(upstreamModel),
          takesDimensions: true,
          purposes: isMultimodal(upstreamModel) ? {} : PURPOSES,
        });
        return { body: writers[operation](asked, upstreamModel), dropped: asked.dropped };
      },
      readAnswer,
    },
  };
}

function mostInputs(operation: Operation, model: string): number {
  if (operation === "batchEmbedContents") return MOST_OF_A_BATCH;
  return operation === "embedContent" || FIRST.test(model) ? 1 : MOST_TEXTS;
}

const writers: Readonly<Record<Operation, (asked: EmbeddingsAsked, model: string) => JsonObject>> = {
  batchEmbedContents: (asked, model) => ({
    requests: asked.items.map((parts) => ({ model: `models/${model}`, content: contentOf(parts), ...wishes(asked) })),
  }),
  embedContent: (asked) => {
    const config = wishes(asked);
    const content = contentOf(asked.items[0] ?? []);
    return Object.keys(config).length === 0 ? { content } : { content, embedContentConfig: config };
  },
  predict: ({ items, purpose, dimensions }) => ({
    instances: items.map((parts) => present({ content: textOf(parts), task_type: purpose ?? null })),
    ...(dimensions === null ? {} : { parameters: { outputDimensionality: dimensions } }),
  }),
};

function wishes({ purpose, dimensions }: EmbeddingsAsked): JsonObject {
  return present({ taskType: purpose ?? null, outputDimensionality: dimensions });
}

function contentOf(parts: readonly ContentPart[]): JsonObject {
  return { parts: parts.map((part) => (part.kind === "text" ? { text: part.text } : writeMedia(part))) };
}

/** Each operation has its own place for vectors, and for what they used, if it says so at all. */
function readAnswer(answer: JsonObject): JsonObject | undefined {
  if (Array.isArray(answer.predictions)) {
    const found = answer.predictions.map((one) => (isJsonObject(one) ? objectField(one, "embeddings") : undefined));
    const counts = found.map((one) => objectField(one ?? {}, "statistics")?.token_count);
    return embeddingsAnswer(found.map(valuesOf), counts.every(isCount) ? counts.reduce(sum, 0) : undefined);
  }
  const single = objectField(answer, "embedding");
  const found = single ? [single] : arrayField(answer, "embeddings");
  const usage = readGeminiUsage(answer);
  const details = usage && { audio_tokens: usage.audioPromptTokens, image_tokens: usage.imagePromptTokens };
  return embeddingsAnswer(found.map(valuesOf), usage?.promptTokens, details && { prompt_tokens_details: details });
}

function valuesOf(embedding: JsonValue | undefined): JsonValue | undefined {
  return isJsonObject(embedding) ? embedding.values : undefined;
}

function isCount(value: JsonValue | undefined): value is number {
  return typeof value === "number";
}

function sum(total: number, more: number): number {
  return total + more;
}
