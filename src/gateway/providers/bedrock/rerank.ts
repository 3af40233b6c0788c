/** Reranking by Cohere's and Amazon's models on Bedrock, through InvokeModel. Nothing is said of what was used. */
import { arrayField, isJsonObject, type JsonObject, stringField } from "../../../kernel/json.ts";
import type { UpstreamDialect } from "../../canonical/dialects.ts";
import { GATEWAY_FIELDS } from "../openai-compatible/quirks.ts";
import { unsupportedContent } from "../writing.ts";
import type { Where } from "./write-media.ts";

const RERANKS = /(?:cohere|amazon)\.rerank/;
const DONE_HERE: ReadonlySet<string> = new Set([
  ...GATEWAY_FIELDS,
  ...["model", "query", "documents", "top_n", "stream", "return_documents"],
]);
/** Cohere's models are told which shape they are asked in. */
const COHERE_API_VERSION = 2;

/** Undefined for a model that ranks nothing. `provider` is its name for people. */
export function bedrockRerank(provider: string, model: string): UpstreamDialect | undefined {
  if (!RERANKS.test(model)) return undefined;
  return {
    name: "rerank",
    framing: "sse",
    adapted: {
      write: (body) => ({
        body: {
          query: body.query ?? "",
          documents: textsOf(body, { provider, model }),
          ...(body.top_n === undefined || body.top_n === null ? {} : { top_n: body.top_n }),
          ...(model.includes("cohere.") ? { api_version: COHERE_API_VERSION } : {}),
        },
        dropped: Object.keys(body).filter((name) => !DONE_HERE.has(name) && (body[name] ?? null) !== null),
      }),
      readAnswer: (answer) => (Array.isArray(answer.results) ? { results: answer.results } : undefined),
    },
  };
}

function textsOf(body: JsonObject, where: Where): string[] {
  return arrayField(body, "documents").map((document) => {
    const text = isJsonObject(document) ? stringField(document, "text") : document;
    if (typeof text !== "string") throw unsupportedContent(where, "documents without a text; it ranks texts alone");
    return text;
  });
}
