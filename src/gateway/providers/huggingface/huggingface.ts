/**
 * Hugging Face's router: it chooses among its own providers, so that a context is the shortest of theirs, and a price is known
 * only where all of them ask the same.
 */
import type { OfferedModel } from "../../../catalog/catalog.ts";
import { arrayField, isJsonObject, type JsonObject, objectField } from "../../../kernel/json.ts";
import { statedLimits, statedPrice } from "../openai-compatible/model-entries.ts";
import { compatibleVendor } from "../openai-compatible/vendor.ts";

export const huggingfaceProvider = compatibleVendor({
  vendor: "huggingface",
  quirks: { renames: { max_completion_tokens: "max_tokens" } },
  isOther: (_name, entry) => serving(entry).length === 0,
  readEntry: (entry) => {
    const contexts = serving(entry).flatMap((provider) => statedLimits(provider).contextLength ?? []);
    return { ...(contexts.length === 0 ? {} : { contextLength: Math.min(...contexts) }), ...commonPrice(entry) };
  },
});

function serving(entry: JsonObject): JsonObject[] {
  const providers = arrayField(entry, "providers").filter(isJsonObject);
  return providers.filter(({ status }) => status === undefined || status === "live");
}

function commonPrice(entry: JsonObject): Partial<OfferedModel> {
  const asked = serving(entry).map((provider) => {
    const { input, output } = objectField(provider, "pricing") ?? {};
    return { input, output };
  });
  const [first] = asked;
  const isCommon = asked.every(({ input, output }) => input === first?.input && output === first?.output);
  if (!first || !isCommon) return {};
  return statedPrice("huggingface:list", { prompt: first.input, completion: first.output, exponent: 0 });
}
