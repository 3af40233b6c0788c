import { expect, test } from "bun:test";
import { Catalog, type OfferedModel, type ProviderOffer } from "./catalog.ts";

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
