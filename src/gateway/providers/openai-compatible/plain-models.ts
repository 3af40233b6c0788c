import type { OfferedModel } from "../../../catalog/catalog.ts";
import { arrayField, isJsonObject, type JsonValue, stringField } from "../../../kernel/json.ts";

/** Parameters that nearly every server of the dialect takes. */
const USUAL_PARAMETERS = [
  "temperature",
  "top_p",
  "max_tokens",
  "stop",
  "seed",
  "frequency_penalty",
  "presence_penalty",
  "response_format",
  "tools",
  "tool_choice",
] as const;

/** A model of which only the name is certain. `id` is how clients name it. */
export function plainModel(id: string, upstreamModel: string): OfferedModel {
  return {
    id,
    upstreamModel,
    name: upstreamModel,
    description: "",
    created: 0,
    contextLength: null,
    maxCompletionTokens: null,
    inputModalities: ["text"],
    outputModalities: ["text"],
    supportedParameters: USUAL_PARAMETERS,
    price: null,
    isPlain: true,
  };
}

/** The ids of an OpenAI-style model list with their time of making; undefined when it is no such list. */
export function readModelNames(list: JsonValue): { name: string; created: number }[] | undefined {
  if (!isJsonObject(list) || !Array.isArray(list.data)) return undefined;
  return arrayField(list, "data").flatMap((entry) => {
    const name = isJsonObject(entry) ? stringField(entry, "id") : undefined;
    if (name === undefined || name === "" || name.length > 256) return [];
    const created = isJsonObject(entry) && typeof entry.created === "number" ? Math.trunc(entry.created) : 0;
    return [{ name, created }];
  });
}
