/** Voyage AI: embeddings and reranking alone, with names of its own for sizes and purposes, and no list of models. */
import { knownModelsOfProvider } from "../../../catalog/known-models.ts";
import type { JsonObject } from "../../../kernel/json.ts";
import { embeddingsDialect, rerankDialect } from "../openai-compatible/plain-dialects.ts";
import { compatibleVendor } from "../openai-compatible/vendor.ts";

const PURPOSES: Readonly<Record<string, string>> = { search_query: "query", search_document: "document" };

export const voyageProvider = compatibleVendor({
  vendor: "voyage",
  chats: false,
  others: [
    embeddingsDialect(["user"], ({ dimensions, input_type: purpose, encoding_format: format }) => ({
      sets: {
        ...(dimensions === undefined ? {} : { output_dimension: dimensions }),
        ...(typeof purpose === "string" ? { input_type: PURPOSES[purpose] ?? purpose } : {}),
      },
      // Numbers are what it sends unless it is asked for base64.
      takes: ["dimensions", "input_type", ...(format === "float" ? ["encoding_format"] : [])],
    })),
    rerankDialect([], ({ top_n: most }) => ({ sets: most === undefined ? {} : { top_k: most }, takes: ["top_n"] })),
  ],
  fixedModels: () => knownModelsOfProvider("voyage").map(({ upstreamModel }) => upstreamModel),
  readEntry: kindOf,
});

function kindOf({ id }: JsonObject) {
  return { outputModalities: [String(id).startsWith("rerank") ? "rerank" : "embeddings"], supportedParameters: [] };
}
