import { expect, test } from "bun:test";
import { priceBookSchema } from "./book/price-book.ts";
import { bundledModels, knownModel, knownModelOfProvider, knownModelsOfProvider } from "./known-models.ts";
import { type BilledUsage, costOf as chargeOf, type Price } from "./price.ts";

const costOf = (price: Price, usage: BilledUsage) => chargeOf(price, usage, Date.UTC(2026, 10, 25)).costNano;
const NO_PARTS = {
  cachedTokens: 0,
  cachedAudioTokens: 0,
  videoPromptTokens: 0,
  webSearches: 0,
  fileSearches: 0,
  cacheWriteTokens: 0,
  cacheWrite1hTokens: 0,
  audioPromptTokens: 0,
  imagePromptTokens: 0,
  reasoningTokens: 0,
  audioCompletionTokens: 0,
  imageCompletionTokens: 0,
};

test("the bundled price book is one that the schema of price books accepts", async () => {
  const book = await Bun.file(new URL("./snapshot/prices.json", import.meta.url)).json();
  expect(priceBookSchema.safeParse(book).error).toBeUndefined();
  expect(book.providers.length).toBeGreaterThan(30);
});

test("a name that is only priced like another model's is not taken for it", () => {
  expect(knownModel("gpt-5.1-codex")?.id).not.toBe("openai/gpt-5.1");
  expect(knownModel("openai/gpt-5.1-codex-max")?.id).not.toBe("openai/gpt-5.1");
  expect(knownModel("gpt-5.1-2025-11-13")?.id).toBe("openai/gpt-5.1");
});

test("the names that people and programs use for a model mean one model", () => {
  const meant = (name: string) => knownModel(name)?.id;
  expect(meant("gpt-3.5")).toBe("openai/gpt-3.5-turbo");
  expect(meant("OpenAI/GPT-4o-2024-08-06")).toBe("openai/gpt-4o");
  expect(meant("claude-sonnet-4-5")).toBe("anthropic/claude-sonnet-4.5");
  expect(meant("anthropic/claude-4.5-sonnet-20250929")).toBe("anthropic/claude-sonnet-4.5");
  expect(meant("deepseek/deepseek-r1:free")).toBe("deepseek/deepseek-r1:free");
  expect(meant("nobody/knows-this")).toBeUndefined();
});

test("the dated names that Anthropic's clients send mean the model, whoever serves it", () => {
  const meant = (name: string) => knownModel(name)?.id;
  expect(meant("claude-sonnet-4-5-20250929")).toBe("anthropic/claude-sonnet-4.5");
  expect(meant("anthropic/claude-haiku-4-5-20251001")).toBe("anthropic/claude-haiku-4.5");
  expect(meant("claude-opus-4-5-20251101")).toBe("anthropic/claude-opus-4.5");
  expect(meant("claude-sonnet-4-20250514")).toBe("anthropic/claude-sonnet-4");
  expect(meant("claude-3-5-sonnet-20241022")).toBe("anthropic/claude-3.5-sonnet");
  expect(meant("claude-3-5-sonnet-latest")).toBe("anthropic/claude-3.5-sonnet");
  // What has an entry of its own is that.
  expect(meant("gpt-4o-2024-05-13")).toBe("openai/gpt-4o-2024-05-13");
  expect(meant("claude-nothing-9-20250929")).toBeUndefined();
});

test("a provider's own names are known as the models they are, at that provider's price", () => {
  const groq = knownModelsOfProvider("groq").find((model) => model.upstreamModel === "llama-3.3-70b-versatile");
  expect(groq).toMatchObject({ id: "meta-llama/llama-3.3-70b-instruct", name: "Llama 3.3 70B Versatile 128k" });
  expect(groq?.price?.promptNanoPerMillion).toBe(590_000_000n);
  expect(knownModelOfProvider("anthropic", "claude-sonnet-4-5-20250929")?.id).toBe("anthropic/claude-sonnet-4.5");
  expect(knownModelOfProvider("bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0")?.id).toBe(
    "anthropic/claude-sonnet-4.5",
  );
  expect(knownModelsOfProvider("nobody")).toEqual([]);
});

test("no provider has two models under one id, but for the places it serves them from", () => {
  for (const slug of [
    "openai",
    "anthropic",
    "google",
    "groq",
    "together",
    "mistral",
    "deepseek",
    "fireworks",
    "azure",
  ]) {
    const ids = knownModelsOfProvider(slug).map((model) => model.id);
    expect({ slug, twice: ids.filter((id, index) => ids.indexOf(id) !== index) }).toEqual({ slug, twice: [] });
    expect(ids.length).toBeGreaterThan(2);
  }
});

test("a model is known as its author itself offers it, under the author's own name", () => {
  expect(knownModel("openai/gpt-5.2")?.upstreamModel).toBe("gpt-5.2");
  expect(knownModelsOfProvider("openai").every((model) => model.id.startsWith("openai/"))).toBe(true);
});

test("Claude's cache writes for five minutes and for an hour cost what Anthropic's price list says", () => {
  const price = knownModel("anthropic/claude-haiku-4.5")?.price;
  if (!price) throw new Error("no price");
  const tokens = { ...NO_PARTS, promptTokens: 1_000_000, cacheWriteTokens: 1_000_000, completionTokens: 0 };
  expect(costOf(price, tokens)).toBe(1_250_000_000n);
  expect(costOf(price, { ...tokens, cacheWrite1hTokens: 1_000_000 })).toBe(2_000_000_000n);
});

test("a prompt beyond the threshold is charged at the higher tier, cache reads included", () => {
  const price = knownModel("anthropic/claude-sonnet-4.5")?.price;
  if (!price) throw new Error("no price");
  const at = (promptTokens: number) =>
    costOf(price, { ...NO_PARTS, promptTokens, cachedTokens: promptTokens, completionTokens: 1000 });
  expect(at(200_000)).toBe(200_000n * 300n + 15_000_000n);
  expect(at(200_001)).toBe(200_001n * 600n + 22_500_000n);
});

test("what is known of a family is told: eyes, ears, tools, thoughts", () => {
  expect(knownModel("openai/gpt-4o")?.inputModalities).toContain("image");
  expect(knownModel("deepseek/deepseek-r1")?.inputModalities).toEqual(["text"]);
  expect(knownModel("google/gemini-2.5-pro")?.inputModalities).toEqual(["text", "image", "file", "audio", "video"]);
  expect(knownModel("openai/text-embedding-3-small")?.outputModalities).toEqual(["embeddings"]);
  expect(knownModel("anthropic/claude-sonnet-4.5")?.supportedParameters).toContain("reasoning");
  expect(knownModel("openai/gpt-5")?.supportedParameters).not.toContain("temperature");
});

test("the version that charges are recorded with names the data it comes from", () => {
  expect(bundledModels().version).toMatch(/^snapshot:genai-prices@\d/);
  expect(knownModel("openai/gpt-4o")?.price?.version).toBe(bundledModels().version);
});
