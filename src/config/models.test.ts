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

test("what the operator says of a model is read exactly", () => {
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
    version: "operator",
    promptNanoPerMillion: 2_500_000_000n,
    completionNanoPerMillion: 10_000_000_000n,
    cachedPromptNanoPerMillion: 37_500_000n,
    overrides: [],
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

test("a price of the operator's own may be another one for long prompts, at hours and from a day on", () => {
  const result = load(`
models:
  - id: acme/m
    price:
      prompt: 3
      completion: 15
      overrides:
        - { abovePromptTokens: 200000, prompt: 6, cacheRead: 0.6 }
        - { hours: "22:30-06:00", days: [saturday, sunday], prompt: 1.5 }
        - { from: 2027-01-01, completion: 12 }
`);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  expect(result.config.models[0]?.price?.overrides).toEqual([
    {
      when: { abovePromptTokens: 200_000 },
      rates: { promptNanoPerMillion: 6_000_000_000n, cachedPromptNanoPerMillion: 600_000_000n },
    },
    {
      when: { hours: { startMinute: 22 * 60 + 30, endMinute: 360 }, days: [6, 0] },
      rates: { promptNanoPerMillion: 1_500_000_000n },
    },
    { when: { fromMs: Date.UTC(2027, 0, 1) }, rates: { completionNanoPerMillion: 12_000_000_000n } },
  ]);
});

test("a condition that cannot be read, or that is missing, is told with what to write", () => {
  const result = load(`
models:
  - id: acme/m
    price:
      prompt: 3
      completion: 15
      overrides: [{ prompt: 1 }, { hours: "25:00-26:00", prompt: 1 }, { days: [funday], prompt: 1 }]
  - id: acme/n
    price: { prompt: 3, completion: 15, overrides: [{ from: soon, prompt: 1, abovePromptTokns: 1 }] }
`);
  if (result.ok) throw new Error("accepted");
  const found = result.problems.map(({ where, what, fix }) => `${where}: ${what}. ${fix}`).join("\n");
  expect(found).toContain("say when it holds");
  expect(found).toContain('no hours of the UTC day like "22:30-06:00"');
  expect(found).toContain("models.0.price.overrides.2.days.0");
  expect(found).toContain("this is no day like 2027-01-31");
  expect(found).toContain("abovePromptTokns");
});
