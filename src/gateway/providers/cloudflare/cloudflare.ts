/** Cloudflare Workers AI: models are named `@cf/author/model`, and listed outside of the compatible API. */
import { credentialFields } from "../../../catalog/vendors/fields.ts";
import { isJsonObject, objectField, stringField } from "../../../kernel/json.ts";
import type { Secret } from "../../../kernel/secret.ts";
import { embeddingsDialect } from "../openai-compatible/plain-dialects.ts";
import { compatibleVendor } from "../openai-compatible/vendor.ts";

export const cloudflareProvider = compatibleVendor({
  vendor: "cloudflare",
  quirks: {
    renames: { max_completion_tokens: "max_tokens" },
    rejects: ["logit_bias", "prediction", "audio", "image_config"],
  },
  others: [embeddingsDialect(["input_type", "dimensions"])],
  nameOf: (entry) => stringField(entry, "name"),
  isOther: (_name, entry) => !["Text Generation", "Text Embeddings"].includes(taskOf(entry)),
  readEntry: (entry) =>
    taskOf(entry) === "Text Embeddings" ? { outputModalities: ["embeddings"], supportedParameters: [] } : {},
  modelsRequest: (baseUrl, credential) => ({
    url: `${baseUrl.replace(/\/v1$/, "")}/models/search?per_page=1000`,
    headers: credential ? { authorization: `Bearer ${tokenOf(credential)}` } : {},
  }),
  bearer: tokenOf,
});

/** Its credential also names the account, which is in the address already. */
function tokenOf(credential: Secret): string {
  return credentialFields(credential).apiKey ?? "";
}

function taskOf(entry: Parameters<typeof stringField>[0]): string {
  const task = objectField(entry, "task");
  return isJsonObject(task) ? (stringField(task, "name") ?? "") : "";
}
