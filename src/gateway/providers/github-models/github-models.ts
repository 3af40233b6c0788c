/** GitHub Models: the list stands outside of the inference API, with limits of its own. */
import { arrayField, objectField } from "../../../kernel/json.ts";
import { embeddingsDialect } from "../openai-compatible/plain-dialects.ts";
import { compatibleVendor } from "../openai-compatible/vendor.ts";

export const githubModelsProvider = compatibleVendor({
  vendor: "github-models",
  quirks: {
    rejects: [
      "top_k",
      "min_p",
      "top_a",
      "repetition_penalty",
      "logit_bias",
      "prediction",
      "audio",
      "image_config",
      "cache_control",
    ],
    returnsReasoning: "nothing",
  },
  others: [embeddingsDialect()],
  readEntry: (entry) => {
    const limits = objectField(entry, "limits") ?? {};
    const { max_input_tokens: input, max_output_tokens: output } = limits;
    const isVector = arrayField(entry, "supported_output_modalities").includes("embeddings");
    return {
      ...(typeof input === "number" ? { contextLength: input } : {}),
      ...(typeof output === "number" ? { maxCompletionTokens: output } : {}),
      ...(isVector ? { outputModalities: ["embeddings"], supportedParameters: [] } : {}),
    };
  },
  modelsRequest: (baseUrl, credential) => ({
    url: `${baseUrl.replace(/\/inference$/, "")}/catalog/models`,
    headers: credential ? { authorization: `Bearer ${credential.reveal()}` } : {},
  }),
});
