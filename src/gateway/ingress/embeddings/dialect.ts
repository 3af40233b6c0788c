/**
 * Embeddings: texts in, vectors out, in OpenAI's shape with OpenRouter's cost. Never streamed. Providers of other shapes
 * are adapted in their own folder, so an answer that arrives here is always of this dialect. Vectors are given out as they
 * came, neither scaled nor cut; only numbers become base64 where that was asked for.
 */
import { arrayField, isJsonObject, type JsonObject, type JsonValue, stringField } from "../../../kernel/json.ts";
import { usdNumber } from "../../../kernel/money.ts";
import type { AnswerContext, AnswerNotes, ClientDialect, ClientRequest, ModelHints } from "../../canonical/dialects.ts";
import { readUsage } from "../../metering/usage.ts";
import { Fields, invalidField } from "../fields.ts";
import { readRouting } from "../model-names.ts";
import { errorEnvelope } from "../openai-chat/errors.ts";
import type { JsonBody } from "../read-body.ts";

export const embeddings: ClientDialect = {
  name: "embeddings",
  apiType: "embeddings",
  authorization: (headers) => headers.get("authorization"),
  read,
  errorBody: errorEnvelope,
  native: {
    edits: () => ({ set: new Map(), remove: new Set(["stream"]) }),
    readAnswer,
    finishAnswer,
  },
};

/** Throws GapuraError: model_missing, invalid_field. */
function read(body: JsonBody, hints: ModelHints): ClientRequest {
  const request = { ...readRouting(body, hints), streamed: false };
  const fields = new Fields(body.value);
  checkInput(body.value.input);
  fields.whole("dimensions", 1);
  fields.word("encoding_format", ["float", "base64"]);
  fields.text("input_type");
  return request;
}

/** A text, texts, token numbers, lists of them, or multimodal items; never nothing. */
function checkInput(input: JsonValue | undefined): void {
  if (input === undefined || input === null) throw invalidField("input", "is missing; send a text or a list of texts");
  if (input === "") throw invalidField("input", "must not be empty");
  if (typeof input === "string") return;
  if (!Array.isArray(input)) throw invalidField("input", "must be a text or a list");
  if (input.length === 0) throw invalidField("input", "must hold at least one text");
  const kind = kindOf(input[0]);
  for (const [index, item] of input.entries()) {
    const path = `input[${index}]`;
    const own = kindOf(item);
    if (own === undefined)
      throw invalidField(path, "must be a text, a token number, a list of them, or {content: [...]}");
    if (own !== kind) throw invalidField(path, "must be of the same kind as the items before it");
    if (item === "") throw invalidField(path, "must not be empty");
  }
}

function kindOf(item: JsonValue | undefined): "text" | "token" | "tokens" | "parts" | undefined {
  if (typeof item === "string") return "text";
  if (typeof item === "number") return Number.isInteger(item) && item >= 0 ? "token" : undefined;
  if (Array.isArray(item))
    return item.length > 0 && item.every((one) => kindOf(one) === "token") ? "tokens" : undefined;
  return isJsonObject(item) && Array.isArray(item.content) ? "parts" : undefined;
}

/** An answer with another number of vectors would put them beside the wrong texts: it is none. */
function readAnswer(answer: JsonObject, request?: ClientRequest): AnswerNotes | undefined {
  const vectors = arrayField(answer, "data");
  if (request && vectors.length !== countInputs(request.body.value.input)) return undefined;
  if (vectors.length === 0 || !vectors.every((item) => isJsonObject(item) && isVector(item.embedding)))
    return undefined;
  const { usage } = answer;
  return {
    // An embedding has no completion, so that nobody reports its tokens.
    usage: isJsonObject(usage)
      ? readUsage({ ...usage, prompt_tokens: usage.prompt_tokens ?? usage.total_tokens ?? null, completion_tokens: 0 })
      : undefined,
    textLength: 0,
    upstreamId: stringField(answer, "id") ?? null,
    finishReason: null,
    nativeFinishReason: null,
  };
}

/** Token numbers in one list are one text. */
function countInputs(input: JsonValue | undefined): number {
  return Array.isArray(input) && kindOf(input[0]) !== "token" ? input.length : 1;
}

function isVector(value: JsonValue | undefined): boolean {
  return typeof value === "string" || Array.isArray(value);
}

function finishAnswer(answer: JsonObject, { identity, request, billed }: AnswerContext): JsonObject {
  const { usage, charge } = billed;
  const asBase64 = request.body.value.encoding_format === "base64";
  const reported = isJsonObject(answer.usage) && !usage.estimated ? answer.usage : {};
  for (const [index, item] of arrayField(answer, "data").entries()) {
    if (!isJsonObject(item)) continue;
    item.object = "embedding";
    if (typeof item.index !== "number") item.index = index;
    if (asBase64) item.embedding = base64Floats(item.embedding);
  }
  return {
    ...answer,
    id: identity.generationId,
    object: "list",
    model: identity.model,
    provider: identity.provider,
    usage: {
      ...reported,
      prompt_tokens: usage.promptTokens,
      total_tokens: usage.promptTokens,
      // Absent where no price is known: the official clients take a number or nothing.
      ...(charge.costNano === null ? {} : { cost: usdNumber(charge.costNano) }),
      is_byok: false,
    },
  };
}

/** Numbers as OpenAI packs them: 32-bit floats, lowest byte first. What is packed already stays as it is. */
function base64Floats(vector: JsonValue | undefined): JsonValue {
  if (!Array.isArray(vector)) return vector ?? null;
  const bytes = new DataView(new ArrayBuffer(vector.length * 4));
  for (const [index, value] of vector.entries()) bytes.setFloat32(index * 4, Number(value), true);
  return new Uint8Array(bytes.buffer).toBase64();
}
