/** What Amazon refuses of a body for InvokeModel: each model has a strict schema of its maker's. */

type Body = Record<string, unknown>;
interface Schema {
  required: readonly string[];
  optional: readonly string[];
}

const SCHEMAS: readonly (readonly [RegExp, Schema])[] = [
  [/titan-embed-text-v1/, { required: ["inputText"], optional: [] }],
  [/titan-embed-text-v2/, { required: ["inputText"], optional: ["dimensions", "normalize", "embeddingTypes"] }],
  [/titan-embed-image/, { required: [], optional: ["inputText", "inputImage", "embeddingConfig"] }],
  [/nova-.*embeddings/, { required: ["taskType", "singleEmbeddingParams"], optional: ["schemaVersion"] }],
  [
    /cohere\.embed-v4/,
    {
      required: ["input_type"],
      optional: ["texts", "images", "inputs", "embedding_types", "output_dimension", "max_tokens", "truncate"],
    },
  ],
  [/cohere\.embed/, { required: ["input_type"], optional: ["texts", "images", "embedding_types", "truncate"] }],
  [/cohere\.rerank/, { required: ["query", "documents", "api_version"], optional: ["top_n", "max_tokens_per_doc"] }],
  [/amazon\.rerank/, { required: ["query", "documents"], optional: ["top_n"] }],
];

/** The sentence of the refusal, null for a body that is taken. */
export function invokeRefusal(model: string, body: Body): string | null {
  const schema = SCHEMAS.find(([names]) => names.test(model))?.[1];
  if (schema === undefined) return "The provided model identifier is invalid.";
  const missing = schema.required.find((name) => body[name] === undefined);
  if (missing !== undefined) return `Malformed input request: #: required key [${missing}] not found`;
  const extra = Object.keys(body).find((name) => ![...schema.required, ...schema.optional].includes(name));
  if (extra !== undefined) return `Malformed input request: #: extraneous key [${extra}] is not permitted`;
  const texts = body.texts as unknown[] | undefined;
  if (texts && texts.length > 96) return "Invalid parameter combination: at most 96 texts";
  const documents = body.documents as unknown[] | undefined;
  return documents?.some((one) => typeof one !== "string") ? "documents: expected type: String" : null;
}
