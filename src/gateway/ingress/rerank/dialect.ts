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

/** An answer that ranks documents which nobody sent is none. */
function readAnswer(answer: JsonObject, request?: ClientRequest): AnswerNotes | undefined {
  const results = arrayField(answer, "results");
  const sent = request ? arrayField(request.body.value, "documents").length : Number.POSITIVE_INFINITY;
  if (!Array.isArray(answer.results) || !results.every((result) => isResult(result, sent))) return undefined;
  const { prompt_tokens, total_tokens, cost = null } = objectField(answer, "usage") ?? {};
  // Without tokens or a cost nothing was said of what was used: it is estimated, not free.
  const tokens = prompt_tokens ?? total_tokens ?? (typeof cost === "number" ? 0 : null);
  return {
    usage: readUsage({ prompt_tokens: tokens, completion_tokens: 0, cost }),
    textLength: 0,
    upstreamId: stringField(answer, "id") ?? null,
    finishReason: null,
    nativeFinishReason: null,
  };
}

function isResult(result: JsonValue, sent: number): boolean {
  if (!isJsonObject(result) || typeof result.relevance_score !== "number") return false;
  const { index } = result;
  return typeof index === "number" && Number.isInteger(index) && index >= 0 && index < sent;
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
