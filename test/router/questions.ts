/** Random questions to the router: small values, so that ties and borders are common. */
import type { Endpoint, OfferedModel } from "../../src/catalog/catalog.ts";
import type { Price } from "../../src/catalog/price.ts";
import type { ModelAsked, RouteQuestion } from "../../src/gateway/router/decide.ts";
import type { RequestNeeds } from "../../src/gateway/router/needs.ts";
import { type EndpointStanding, NOTHING_ASKED, UNKNOWN_STANDING } from "../../src/gateway/router/route.ts";
import { NO_WISHES, type RoutingWishes, SORTS } from "../../src/gateway/router/wishes.ts";
import { endpointAt, modelWith, priceOf } from "../support/endpoints.ts";
import { type Random, randomFrom } from "../support/fuzz/random.ts";

const PROVIDERS = ["ant", "bee", "cat", "dog", "elk", "fox", "router"] as const;
const TAGS = ["", "", "", "fp8", "west", "east", "north", "priority", "flex"] as const;
const LEVELS = [undefined, "fp8", "int4", "bf16"] as const;
const PARAMETERS = ["temperature", "tools", "response_format", "structured_outputs", "verbosity", "seed"] as const;
const KINDS = ["image", "audio"] as const;

/** `fields` names the wishes that are likely to be there; the others are rare. */
export function randomQuestion(seed: number, size: number, fields: readonly (keyof RoutingWishes)[]): RouteQuestion {
  const random = randomFrom(seed);
  const models = Array.from({ length: 1 + upTo(random, 2) }, (_, index) => randomModel(random, index, size));
  const standings = new Map<string, EndpointStanding>();
  // Where all is well, only prices tell endpoints apart.
  const isCalm = random.chance(0.4);
  for (const { endpoints } of models) {
    for (const endpoint of endpoints) standings.set(idOf(endpoint), isCalm ? UNKNOWN_STANDING : randomStanding(random));
  }
  const draws = models.map(() => upTo(random, 999) / 1_000);
  let drawn = 0;
  return {
    models,
    wishes: randomWishes(random, fields),
    allowedModels: null,
    needs: randomNeeds(random),
    nowMs: 0,
    health: { standing: (endpoint) => standings.get(idOf(endpoint)) ?? fail() },
    random: () => draws[drawn++ % draws.length] ?? 0,
  };
}

export function idOf({ tag, modelId }: Pick<Endpoint, "tag" | "modelId">): string {
  return `${modelId} at ${tag}`;
}

function fail(): never {
  throw new Error("the router asked about an endpoint that is not in the question");
}

function upTo(random: Random, most: number): number {
  return random.whole(most + 1);
}

function some<Value>(random: Random, values: readonly Value[], chance = 0.5): Value[] {
  return values.filter(() => random.chance(chance));
}

function randomModel(random: Random, index: number, size: number): ModelAsked {
  const endpoints = new Map<string, Endpoint>();
  for (let count = upTo(random, size); count > 0; count--) {
    const endpoint = randomEndpoint(random, `acme/m${index}`);
    endpoints.set(endpoint.tag, endpoint);
  }
  const tags = [...endpoints.keys()];
  return {
    endpoints: [...endpoints.values()],
    sort: random.chance(0.1) ? random.pick(SORTS) : null,
    openTiers: random.chance(0.1) ? ["priority"] : [],
    freeOnly: random.chance(0.03),
    asked: NOTHING_ASKED,
    pinnedTag: random.chance(0.3) ? (tags[upTo(random, Math.max(0, tags.length - 1))] ?? null) : null,
  };
}

function randomEndpoint(random: Random, modelId: string): Endpoint {
  const provider = random.pick(PROVIDERS);
  const tag = random.pick(TAGS);
  const price = randomPrice(random);
  const policy = [undefined, true, false] as const;
  const [dataCollection, zeroDataRetention] = [
    random.pick<boolean | undefined>(policy),
    random.pick<boolean | undefined>(policy),
  ];
  return endpointAt(tag === "" ? provider : `${provider}/${tag}`, {
    modelId,
    price,
    dataPolicy: {
      ...(dataCollection === undefined ? {} : { dataCollection }),
      ...(zeroDataRetention === undefined ? {} : { zeroDataRetention }),
    },
    ...(provider === "router" ? { readsWishes: true } : {}),
    ...(random.chance(0.2) ? { priority: upTo(random, 2) } : {}),
    ...(random.chance(0.1) ? { weight: upTo(random, 3) } : {}),
    ...(random.chance(0.1) ? {} : { model: randomOffer(random, { id: modelId, price, tag }) }),
  });
}

function randomPrice(random: Random): Price | null {
  if (random.chance(0.15)) return null;
  if (random.chance(0.1)) return priceOf(0);
  const price = priceOf(1 + upTo(random, 3), 1 + upTo(random, 3));
  return random.chance(0.2) ? { ...price, requestNano: BigInt(upTo(random, 3)) * 1_000_000n } : price;
}

function randomOffer(random: Random, more: { id: string; price: Price | null; tag: string }): OfferedModel {
  const quantization = random.pick(LEVELS);
  return modelWith({
    id: more.id,
    price: more.price,
    contextLength: random.pick([null, null, 1_000, 4_000, 16_000]),
    maxCompletionTokens: random.pick([null, null, 500, 2_000]),
    inputModalities: ["text", ...some(random, KINDS)],
    outputModalities: ["text", ...some(random, KINDS, 0.2)],
    supportedParameters: random.chance(0.1) ? [] : some(random, PARAMETERS, 0.8),
    ...(quantization === undefined ? {} : { quantization }),
    ...(random.chance(0.2) ? { isPlain: true } : {}),
    ...(random.chance(0.5) ? { isDistillable: random.chance(0.7) } : {}),
    ...(more.tag === "priority" || more.tag === "flex" ? { serviceTier: more.tag } : {}),
  });
}

function randomStanding(random: Random): EndpointStanding {
  const spread = (figure: number) => ({ p50: figure, p75: figure + 1, p90: figure + 2, p99: figure + 3 });
  return {
    isAvailable: random.chance(0.85),
    hasOutage: random.chance(0.15),
    uptime: random.pick([null, null, 1, 1, 0.99, 0.95, 0.94, 0.8, 0.79, 0.2]),
    latencySeconds: random.chance(0.3) ? null : spread(1 + upTo(random, 4)),
    throughput: random.chance(0.3) ? null : spread(random.pick([1, 50, 60, 60, 70, 80])),
  };
}

function randomNeeds(random: Random): RequestNeeds {
  return {
    parameters: some(random, [...PARAMETERS, "tool_choice", "max_completion_tokens"], 0.25),
    inputs: some(random, KINDS, 0.15),
    outputs: some(random, KINDS, 0.05),
    promptBytes: random.pick([40, 40, 400, 3_999, 4_001, 10_001]),
    maxOutputTokens: random.pick([null, null, null, null, 500, 501, 2_001]),
    serviceTier: random.pick([null, null, null, "fast", "flex", "auto"]),
  };
}

function randomWishes(random: Random, likely: readonly (keyof RoutingWishes)[]): RoutingWishes {
  const slug = () => {
    const provider = random.pick(PROVIDERS);
    const tag = random.chance(0.3) ? random.pick([...TAGS, "elsewhere"]) : "";
    return tag === "" ? provider : `${provider}/${tag}`;
  };
  const slugs = (least: number) => Array.from({ length: least + upTo(random, 3) }, slug);
  const nano = () => (random.chance(0.5) ? BigInt(upTo(random, 4)) * 1_000_000_000n : null);
  const all: RoutingWishes = {
    order: slugs(1),
    only: slugs(0),
    ignore: slugs(1),
    allowFallbacks: false,
    requireParameters: true,
    denyDataCollection: true,
    zeroDataRetention: true,
    distillableOnly: true,
    quantizations: some(random, ["fp8", "int4", "unknown"]),
    sort: { by: random.pick(SORTS), acrossModels: random.chance(0.3) },
    maxPrice: {
      promptNanoPerMillion: nano(),
      completionNanoPerMillion: nano(),
      requestNano: random.chance(0.2) ? 1_000_000n : null,
      imageNano: random.chance(0.2) ? 3_000_000n : null,
      audioNanoPerMillion: random.chance(0.2) ? 2_000_000_000n : null,
    },
    minThroughput: random.chance(0.5) ? { p50: 60 } : { p50: 50, p90: 63 },
    maxLatency: random.chance(0.5) ? { p50: 3 } : { p99: 6 },
  };
  const kept = Object.entries(all).filter(([name]) =>
    random.chance(likely.some((field) => field === name) ? 0.8 : 0.06),
  );
  return { ...NO_WISHES, ...Object.fromEntries(kept) };
}
