/** Wishes as the `provider` object that says them: for storing, for showing, and for a provider that is a router itself. */
import type { Endpoint } from "../../catalog/catalog.ts";
import type { JsonObject, JsonValue } from "../../kernel/json.ts";
import { usdNumber } from "../../kernel/money.ts";
import type { MaxPrice, PercentileBounds, StatedWishes } from "./wishes.ts";

/** What differs from saying nothing, under OpenRouter's names. `readProviderWishes` reads it back. */
export function wishesOnWire(wishes: StatedWishes): JsonObject {
  const { order = [], ignore = [], only, quantizations, sort, maxPrice, minThroughput, maxLatency } = wishes;
  const fields: Record<string, JsonValue | undefined> = {
    order: order.length > 0 ? [...order] : undefined,
    only: only ? [...only] : undefined,
    ignore: ignore.length > 0 ? [...ignore] : undefined,
    allow_fallbacks: wishes.allowFallbacks === false ? false : undefined,
    require_parameters: wishes.requireParameters ? true : undefined,
    data_collection: wishes.denyDataCollection ? "deny" : undefined,
    zdr: wishes.zeroDataRetention ? true : undefined,
    enforce_distillable_text: wishes.distillableOnly ? true : undefined,
    quantizations: quantizations ? [...quantizations] : undefined,
    sort: sort ? { by: sort.by, partition: sort.acrossModels ? "none" : "model" } : undefined,
    max_price: maxPrice ? priceOnWire(maxPrice) : undefined,
    preferred_min_throughput: minThroughput ? boundsOnWire(minThroughput) : undefined,
    preferred_max_latency: maxLatency ? boundsOnWire(maxLatency) : undefined,
  };
  return present(fields);
}

/**
 * For a provider that obeys such an object by itself: the same, with slugs as they are called there. Who is named behind
 * the provider's own slug (`openrouter/groq`) is a provider of its, and its own slug says nothing there.
 */
export function wishesFor({ providerNames }: Pick<Endpoint, "providerNames">, wishes: StatedWishes): JsonObject {
  const behind = (slug: string) => providerNames.find((name) => slug.startsWith(`${name}/`));
  const inside = (slugs: readonly string[]) =>
    slugs.filter((slug) => !providerNames.includes(slug)).map((slug) => slug.slice((behind(slug)?.length ?? -1) + 1));
  const { only = null } = wishes;
  const allowsAll = only === null || only.some((slug) => providerNames.includes(slug));
  const { only: _, ...others } = wishes;
  return wishesOnWire({
    ...others,
    order: inside(wishes.order ?? []),
    ignore: inside(wishes.ignore ?? []),
    ...(allowsAll ? {} : { only: inside(only.filter((slug) => behind(slug) !== undefined)) }),
    // Which model is next is decided here.
    ...(wishes.sort ? { sort: { by: wishes.sort.by, acrossModels: false } } : {}),
  });
}

function priceOnWire(price: MaxPrice): JsonObject {
  return present({
    prompt: dollars(price.promptNanoPerMillion),
    completion: dollars(price.completionNanoPerMillion),
    request: dollars(price.requestNano),
    image: dollars(price.imageNano),
    audio: dollars(price.audioNanoPerMillion),
  });
}

function dollars(nano: bigint | null): number | undefined {
  return nano === null ? undefined : usdNumber(nano);
}

function boundsOnWire(bounds: PercentileBounds): JsonObject {
  return present(bounds);
}

function present(fields: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  const entries = Object.entries(fields).flatMap(([name, value]): [string, JsonValue][] =>
    value === undefined ? [] : [[name, value]],
  );
  return Object.fromEntries(entries);
}
