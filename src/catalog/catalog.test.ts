import { expect, test } from "bun:test";
import { Catalog, type OfferedModel, type ProviderOffer } from "./catalog.ts";
import { KnownModels } from "./known-models.ts";

function model(id: string, upstreamModel: string): OfferedModel {
  return {
    id,
    upstreamModel,
    name: id,
    description: "",
    created: 0,
    contextLength: null,
    maxCompletionTokens: null,
    inputModalities: ["text"],
    outputModalities: ["text"],
    supportedParameters: [],
    price: null,
  };
}

function offer(slug: string, rank: number, models: OfferedModel[]): ProviderOffer {
  return { slug, name: slug.toUpperCase(), rank, models };
}

const listPrice = {
  version: "test:1",
  promptNanoPerMillion: 1n,
  completionNanoPerMillion: 1n,
  cachedPromptNanoPerMillion: null,
  overrides: [],
};

const sandbox = {
  providerSlug: "sandbox",
  providerName: "Sandbox",
  modelId: "sandbox/chat",
  price: null,
};

test("gpt-3.5 means the model that OpenAI serves once OpenAI is connected", () => {
  const catalog = new Catalog();
  catalog.setStandIn(null);
  catalog.report(offer("openai", 1, [model("openai/gpt-3.5-turbo", "gpt-3.5-turbo")]));
  const resolution = catalog.resolve("gpt-3.5");
  expect(resolution).toMatchObject({
    kind: "found",
    endpoints: [{ providerSlug: "openai", upstreamModel: "gpt-3.5-turbo" }],
  });
});

test("with nobody connected the stand-in answers known names, under its own name", () => {
  const catalog = new Catalog();
  catalog.setStandIn(sandbox);
  expect(catalog.resolve("gpt-3.5")).toMatchObject({
    kind: "found",
    endpoints: [{ providerName: "Sandbox", modelId: "sandbox/chat", reason: "stand-in" }],
  });
  expect(catalog.resolve("no-such-model")).toEqual({ kind: "unknown" });
});

test("a known model that nobody connected serves is told apart from a name nobody knows", () => {
  const catalog = new Catalog();
  catalog.report(offer("ollama", 5, [model("ollama/llama3.2", "llama3.2")]));
  expect(catalog.resolve("gpt-3.5")).toEqual({
    kind: "not-connected",
    modelId: "openai/gpt-3.5-turbo",
    author: "openai",
  });
  expect(catalog.resolve("acme/nothing")).toEqual({ kind: "unknown" });
});

test("the same model from two providers has two endpoints, in order of rank", () => {
  const catalog = new Catalog();
  catalog.report(offer("openrouter", 2, [model("openai/gpt-4o", "openai/gpt-4o")]));
  catalog.report(offer("openai", 1, [model("openai/gpt-4o", "gpt-4o")]));
  const resolution = catalog.resolve("openai/gpt-4o");
  expect(resolution.kind === "found" && resolution.endpoints.map((endpoint) => endpoint.providerSlug)).toEqual([
    "openai",
    "openrouter",
  ]);
  expect(catalog.list()).toHaveLength(1);
});

test("a provider whose list is unknown is tried for names that could be its own", () => {
  const catalog = new Catalog();
  const acceptUnlisted = (name: string) => (name.includes("/") ? name : undefined);
  catalog.report({ ...offer("openrouter", 2, []), acceptUnlisted });
  expect(catalog.resolve("gpt-3.5")).toMatchObject({
    endpoints: [{ upstreamModel: "openai/gpt-3.5-turbo", reason: "unlisted", price: null }],
  });
  expect(catalog.resolve("mystery")).toEqual({ kind: "unknown" });
});

test("a withdrawn provider's models are gone at once", () => {
  const catalog = new Catalog();
  catalog.report(offer("local", 1, [model("local/a", "a")]));
  catalog.withdraw("local");
  expect(catalog.resolve("local/a")).toEqual({ kind: "unknown" });
  expect(catalog.list()).toEqual([]);
});

test("a wish for how to choose a provider leads to the base model and is kept, stacked or not", () => {
  const catalog = new Catalog();
  catalog.report(offer("openai", 1, [model("openai/gpt-4o", "gpt-4o"), model("openai/gpt-4o:extended", "gpt-4o-x")]));
  const wish = (name: string) => {
    const found = catalog.resolve(name);
    return found.kind === "found" ? [found.endpoints[0]?.upstreamModel, ...found.variants] : found.kind;
  };
  expect(wish("openai/gpt-4o")).toEqual(["gpt-4o"]);
  expect(wish("openai/gpt-4o:nitro")).toEqual(["gpt-4o", "nitro"]);
  expect(wish("gpt-4o:online:floor:online")).toEqual(["gpt-4o", "online", "floor"]);
  expect(wish("openai/gpt-4o:extended")).toEqual(["gpt-4o-x"]);
  expect(wish("openai/gpt-4o:extended:exacto")).toEqual(["gpt-4o-x", "exacto"]);
});

test("a variant that is a model of its own is never answered by the dearer base model", () => {
  const catalog = new Catalog();
  catalog.report(offer("openai", 1, [model("openai/gpt-4o", "gpt-4o")]));
  expect(catalog.resolve("openai/gpt-4o:free")).toEqual({ kind: "unknown" });
  expect(catalog.resolve("openai/gpt-4o:thinking:nitro")).toEqual({ kind: "unknown" });
});

test("the newest of a family is found by its version, before previews and beside other families", () => {
  const catalog = new Catalog();
  const ids = [
    "claude-opus-4.6",
    "claude-opus-4.10",
    "claude-opus-4.11-preview",
    "claude-opus-4.12-fast",
    "claude-sonnet-5",
  ];
  catalog.report(
    offer(
      "anthropic",
      1,
      ids.map((id) => model(`anthropic/${id}`, id)),
    ),
  );
  expect(catalog.find("~anthropic/claude-opus-latest")?.model.id).toBe("anthropic/claude-opus-4.10");
  expect(catalog.find("~anthropic/claude-haiku-latest")).toBeUndefined();
  expect(catalog.resolve("~anthropic/claude-haiku-latest")).toMatchObject({ kind: "not-connected" });
  expect(catalog.resolve("~anthropic/claude-dream-latest")).toEqual({ kind: "unknown" });
});

test("the operator's word counts more than a fetched price, that more than the list, that more than the bundled book", () => {
  const catalog = new Catalog();
  const plain = { ...model("meta-llama/llama-3.3-70b-instruct", "llama-3.3-70b-versatile"), isPlain: true };
  const promptPrice = () => catalog.priceOf("groq", plain.id)?.promptNanoPerMillion;
  const priced = (nano: bigint) => ({ ...listPrice, promptNanoPerMillion: nano });
  catalog.report(offer("groq", 1, [plain]));
  expect(promptPrice()).toBe(590_000_000n);
  catalog.report(offer("groq", 1, [{ ...plain, price: priced(2n) }]));
  expect(promptPrice()).toBe(2n);
  const groq = { id: plain.id, model: plain.upstreamModel, context: 7, price: { prompt: 3, completion: 4 } };
  catalog.setRefreshed(
    new KnownModels({ version: "new:1", providers: [{ slug: "groq", name: "Groq", models: [groq] }] }),
  );
  expect(promptPrice()).toBe(3n);
  expect(catalog.list()[0]?.contextLength).toBe(7);
  catalog.setOverrides([
    { id: plain.id.toUpperCase(), provider: null, price: priced(4n), contextLength: 9, name: "Ours" },
    { id: plain.id, provider: "groq", price: priced(5n) },
    { id: plain.id, provider: "other", price: priced(6n) },
  ]);
  expect(promptPrice()).toBe(5n);
  expect(catalog.list()[0]).toMatchObject({ contextLength: 9, name: "Ours" });
  catalog.setOverrides([]);
  expect(promptPrice()).toBe(3n);
});

test("nobody's price is taken for somebody else's", () => {
  const catalog = new Catalog();
  const plain = { ...model("meta-llama/llama-3.3-70b-instruct", "llama-3.3-70b-versatile"), isPlain: true };
  catalog.report(offer("my-server", 1, [plain]));
  catalog.report({ ...offer("groq", 2, [plain]), pricedAs: null });
  expect(catalog.priceOf("my-server", plain.id)).toBeNull();
  expect(catalog.priceOf("groq", plain.id)).toBeNull();
  expect(catalog.list()[0]?.supportedParameters).toContain("tools");
});

test("an alias of the operator counts more than any other meaning; a hidden model answers but is on no list", () => {
  const catalog = new Catalog();
  catalog.report(
    offer("openai", 1, [model("openai/gpt-4o", "gpt-4o"), model("openai/gpt-3.5-turbo", "gpt-3.5-turbo")]),
  );
  catalog.setOverrides([{ id: "openai/gpt-4o", provider: null, aliases: ["House/Model", "gpt-3.5"], isHidden: true }]);
  expect(catalog.find("house/model")?.model.id).toBe("openai/gpt-4o");
  expect(catalog.find("house/model:nitro")?.model.id).toBe("openai/gpt-4o");
  expect(catalog.find("gpt-3.5")?.model.id).toBe("openai/gpt-4o");
  expect(catalog.list().map(({ id }) => id)).toEqual(["openai/gpt-3.5-turbo"]);
});

test("a name with a date means the model that it dates", () => {
  const catalog = new Catalog();
  catalog.report(offer("anthropic", 1, [model("anthropic/claude-sonnet-4.5", "claude-sonnet-4-5")]));
  expect(catalog.find("anthropic/claude-4.5-sonnet-20250929")?.model.id).toBe("anthropic/claude-sonnet-4.5");
  expect(catalog.list()[0]?.canonicalSlug).toMatch(/20250929$/);
});

test("a model that is priced like another one keeps a slug of its own", () => {
  const catalog = new Catalog();
  catalog.report(offer("openai", 1, [model("openai/gpt-5.1-codex-max", "gpt-5.1-codex-max")]));
  expect(catalog.list()[0]?.canonicalSlug).toBe("openai/gpt-5.1-codex-max");
});

test("what several providers call differently is one model with an endpoint at each, by either name", () => {
  const catalog = new Catalog();
  const plain = (id: string, upstreamModel: string) => ({ ...model(id, upstreamModel), isPlain: true });
  catalog.report(offer("groq", 1, [plain("groq/llama-3.3-70b-versatile", "llama-3.3-70b-versatile")]));
  catalog.report(offer("cerebras", 2, [plain("cerebras/llama-3.3-70b", "llama-3.3-70b")]));
  catalog.report(offer("openai", 3, [plain("openai/gpt-4o-2024-11-20", "gpt-4o-2024-11-20")]));
  const listed = catalog.find("meta-llama/llama-3.3-70b-instruct");
  expect(listed?.endpoints.map(({ providerSlug, upstreamModel }) => [providerSlug, upstreamModel])).toEqual([
    ["groq", "llama-3.3-70b-versatile"],
    ["cerebras", "llama-3.3-70b"],
  ]);
  expect(catalog.find("groq/llama-3.3-70b-versatile")?.model.id).toBe("meta-llama/llama-3.3-70b-instruct");
  expect(catalog.list().map(({ id }) => id)).toContain("openai/gpt-4o-2024-11-20");
});

test("a price of the dashboard counts more than the provider's list, for that provider alone, and less than the file's", () => {
  const catalog = new Catalog();
  const priced = (version: string) => ({
    version,
    promptNanoPerMillion: 1n,
    completionNanoPerMillion: 2n,
    cachedPromptNanoPerMillion: null,
    overrides: [],
  });
  const offered = { ...model("acme/m", "m"), price: priced("acme:list") };
  for (const slug of ["one", "two"]) catalog.report({ slug, name: slug, rank: 1, models: [offered] });
  const versions = () => ["one", "two"].map((slug) => catalog.priceOf(slug, "acme/m")?.version);
  catalog.setOwnPrices([{ provider: "one", model: "ACME/m", price: priced("dashboard") }]);
  expect(versions()).toEqual(["dashboard", "acme:list"]);
  catalog.setOverrides([{ id: "acme/m", provider: null, price: priced("operator") }]);
  expect(versions()).toEqual(["operator", "operator"]);
  catalog.setOverrides([]);
  catalog.setOwnPrices([]);
  expect(versions()).toEqual(["acme:list", "acme:list"]);
});
