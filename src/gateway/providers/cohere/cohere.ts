/** Cohere: chat and embeddings through its compatibility API, reranking and the list of models through its own. */
import { arrayField, stringField } from "../../../kernel/json.ts";
import { embeddingsDialect, rerankDialect } from "../openai-compatible/plain-dialects.ts";
import { compatibleVendor } from "../openai-compatible/vendor.ts";

const REJECTED = [
  ...["logit_bias", "top_logprobs", "modalities", "prediction", "audio", "service_tier", "parallel_tool_calls", "user"],
  ...["metadata", "top_k", "min_p", "top_a", "repetition_penalty", "image_config", "cache_control", "verbosity"],
];

const THINKS = /reasoning|command-a-(?:plus|2)/;

export const cohereProvider = compatibleVendor({
  vendor: "cohere",
  quirks: {
    renames: { max_completion_tokens: "max_tokens" },
    rejects: REJECTED,
    returnsReasoning: "nothing",
    // It knows two efforts.
    asksReasoning: ({ enabled, effort }, model) => {
      if (!THINKS.test(model) || (enabled === null && effort === null)) return {};
      return { reasoning_effort: enabled === false ? "none" : "high" };
    },
  },
  others: [embeddingsDialect(["dimensions", "input_type", "user"]), rerankDialect()],
  paths: {
    "openai-chat": "/compatibility/v1/chat/completions",
    embeddings: "/compatibility/v1/embeddings",
    rerank: "/v2/rerank",
  },
  nameOf: (entry) => stringField(entry, "name"),
  isOther: (_name, entry) =>
    !arrayField(entry, "endpoints").some((kind) => kind === "chat" || kind === "embed" || kind === "rerank"),
  readEntry: (entry) => {
    const kinds = arrayField(entry, "endpoints");
    if (kinds.includes("chat")) return {};
    return { outputModalities: [kinds.includes("embed") ? "embeddings" : "rerank"], supportedParameters: [] };
  },
  modelsRequest: (baseUrl, credential) => ({
    url: `${baseUrl}/v1/models?page_size=1000`,
    headers: credential ? { authorization: `Bearer ${credential.reveal()}` } : {},
  }),
});
