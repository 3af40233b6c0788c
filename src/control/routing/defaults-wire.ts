/** Defaults between the form in which people set them and the fields of a request, as which they are stored. Pure. */
import { PRICED_UNITS, PROVIDER_SORTS, type RoutingDefaults } from "../../contract/schemas/routing.ts";
import { arrayField, type JsonObject, objectField, stringField } from "../../kernel/json.ts";

export function defaultsOf(stored: JsonObject): RoutingDefaults {
  const provider = objectField(stored, "provider") ?? {};
  const slugs = (name: string) => arrayField(provider, name).filter((slug) => typeof slug === "string");
  const only = slugs("only");
  const bounds = objectField(provider, "max_price") ?? {};
  const [prompt, completion, request, image, audio] = PRICED_UNITS.map((unit) => stringField(bounds, unit) ?? null);
  return {
    only: only.length === 0 ? null : only,
    ignore: slugs("ignore"),
    denyDataCollection: provider.data_collection === "deny",
    zeroDataRetention: provider.zdr === true,
    sort: PROVIDER_SORTS.find((sort) => sort === provider.sort) ?? null,
    maxPrice: {
      prompt: prompt ?? null,
      completion: completion ?? null,
      request: request ?? null,
      image: image ?? null,
      audio: audio ?? null,
    },
    defaultModel: stringField(stored, "model") ?? null,
  };
}

/** Without what is not wished. */
export function storedDefaults(defaults: RoutingDefaults): JsonObject {
  const { only, ignore, denyDataCollection, zeroDataRetention, sort, maxPrice, defaultModel } = defaults;
  const bounds = Object.entries(maxPrice).filter(([, amount]) => amount !== null);
  const provider: JsonObject = {
    ...(only === null || only.length === 0 ? {} : { only }),
    ...(ignore.length === 0 ? {} : { ignore }),
    ...(denyDataCollection ? { data_collection: "deny" } : {}),
    ...(zeroDataRetention ? { zdr: true } : {}),
    ...(sort === null ? {} : { sort }),
    ...(bounds.length === 0 ? {} : { max_price: Object.fromEntries(bounds) }),
  };
  return {
    ...(Object.keys(provider).length === 0 ? {} : { provider }),
    ...(defaultModel === null ? {} : { model: defaultModel }),
  };
}
