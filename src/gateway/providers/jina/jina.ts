/** Jina AI: embeddings and reranking alone; what a text is for it calls a task. */
import { embeddingsDialect, rerankDialect } from "../openai-compatible/plain-dialects.ts";
import { compatibleVendor } from "../openai-compatible/vendor.ts";

const TASKS: Readonly<Record<string, string>> = {
  search_query: "retrieval.query",
  search_document: "retrieval.passage",
  classification: "classification",
  clustering: "separation",
};

export const jinaProvider = compatibleVendor({
  vendor: "jina",
  chats: false,
  others: [
    embeddingsDialect(["user"], ({ input_type: purpose, encoding_format: format }) => ({
      sets: {
        ...(typeof purpose === "string" ? { task: TASKS[purpose] ?? purpose } : {}),
        ...(typeof format === "string" ? { embedding_type: format } : {}),
      },
      takes: ["input_type", "encoding_format"],
    })),
    rerankDialect(),
  ],
  fixedModels: () => [
    ...["jina-embeddings-v5-text-small", "jina-embeddings-v5-text-nano", "jina-embeddings-v4", "jina-embeddings-v3"],
    ...["jina-reranker-v3", "jina-reranker-v2-base-multilingual"],
  ],
  readEntry: ({ id }) => ({
    outputModalities: [String(id).includes("reranker") ? "rerank" : "embeddings"],
    supportedParameters: [],
  }),
});
