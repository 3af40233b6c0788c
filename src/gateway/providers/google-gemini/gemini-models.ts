/** Lists of Google's models, from either of its APIs, as models that can be called. */
import type { OfferedModel } from "../../../catalog/catalog.ts";
import { knownModelsOfProvider } from "../../../catalog/known-models.ts";
import { arrayField, isJsonObject, type JsonObject, type JsonValue, stringField } from "../../../kernel/json.ts";
import { plainModel } from "../openai-compatible/plain-models.ts";
import { isGeminiEmbedding } from "./embeddings.ts";

/** Models that answer other operations, or only over a socket. */
const OTHER_OPERATIONS = /embedding|imagen|veo|lyria|aqa|live|native-audio|gecko|bison|computer-use|robotics/;
const GOOGLES_OWN = /^(?:gemini|gemma|learnlm|nano-banana)/;

/** What is known of Google's models before it is asked. */
export function knownGeminiModels(): OfferedModel[] {
  const known = knownModelsOfProvider("google").filter(({ upstreamModel }) => upstreamModel.startsWith("gemini-"));
  return known
    .filter((model) => isGeminiEmbedding(model.upstreamModel) || answersContent(model))
    .map((model) => ({ ...model, created: 0 }));
}

function answersContent({
  upstreamModel,
  outputModalities,
}: {
  upstreamModel: string;
  outputModalities: readonly string[];
}) {
  return !OTHER_OPERATIONS.test(upstreamModel) && outputModalities.some((kind) => kind === "text" || kind === "image");
}

/** The models of a list under `field`, or of one that an operator wrote; undefined when it is no list. */
export function readGeminiModels(list: JsonValue, field: string): OfferedModel[] | undefined {
  if (!isJsonObject(list)) return undefined;
  if (Array.isArray(list.data)) {
    const named = arrayField(list, "data").flatMap((entry) =>
      isJsonObject(entry) ? (stringField(entry, "id") ?? []) : [],
    );
    return named.map((name) => offered(name.replace(/^google\//, "")));
  }
  if (!Array.isArray(list[field])) return undefined;
  return arrayField(list, field).flatMap((entry) => (isJsonObject(entry) ? (readModel(entry) ?? []) : []));
}

function readModel(entry: JsonObject): OfferedModel | undefined {
  const name = stringField(entry, "name")?.replace(/^.*models\//, "");
  if (name === undefined || !/^[\w.@-]{1,128}$/.test(name)) return undefined;
  const embeds = isGeminiEmbedding(name);
  if (!embeds && (!GOOGLES_OWN.test(name) || OTHER_OPERATIONS.test(name))) return undefined;
  const methods = arrayField(entry, "supportedGenerationMethods");
  if (methods.length > 0 && !methods.includes(embeds ? "embedContent" : "generateContent")) return undefined;
  const { inputTokenLimit: context, outputTokenLimit: limit } = entry;
  const model = offered(name);
  return {
    ...model,
    name: stringField(entry, "displayName") ?? model.name,
    description: stringField(entry, "description") ?? "",
    contextLength: typeof context === "number" ? context : null,
    maxCompletionTokens: typeof limit === "number" && !embeds ? limit : null,
  };
}

function offered(name: string): OfferedModel {
  const model = plainModel(`google/${name}`, name);
  return isGeminiEmbedding(name) ? { ...model, outputModalities: ["embeddings"], supportedParameters: [] } : model;
}
