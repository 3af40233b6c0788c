import { expect, test } from "bun:test";
import { loadConfig } from "./load.ts";

function load(file: string) {
  return loadConfig({
    env: {},
    flags: {},
    cwd: "/srv",
    readFile: (path) => (path === "/srv/gapura.config.yaml" ? file : undefined),
  });
}

test("what the operator says of a model is read exactly, with a version that holds the price's figures", () => {
  const result = load(`
models:
  - id: openai/gpt-4o
    name: House model
    contextLength: 64000
    aliases: [house, House/Best]
    hidden: on
    zeroDataRetention: on
    regions: eu
  - id: openai/gpt-4o
    provider: groq
    price: { prompt: 2.5, completion: "10", cacheRead: 0.0375, webSearch: 0.01 }
`);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  const [all, groq] = result.config.models;
  expect(all).toEqual({
    id: "openai/gpt-4o",
    provider: null,
    name: "House model",
    contextLength: 64_000,
    aliases: ["house", "House/Best"],
    isHidden: true,
    zeroDataRetention: true,
    regions: ["eu"],
  });
  expect(groq?.provider).toBe("groq");
  expect(groq?.price).toMatchObject({
    version: "operator:prompt=2.5,completion=10,cacheRead=0.0375,webSearch=0.01",
    promptNanoPerMillion: 2_500_000_000n,
    completionNanoPerMillion: 10_000_000_000n,
    cachedPromptNanoPerMillion: 37_500_000n,
    cacheWriteNanoPerMillion: null,
    webSearchNano: 10_000_000n,
  });
});

test("every mistake about models is reported at once, each at its line with what to write", () => {
  const result = load(`
models:
  - id: gpt-4o
  - id: openai/a
    pric: { prompt: 1, completion: 1 }
  - id: openai/b
    price: { prompt: -1, completion: 1, cacheReed: 2 }
  - id: openai/c
    price: { prompt: 1 }
  - id: openai/d
    inputModalities: [text, smell]
  - id: openai/e
    provider: groq
    hidden: on
  - id: openai/f
    aliases: [one, openai/f]
  - id: openai/g
    aliases: [ONE]
`);
  if (result.ok) throw new Error("accepted");
  const found = result.problems.map(({ where, what, fix }) => `${where}: ${what}. ${fix}`);
  for (const part of [
    "line 3, models.0.id: write it like author/model",
    "line 5, models.1.pric: a model has no such field. Did you mean price?",
    "models.2.price.prompt: this is less than nothing",
    "models.2.price.cacheReed: a model has no such field. Did you mean cacheRead?",
    "models.3.price.completion",
    "models.4.inputModalities.1",
    "models.5.provider: aliases and hidden are about a model, whoever serves it",
    "models.6.aliases: openai/f is the model's own id",
    "models.7.aliases: ONE is already an alias of openai/f",
  ]) {
    expect(found.filter((text) => text.includes(part))).toHaveLength(1);
  }
  expect(found).toHaveLength(9);
});

test("a list that is none is told apart from a wrong entry", () => {
  const result = load("models: openai/gpt-4o\n");
  expect(result.ok ? [] : result.problems).toMatchObject([
    { what: "this has the wrong form", fix: expect.stringContaining("- { id: openai/gpt-4o") },
  ]);
});
