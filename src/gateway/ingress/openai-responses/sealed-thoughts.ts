/**
 * Thoughts of providers that do not speak the Responses API, in its one field for what a client must give back.
 *
 * A reasoning item has `encrypted_content`, which every client returns as it is, while OpenRouter's additions `signature`
 * and `format` get lost in strict clients. So what a provider wants back is packed into `encrypted_content` under a
 * prefix that no provider uses. It is no secret and needs no key: the provider checks its own signature.
 */
import { isJsonObject, type JsonObject, parseJson, stringField } from "../../../kernel/json.ts";

/** The format of what OpenAI itself encrypts: it stands in the field as it is. */
export const OWN_FORMAT = "openai-responses-v1";
const PREFIX = "gprt1.";

export interface SealedThought {
  format: string | null;
  /** Of the text that stands beside it. */
  signature: string | null;
  /** What only the provider can read, in place of a text. */
  data: string | null;
  id: string | null;
}

export function sealThought({ format, signature, data, id }: SealedThought): string {
  const packed: JsonObject = { f: format, s: signature, d: data, i: id };
  return PREFIX + Buffer.from(JSON.stringify(packed)).toString("base64url");
}

export function isSealed(encrypted: string): boolean {
  return encrypted.startsWith(PREFIX);
}

/** What was packed, or undefined when it is not ours or was damaged on the way. */
export function openThought(encrypted: string): SealedThought | undefined {
  if (!isSealed(encrypted)) return undefined;
  const parsed = parseJson(Buffer.from(encrypted.slice(PREFIX.length), "base64url").toString("utf8"));
  if (!parsed.ok || !isJsonObject(parsed.value)) return undefined;
  const { value } = parsed;
  const text = (name: string) => stringField(value, name) ?? null;
  return { format: text("f"), signature: text("s"), data: text("d"), id: text("i") };
}
