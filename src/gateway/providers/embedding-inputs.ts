/** What is asked of a provider whose embeddings have a shape of their own, and its answer in OpenAI's shape. */
import { isJsonObject, type JsonObject, type JsonValue } from "../../kernel/json.ts";
import type { ContentPart } from "../canonical/request.ts";
import { Fields, invalidField } from "../ingress/fields.ts";
import { readContentPart } from "../ingress/openai-chat/content.ts";
import { GATEWAY_FIELDS } from "./openai-compatible/quirks.ts";
import { unsupportedContent } from "./writing.ts";

export interface EmbeddingsAsked {
  /** What gives one vector each, in order. */
  items: ContentPart[][];
  dimensions: number | null;
  /** `input_type` in the provider's words; undefined where nothing was said or it has no word for it. */
  purpose: string | undefined;
  /** Parameters that this provider has no word for. */
  dropped: string[];
}

export interface EmbeddingModel {
  provider: string;
  model: string;
  /** The most inputs of one request. */
  mostInputs: number;
  takesMedia: boolean;
  takesDimensions: boolean;
  /** From OpenRouter's words for `input_type` to the provider's. */
  purposes: Readonly<Record<string, string>>;
}

/** Fields that are read, or that the gateway fulfils by itself. */
const DONE_HERE: ReadonlySet<string> = new Set([...GATEWAY_FIELDS, "model", "input", "stream", "encoding_format"]);

/** Throws GapuraError: content_unsupported, invalid_field. */
export function readEmbeddingsBody(body: JsonObject, model: EmbeddingModel): EmbeddingsAsked {
  const { input, dimensions, input_type: said } = body;
  const items = itemsOf(input);
  if (items === undefined)
    throw unsupportedContent(model, "token numbers in place of texts; send the texts themselves");
  if (items.length > model.mostInputs) {
    const most = model.mostInputs === 1 ? "one input" : `${model.mostInputs} inputs`;
    const content = `${items.length} inputs in one request; it takes at most ${most}, so send several requests`;
    throw unsupportedContent(model, content);
  }
  const isTextual = items.every((parts) => parts.every(({ kind }) => kind === "text"));
  if (!model.takesMedia && !isTextual)
    throw unsupportedContent(model, "pictures, sounds or files; it reads texts alone");
  const size = typeof dimensions === "number" && model.takesDimensions ? dimensions : null;
  const purpose = typeof said === "string" ? purposeOf(said, model.purposes) : undefined;
  const kept = new Set([...(size === null ? [] : ["dimensions"]), ...(purpose === undefined ? [] : ["input_type"])]);
  const dropped = Object.keys(body).filter(
    (name) => !DONE_HERE.has(name) && !kept.has(name) && (body[name] ?? null) !== null,
  );
  return { items, dimensions: size, purpose, dropped };
}

/** Undefined for token numbers, which mean nothing to another maker's model. */
function itemsOf(input: JsonValue | undefined): ContentPart[][] | undefined {
  const list = Array.isArray(input) ? input : [input ?? ""];
  if (list.some((item) => typeof item === "number" || Array.isArray(item))) return undefined;
  return list.map((item, index) => {
    if (!isJsonObject(item)) return [{ kind: "text", text: String(item), cache: null }];
    const parts = new Fields(item, `input[${index}]`).children("content").map(readContentPart);
    if (parts.length === 0) throw invalidField(`input[${index}].content`, "must hold at least one part");
    return parts;
  });
}

/** The provider's own words are taken too, however they are spelled. */
function purposeOf(said: string, purposes: EmbeddingModel["purposes"]): string | undefined {
  const word = said.toLowerCase();
  return Object.hasOwn(purposes, word)
    ? purposes[word]
    : Object.values(purposes).find((own) => own.toLowerCase() === word);
}

/** The texts of an item that holds nothing else, as one. */
export function textOf(parts: readonly ContentPart[]): string {
  return parts.map((part) => (part.kind === "text" ? part.text : "")).join("\n");
}

/** Undefined unless there is a vector of numbers for each. `tokens` is undefined where the provider does not say. */
export function embeddingsAnswer(
  vectors: readonly (JsonValue | undefined)[],
  tokens: JsonValue | undefined,
  details: JsonObject = {},
): JsonObject | undefined {
  const data: JsonObject[] = [];
  for (const [index, embedding] of vectors.entries()) {
    if (!Array.isArray(embedding) || embedding.length === 0) return undefined;
    if (!embedding.every((value) => typeof value === "number")) return undefined;
    data.push({ object: "embedding", index, embedding });
  }
  const usage =
    typeof tokens === "number" ? { usage: { prompt_tokens: tokens, total_tokens: tokens, ...details } } : {};
  return { object: "list", data, ...usage };
}
