import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { providerUnderTest } from "../../../test/support/vendor.ts";
import type { JsonObject } from "../../kernel/json.ts";
import { Fields } from "../ingress/fields.ts";
import { readProviderWishes } from "../ingress/provider-wishes.ts";
import { parseBody } from "../ingress/read-body.ts";
import { requestNeeds } from "../ingress/request-needs.ts";
import { openrouterProvider } from "../providers/openrouter/openrouter.ts";
import { mergeWishes } from "./merge-wishes.ts";
import { NO_WISHES, SORTS } from "./wishes.ts";
import { wishesFor, wishesOnWire } from "./wishes-on-wire.ts";

const read = (provider: JsonObject, more: JsonObject = {}) => readProviderWishes(new Fields({ ...more, provider }));
const slug = fc.constantFrom("openai", "groq", "deepinfra/fp8", "openrouter/groq", "openrouter");
const slugs = fc.uniqueArray(slug, { minLength: 1, maxLength: 4 });
const figure = fc.integer({ min: 1, max: 500 });

const written = fc.record(
  {
    order: slugs,
    only: slugs,
    ignore: slugs,
    allow_fallbacks: fc.constant(false),
    require_parameters: fc.constant(true),
    data_collection: fc.constant("deny"),
    zdr: fc.constant(true),
    enforce_distillable_text: fc.constant(true),
    quantizations: fc.uniqueArray(fc.constantFrom("fp8", "int4", "unknown"), { minLength: 1 }),
    sort: fc.record({ by: fc.constantFrom(...SORTS), partition: fc.constantFrom("model", "none") }),
    max_price: fc.record(
      { prompt: figure, completion: figure, request: figure, image: figure, audio: figure },
      { requiredKeys: ["prompt"] },
    ),
    preferred_min_throughput: fc.record(
      { p50: figure, p75: figure, p90: figure, p99: figure },
      { requiredKeys: ["p50"] },
    ),
    preferred_max_latency: fc.record({ p50: figure, p90: figure }, { requiredKeys: ["p90"] }),
  },
  { requiredKeys: [] },
);

describe("the wishes of a request", () => {
  test("are written as they were read, every field of them", () => {
    fc.assert(
      fc.property(written, (provider) => {
        const plain: JsonObject = JSON.parse(JSON.stringify(provider));
        expect(wishesOnWire(read(plain))).toEqual(plain);
        expect(wishesOnWire(mergeWishes(read(plain)))).toEqual(plain);
      }),
      { numRuns: 2_000 },
    );
  });

  test("may be said more shortly, and what is empty or null is not said", () => {
    expect(read({ sort: "price", preferred_max_latency: 3, max_price: { prompt: "0.5" } })).toEqual({
      sort: { by: "price", acrossModels: false },
      maxLatency: { p50: 3 },
      maxPrice: {
        promptNanoPerMillion: 500_000_000n,
        completionNanoPerMillion: null,
        requestNano: null,
        imageNano: null,
        audioNanoPerMillion: null,
      },
    });
    expect(read({ sort: "price" }, { route: "sort" }).sort).toEqual({ by: "price", acrossModels: true });
    expect(read({ order: [], only: [], ignore: null, zdr: null, quantizations: [], max_price: {} })).toEqual({});
    expect(read({ order: ["OpenAI", "openai", " Groq "] }).order).toEqual(["openai", "groq"]);
  });
});

describe("the wishes of account, preset and request together", () => {
  test("keep out whom any of them keeps out, whatever the others say", () => {
    const account = { only: ["openai", "groq/fp8"], ignore: ["a"], zeroDataRetention: true, denyDataCollection: true };
    const request = {
      only: ["groq", "openai", "x"],
      ignore: ["b"],
      zeroDataRetention: false,
      denyDataCollection: false,
    };
    expect(mergeWishes(account, null, request)).toMatchObject({
      only: ["openai", "groq/fp8"],
      ignore: ["a", "b"],
      zeroDataRetention: true,
      denyDataCollection: true,
    });
    expect(mergeWishes({ only: ["a"] }, { only: ["b"] }).only).toEqual([]);
    expect(mergeWishes(null, undefined)).toEqual(NO_WISHES);
  });

  test("choose as the last one says that chooses at all: an order or a sort, not both", () => {
    const byPrice = { by: "price", acrossModels: false } as const;
    expect(mergeWishes({ order: ["a"] }, { sort: byPrice })).toMatchObject({ order: [], sort: byPrice });
    expect(mergeWishes({ sort: byPrice }, { order: ["a"] })).toMatchObject({ order: ["a"], sort: null });
    expect(mergeWishes({ order: ["a"], allowFallbacks: false }, { ignore: ["b"] })).toMatchObject({
      order: ["a"],
      allowFallbacks: false,
    });
    expect(mergeWishes({ allowFallbacks: false }, { allowFallbacks: true }).allowFallbacks).toBe(true);
  });
});

describe("a provider that is a router itself", () => {
  const router = { providerNames: ["openrouter"] };

  test("is told the wishes with slugs as they are called there", () => {
    const wishes = {
      order: ["openrouter/groq", "openrouter", "openai"],
      ignore: ["openrouter/azure"],
      zeroDataRetention: true,
    };
    expect(wishesFor(router, wishes)).toEqual({ order: ["groq", "openai"], ignore: ["azure"], zdr: true });
    expect(wishesFor(router, { only: ["groq", "openrouter/azure"] })).toEqual({ only: ["azure"] });
    expect(wishesFor(router, { only: ["groq", "openrouter"] })).toEqual({});
    expect(wishesFor(router, { sort: { by: "price", acrossModels: true } })).toEqual({
      sort: { by: "price", partition: "model" },
    });
  });

  test("gets no body other than the client's where nobody wishes anything", () => {
    const identity = { slug: "openrouter", name: "OpenRouter", baseUrl: "https://openrouter.example.com" };
    const { sent } = providerUnderTest(openrouterProvider(identity));
    const messages = [{ role: "user", content: "Halo" }];
    expect(sent({ messages }).body).not.toHaveProperty("provider");
  });
});

test("many texts in one request are no long prompt, for each is looked at by itself", () => {
  const bytesOf = (body: object) => {
    const bytes = new Uint8Array(new TextEncoder().encode(JSON.stringify(body)));
    return requestNeeds(parseBody(bytes, { maxBytes: 1e6, maxDepth: 64 })).promptBytes;
  };
  const texts = Array.from({ length: 500 }, () => "a text of some length ".repeat(20));
  expect(bytesOf({ input: texts })).toBe(0);
  expect(bytesOf({ input: [{ content: [{ type: "text", text: texts.join() }] }] })).toBe(0);
  expect(bytesOf({ query: "x", documents: texts })).toBe(0);
  expect(bytesOf({ prompt: texts })).toBe(0);
  expect(bytesOf({ input: [{ role: "user", content: texts.join() }] })).toBeGreaterThan(200_000);
  expect(bytesOf({ messages: [{ role: "user", content: texts.join() }] })).toBeGreaterThan(200_000);
});

test("what a request needs is read alike from every dialect", () => {
  const needs = (body: object) =>
    requestNeeds(
      parseBody(new Uint8Array(new TextEncoder().encode(JSON.stringify(body))), { maxBytes: 1e6, maxDepth: 64 }),
    );
  const schema = { type: "json_schema", name: "x", schema: {} };
  const picture = { role: "user", content: [{ type: "image_url", image_url: { url: "https://example.com/a.png" } }] };
  const chat = needs({
    messages: [picture],
    max_tokens: 50,
    stop: ["x"],
    tools: [{}],
    temperature: null,
    response_format: { type: "json_schema", json_schema: {} },
    modalities: ["text", "image"],
  });
  expect([...chat.parameters].sort()).toEqual(["max_tokens", "response_format", "stop", "structured_outputs", "tools"]);
  expect(chat).toMatchObject({ inputs: ["image"], outputs: ["image"], maxOutputTokens: 50 });
  const responses = needs({
    input: [picture],
    max_output_tokens: 50,
    text: { format: schema, verbosity: "low" },
    tools: [],
  });
  expect([...responses.parameters].sort()).toEqual([
    "max_tokens",
    "response_format",
    "structured_outputs",
    "verbosity",
  ]);
  expect(responses).toMatchObject({ inputs: ["image"], maxOutputTokens: 50 });
  const claude = needs({ messages: [], max_tokens: 9, stop_sequences: ["x"], thinking: { type: "enabled" } });
  expect([...claude.parameters].sort()).toEqual(["max_tokens", "reasoning", "stop"]);
  expect(needs({ response_format: { type: "text" }, service_tier: "constructor" }).parameters).toEqual([]);
});
