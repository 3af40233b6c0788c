/** The request that the dry-run form describes. Pure. */
import type { JsonObject } from "../../../../src/kernel/json.ts";
import { textOf } from "../account/entries.ts";

/** A picture of one pixel: what counts is that there is one. */
const PICTURE =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const LONG_PROMPT_TOKENS = 100_000;
const BYTES_PER_TOKEN = 4;

export const USES = ["tools", "images", "schema", "long"] as const;
export const WISHES = ["zdr", "noTraining", "noFallbacks", "allParameters"] as const;

export function dryRunRequest(form: FormData): JsonObject {
  const model = textOf(form, "model").trim();
  const preset = textOf(form, "preset");
  const sort = textOf(form, "sort");
  const has = (name: string) => form.has(name);
  const provider: JsonObject = {
    ...(sort === "" ? {} : { sort }),
    ...(has("zdr") ? { zdr: true } : {}),
    ...(has("noTraining") ? { data_collection: "deny" } : {}),
    ...(has("noFallbacks") ? { allow_fallbacks: false } : {}),
    ...(has("allParameters") ? { require_parameters: true } : {}),
  };
  return {
    ...(model === "" ? {} : { model }),
    ...(preset === "" ? {} : { preset }),
    messages: [{ role: "user", content: contentOf(has("images"), has("long")) }],
    ...(has("tools") ? { tools: [{ type: "function", function: { name: "look_up", parameters: OBJECT } }] } : {}),
    ...(has("schema")
      ? { response_format: { type: "json_schema", json_schema: { name: "answer", schema: OBJECT } } }
      : {}),
    ...(Object.keys(provider).length === 0 ? {} : { provider }),
  };
}

const OBJECT: JsonObject = { type: "object", properties: { text: { type: "string" } } };

function contentOf(hasPicture: boolean, isLong: boolean): string | JsonObject[] {
  const text = isLong ? "word".repeat((LONG_PROMPT_TOKENS * BYTES_PER_TOKEN) / "word".length) : "Hello";
  if (!hasPicture) return text;
  return [
    { type: "text", text },
    { type: "image_url", image_url: { url: PICTURE } },
  ];
}
