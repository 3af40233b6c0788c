/** Reranking: documents put in order of how well they answer a query, in OpenRouter's shape. Never streamed. */
import {
  arrayField,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  objectField,
  stringField,
} from "../../../kernel/json.ts";
import { usdNumber } from "../../../kernel/money.ts";
import type { AnswerContext, AnswerNotes, ClientDialect, ClientRequest, ModelHints } from "../../canonical/dialects.ts";
import { readUsage } from "../../metering/usage.ts";
import { Fields, invalidField } from "../fields.ts";
import { readRouting } from "../model-names.ts";
import { errorEnvelope } from "../openai-chat/errors.ts";
import type { JsonBody } from "../read-body.ts";

export const rerank: ClientDialect = {
  name: "rerank",
  apiType: "rerank",
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
  if (fields.requiredText("query") === "") throw invalidField("query", "must not be empty");
  const documents = fields.list("documents");
  if (documents.length === 0) throw invalidField("documents", "must hold at least one document");
  for (const [index, document] of documents.entries()) {
    if (typeof document === "string") continue;
    const parts = Fields.of(document, `documents[${index}]`);
    if (parts.text("text") === null && parts.text("image") === null) {
      throw invalidField(`documents[${index}]`, "must be a text, or an object with text or image");
    }
  }
  fields.whole("top_n", 1);
  return request;
}

function readAnswer(answer: JsonObject): AnswerNotes | undefined {
  const results = arrayField(answer, "results");
  if (!Array.isArray(answer.results) || !results.every(isResult)) return undefined;
  const usage = objectField(answer, "usage");
  const total = usage?.total_tokens;
  return {
    usage:
      usage &&
      readUsage({ prompt_tokens: usage.prompt_tokens ?? total ?? 0, completion_tokens: 0, cost: usage.cost ?? null }),
    textLength: 0,
    upstreamId: stringField(answer, "id") ?? null,
    finishReason: null,
    nativeFinishReason: null,
  };
}

function isResult(result: JsonValue): boolean {
  return isJsonObject(result) && typeof result.index === "number" && typeof result.relevance_score === "number";
}

function finishAnswer(answer: JsonObject, { identity, request, billed }: AnswerContext): JsonObject {
  const documents = arrayField(request.body.value, "documents");
  const results = arrayField(answer, "results").flatMap((result) => {
    if (!isJsonObject(result) || typeof result.index !== "number") return [];
    const document = documents[result.index];
    return [{ index: result.index, relevance_score: result.relevance_score ?? 0, document: documentBody(document) }];
  });
  const { usage, charge } = billed;
  const units = objectField(answer, "usage")?.search_units;
  return {
    id: identity.generationId,
    model: identity.model,
    provider: identity.provider,
    results,
    usage: {
      ...(typeof units === "number" ? { search_units: units } : {}),
      ...(usage.estimated ? {} : { total_tokens: usage.promptTokens }),
      ...(charge.costNano === null ? {} : { cost: usdNumber(charge.costNano) }),
    },
  };
}

/** The document that came in, as the answer echoes it. */
function documentBody(document: JsonValue | undefined): JsonObject {
  if (typeof document === "string") return { text: document };
  return isJsonObject(document) ? document : {};
}
