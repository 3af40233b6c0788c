/**
 * Embeddings of Bedrock, through InvokeModel, which takes each maker's own shape. Vectors are left as the model makes them.
 */
import {
  arrayField,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  objectField,
  stringField,
} from "../../../kernel/json.ts";
import type { UpstreamDialect } from "../../canonical/dialects.ts";
import type { ContentPart } from "../../canonical/request.ts";
import type { HeaderFields } from "../../transport/answer.ts";
import {
  type EmbeddingModel,
  type EmbeddingsAsked,
  embeddingsAnswer,
  readEmbeddingsBody,
  textOf,
} from "../embedding-inputs.ts";
import { present, unsupportedContent } from "../writing.ts";
import { Documents, type Where, writeMedia } from "./write-media.ts";

/** How one maker's models are asked. */
interface Shape extends Omit<EmbeddingModel, "provider" | "model"> {
  write(asked: EmbeddingsAsked, where: Where): JsonObject;
}

const NO_PURPOSES = {};
const INDEX = "GENERIC_INDEX";
const NOVA_PURPOSES: Readonly<Record<string, string>> = {
  search_query: "GENERIC_RETRIEVAL",
  query: "GENERIC_RETRIEVAL",
  search_document: INDEX,
  document: INDEX,
  passage: INDEX,
  classification: "CLASSIFICATION",
  clustering: "CLUSTERING",
};
const DOCUMENT = "search_document";
const COHERE_PURPOSES: Readonly<Record<string, string>> = {
  search_query: "search_query",
  query: "search_query",
  search_document: DOCUMENT,
  document: DOCUMENT,
  passage: DOCUMENT,
  classification: "classification",
  clustering: "clustering",
};
/** Bedrock counts what went in, whatever the model's answer says. */
const INPUT_TOKENS = "x-amzn-bedrock-input-token-count";

const titanText: Shape = {
  mostInputs: 1,
  takesMedia: false,
  takesDimensions: true,
  purposes: NO_PURPOSES,
  write: ({ items, dimensions }) => present({ inputText: textOf(items[0] ?? []), dimensions }),
};

const titanImage: Shape = {
  ...titanText,
  takesMedia: true,
  write: ({ items, dimensions }, where) => {
    const parts = items[0] ?? [];
    const texts = parts.filter(({ kind }) => kind === "text");
    const media = parts.filter((part) => part.kind !== "text");
    if (media.length > 1) throw unsupportedContent(where, "several pictures for one vector; send one");
    return present({
      inputText: texts.length === 0 ? null : textOf(texts),
      inputImage: media[0] ? pictureOf(media[0], where).bytes : null,
      embeddingConfig: dimensions === null ? null : { outputEmbeddingLength: dimensions },
    });
  },
};

const nova: Shape = {
  mostInputs: 1,
  takesMedia: true,
  takesDimensions: true,
  purposes: NOVA_PURPOSES,
  write: ({ items, dimensions, purpose }, where) => {
    const [part, ...others] = items[0] ?? [];
    if (part === undefined || others.length > 0) {
      throw unsupportedContent(where, "several parts for one vector; send one text or one picture");
    }
    const asked = present({ embeddingPurpose: purpose ?? INDEX, embeddingDimension: dimensions });
    return { taskType: "SINGLE_EMBEDDING", singleEmbeddingParams: { ...asked, ...novaPart(part, where) } };
  },
};

const cohere: Shape = {
  mostInputs: 96,
  takesMedia: false,
  takesDimensions: false,
  purposes: COHERE_PURPOSES,
  write: ({ items, dimensions, purpose }, where) => ({
    ...(items.every((parts) => parts.every(({ kind }) => kind === "text"))
      ? { texts: items.map(textOf) }
      : { inputs: items.map((parts) => ({ content: parts.map((part) => coherePart(part, where)) })) }),
    // It must always be told; most of what is embedded is there to be found.
    input_type: purpose ?? DOCUMENT,
    embedding_types: ["float"],
    ...(dimensions === null ? {} : { output_dimension: dimensions }),
  }),
};

const SHAPES: readonly (readonly [RegExp, Shape])[] = [
  [/amazon\.titan-embed-image/, titanImage],
  [/amazon\.titan-embed-text-v1|amazon\.titan-embed-g1/, { ...titanText, takesDimensions: false }],
  [/amazon\.titan-embed-text/, titanText],
  [/amazon\.nova-.*embeddings/, nova],
  [/cohere\.embed-(?:english|multilingual)/, cohere],
  [/cohere\.embed-v/, { ...cohere, takesMedia: true, takesDimensions: true }],
];

function shapeOf(model: string): Shape | undefined {
  return SHAPES.find(([names]) => names.test(model))?.[1];
}

/** Undefined for a model that makes no vectors. `provider` is its name for people. */
export function bedrockEmbeddings(provider: string, model: string): UpstreamDialect | undefined {
  const shape = shapeOf(model);
  if (shape === undefined) return undefined;
  const write = (body: JsonObject) => {
    const asked = readEmbeddingsBody(body, { ...shape, provider, model });
    return { body: shape.write(asked, { provider, model }), dropped: asked.dropped };
  };
  return { name: "embeddings", framing: "sse", adapted: { write, readAnswer } };
}

/** Bytes of a picture, in Bedrock's word for its format. */
function pictureOf(part: ContentPart, where: Where): { format: string; bytes: string } {
  if (part.kind !== "image") throw unsupportedContent(where, "sounds, films or files; it reads texts and pictures");
  const image = objectField(writeMedia(part, where, new Documents()), "image") ?? {};
  const bytes = stringField(objectField(image, "source") ?? {}, "bytes") ?? "";
  return { format: stringField(image, "format") ?? "", bytes };
}

function novaPart(part: ContentPart, where: Where): JsonObject {
  // A text that is too long is refused, not cut in silence.
  if (part.kind === "text") return { text: { truncationMode: "NONE", value: part.text } };
  const { format, bytes } = pictureOf(part, where);
  return { image: { format, source: { bytes } } };
}

function coherePart(part: ContentPart, where: Where): JsonObject {
  if (part.kind === "text") return { type: "text", text: part.text };
  const { format, bytes } = pictureOf(part, where);
  return { type: "image_url", image_url: `data:image/${format};base64,${bytes}` };
}

function readAnswer(answer: JsonObject, headers: HeaderFields): JsonObject | undefined {
  const counted = Number(headers.get(INPUT_TOKENS) ?? Number.NaN);
  const tokens = answer.inputTextTokenCount ?? (Number.isSafeInteger(counted) ? counted : undefined);
  return embeddingsAnswer(vectorsOf(answer), tokens);
}

/** Titan gives one; Nova a list of objects; Cohere a list, under the kind of number where that was asked for. */
function vectorsOf(answer: JsonObject): (JsonValue | undefined)[] {
  if (Array.isArray(answer.embedding)) return [answer.embedding];
  const found = objectField(answer, "embeddings");
  const list = found ? arrayField(found, "float") : arrayField(answer, "embeddings");
  return list.map((one) => (isJsonObject(one) ? one.embedding : one));
}
