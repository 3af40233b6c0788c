/** Cloudflare Workers AI: models are named `@cf/author/model`, and listed outside of the compatible API. */
import type { OfferedModel } from "../../../catalog/catalog.ts";
import { credentialFields } from "../../../catalog/vendors/fields.ts";
import { arrayField, isJsonObject, type JsonObject, objectField, stringField } from "../../../kernel/json.ts";
import type { Secret } from "../../../kernel/secret.ts";
import { statedPrice } from "../openai-compatible/model-entries.ts";
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
  readEntry: (entry) => ({
    ...statedByProperties(entry),
    ...(taskOf(entry) === "Text Embeddings" ? { outputModalities: ["embeddings"], supportedParameters: [] } : {}),
  }),
  modelsRequest: (baseUrl, credential) => ({
    url: `${baseUrl.replace(/\/v1$/, "")}/models/search?per_page=1000`,
    headers: credential ? { authorization: `Bearer ${tokenOf(credential)}` } : {},
  }),
  bearer: tokenOf,
});

/** What is known of a model stands in a list of properties: the context as a text, prices one by one with their units. */
function statedByProperties(entry: JsonObject): Partial<OfferedModel> {
  const properties = arrayField(entry, "properties").filter(isJsonObject);
  const propertyOf = (id: string) => properties.find(({ property_id }) => property_id === id)?.value;
  const context = Number(propertyOf("context_window"));
  const prices = propertyOf("price");
  const priceOf = (unit: string) =>
    (Array.isArray(prices) ? prices : [])
      .filter(isJsonObject)
      .find((one) => one.unit === unit && one.currency === "USD")?.price;
  const prompt = priceOf("per M input tokens");
  const isVector = taskOf(entry) === "Text Embeddings";
  return {
    ...(Number.isSafeInteger(context) && context > 0 ? { contextLength: context } : {}),
    ...statedPrice("cloudflare:list", {
      prompt,
      completion: isVector ? prompt : priceOf("per M output tokens"),
      cachedPrompt: priceOf("per M cached input tokens"),
      exponent: 0,
    }),
  };
}

/** Its credential also names the account, which is in the address already. */
function tokenOf(credential: Secret): string {
  return credentialFields(credential).apiKey ?? "";
}

function taskOf(entry: Parameters<typeof stringField>[0]): string {
  const task = objectField(entry, "task");
  return isJsonObject(task) ? (stringField(task, "name") ?? "") : "";
}
