/**
 * Bedrock's models. A model can be called in the region itself, or through an inference profile that spreads calls over
 * a part of the world or all of it; many can be called through a profile only. A model's plain id means the nearest of
 * these ways, so that data stays where the operator chose the region; the others keep names of their own.
 */
import type { OfferedModel } from "../../../catalog/catalog.ts";
import { type KnownModel, knownModelOfProvider } from "../../../catalog/known-models.ts";
import {
  arrayField,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  objectField,
  stringField,
} from "../../../kernel/json.ts";
import { plainModel } from "../openai-compatible/plain-models.ts";
import { bedrockEmbeddings } from "./embeddings.ts";
import { bedrockRerank } from "./rerank.ts";

/** The slug under which prices are known, and what stands before a profile's model. */
const BOOK = "bedrock";
const PLACE = /^(?:global|apac|us-gov|us|eu|jp|au|ca|sa|me|af|il|mx|uk|in|kr|sg)\./;
const EVERYWHERE = /^global\./;

interface Way {
  model: OfferedModel;
  known: KnownModel | undefined;
  /** In the region, in its part of the world, anywhere. */
  distance: number;
}

/** `list` is `{foundation, profiles}`, two answers of Amazon's, or names that an operator wrote. */
export function readBedrockModels(list: JsonValue, slug: string): OfferedModel[] | undefined {
  if (!isJsonObject(list)) return undefined;
  if (Array.isArray(list.data)) {
    const names = arrayField(list, "data").flatMap((entry) =>
      isJsonObject(entry) ? (stringField(entry, "id") ?? []) : [],
    );
    return named(names.map((name) => wayOf(name, slug)));
  }
  const foundation = arrayField(objectField(list, "foundation") ?? {}, "modelSummaries").filter(isJsonObject);
  if (!isJsonObject(list.foundation) || !Array.isArray(list.foundation.modelSummaries)) return undefined;
  const usable = new Map(foundation.filter(isUsable).map((entry) => [stringField(entry, "modelId") ?? "", entry]));
  const direct = [...usable].filter(([, entry]) => arrayField(entry, "inferenceTypesSupported").includes("ON_DEMAND"));
  const profiles = arrayField(objectField(list, "profiles") ?? {}, "inferenceProfileSummaries").filter(isJsonObject);
  const spread = profiles.flatMap((entry): [string, JsonObject][] => {
    const id = stringField(entry, "inferenceProfileId") ?? "";
    const model = usable.get(id.replace(PLACE, ""));
    return model !== undefined && entry.status === "ACTIVE" ? [[id, model]] : [];
  });
  return named([...direct, ...spread].map(([id, entry]) => wayOf(id, slug, entry)));
}

/** What a model makes, where that is not text. */
function otherOutput(id: string): "embeddings" | "rerank" | undefined {
  if (bedrockEmbeddings(BOOK, id)) return "embeddings";
  return bedrockRerank(BOOK, id) ? "rerank" : undefined;
}

/** Vectors are made by models of many shapes, of which some are spoken. */
function isUsable(entry: JsonObject): boolean {
  const isActive = stringField(objectField(entry, "modelLifecycle") ?? {}, "status") !== "LEGACY";
  const id = stringField(entry, "modelId") ?? "";
  // Variants with a size of context behind the version are only for provisioned throughput.
  const answers = arrayField(entry, "outputModalities").includes("TEXT") || otherOutput(id) !== undefined;
  return isActive && id !== "" && !/:\d+k$|:mm$/.test(id) && answers;
}

function wayOf(id: string, slug: string, entry: JsonObject = {}): Way {
  const bare = id.replace(PLACE, "");
  const known = knownModelOfProvider(BOOK, id) ?? knownModelOfProvider(BOOK, bare);
  const distance = EVERYWHERE.test(id) ? 2 : PLACE.test(id) ? 1 : 0;
  const listed = stringField(entry, "modelName");
  const inputs = arrayField(entry, "inputModalities").flatMap((kind) =>
    typeof kind === "string" ? [kind.toLowerCase()] : [],
  );
  const plain = plainModel(`${slug}/${id}`, id);
  const other = otherOutput(id);
  const model: OfferedModel = {
    ...plain,
    name: listed ?? known?.name ?? id,
    inputModalities: known?.inputModalities ?? (inputs.length > 0 ? inputs : ["text"]),
    outputModalities: other ? [other] : (known?.outputModalities ?? ["text"]),
    contextLength: known?.contextLength ?? null,
    supportedParameters: other ? [] : (known?.supportedParameters ?? plain.supportedParameters),
    price: known?.price ?? null,
    // Its id is decided here, not by its name alone.
    isPlain: false,
  };
  return { model, known, distance };
}

/** Gives each known model's id to the nearest of its ways, and to no second one. */
function named(ways: readonly Way[]): OfferedModel[] {
  const taken = new Set<string>();
  const nearestFirst = [...ways].sort((a, b) => a.distance - b.distance);
  const ids = new Map<Way, string>();
  for (const way of nearestFirst) {
    const id = way.known?.id;
    if (id === undefined || taken.has(id) || id.startsWith("aws/")) continue;
    taken.add(id);
    ids.set(way, id);
  }
  return ways.map((way) => ({ ...way.model, id: ids.get(way) ?? way.model.id }));
}
