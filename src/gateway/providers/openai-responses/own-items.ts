/** The items that a provider can read: thoughts of others, and those it would have to remember itself, are left out. */
import { isJsonObject, type JsonObject, type JsonValue, stringField } from "../../../kernel/json.ts";
import { isSealed } from "../../ingress/openai-responses/sealed-thoughts.ts";

/** The same list where nothing must change. `format` is that of the provider's thoughts, null for one that takes any. */
export function ownItems(items: JsonValue[], format: string | null): JsonValue[] {
  const kept = items.flatMap((item) => {
    if (!isJsonObject(item) || item.type !== "reasoning") return [item];
    return isOwn(item, format) ? [withoutAdditions(item, format)] : [];
  });
  const isSame = kept.length === items.length && kept.every((item, index) => item === items[index]);
  return isSame ? items : kept;
}

function isOwn(item: JsonObject, format: string | null): boolean {
  const encrypted = stringField(item, "encrypted_content");
  if (encrypted !== undefined && isSealed(encrypted)) return false;
  if (format === null) return true;
  return encrypted !== undefined && (stringField(item, "format") ?? format) === format;
}

/** Without OpenRouter's additions, which OpenAI rejects. */
function withoutAdditions(item: JsonObject, format: string | null): JsonObject {
  if (format === null || !("format" in item || "signature" in item)) return item;
  const { format: _, signature: __, ...rest } = item;
  return rest;
}
