import { expect, test } from "bun:test";
import fc from "fast-check";
import { Catalog, type OfferedModel } from "../../catalog/catalog.ts";
import { listModelsQuery, MODEL_SORTS } from "../../contract/schemas/models.ts";
import { pageOf, selectModels } from "./select-models.ts";

const NOW_MS = Date.UTC(2026, 10, 24);
const DAY_SECONDS = 86_400;

const base: OfferedModel = {
  id: "acme/base",
  upstreamModel: "base",
  name: "Base",
  description: "",
  created: 0,
  contextLength: null,
  maxCompletionTokens: null,
  inputModalities: ["text"],
  outputModalities: ["text"],
  supportedParameters: ["temperature"],
  price: null,
};
const price = (prompt: bigint, completion: bigint) => ({
  version: "test:1",
  promptNanoPerMillion: prompt,
  completionNanoPerMillion: completion,
  cachedPromptNanoPerMillion: null,
  overrides: [],
});
const daysOld = (days: number) => NOW_MS / 1000 - days * DAY_SECONDS;
const offered: OfferedModel[] = [
  {
    ...base,
    id: "openai/gpt-9",
    upstreamModel: "gpt-9",
    name: "GPT Nine",
    created: daysOld(10),
    contextLength: 200_000,
    inputModalities: ["text", "image"],
    supportedParameters: ["temperature", "tools"],
    price: price(2_500_000_000n, 10_000_000_000n),
    regions: ["eu"],
    categories: ["programming"],
  },
  {
    ...base,
    id: "anthropic/claude-x",
    upstreamModel: "claude-x",
    name: "Claude X",
    created: daysOld(100),
    contextLength: 1_000_000,
    price: price(3_000_000_000n, 15_000_000_000n),
    zeroDataRetention: true,
    isDistillable: true,
  },
  { ...base, id: "acme/unknown", upstreamModel: "unknown" },
  { ...base, id: "acme/embed", upstreamModel: "embed", outputModalities: ["embeddings"], price: price(1n, 0n) },
  { ...base, id: "acme/free:free", upstreamModel: "free", price: price(0n, 0n), contextLength: 8000 },
];

const catalog = new Catalog();
catalog.report({ slug: "openai", name: "OpenAI", rank: 1, models: offered.slice(0, 1), pricedAs: null });
catalog.report({ slug: "acme", name: "Acme Cloud", rank: 2, models: offered.slice(1), pricedAs: null });
const dataPolicy = { zeroDataRetention: true };
catalog.report({ slug: "local", name: "Local", rank: 3, models: [base], pricedAs: null, dataPolicy });
const all = catalog.listed();

const facts = {
  nowMs: NOW_MS,
  tokensOf: (id: string) => ({ "acme/unknown": 50, "openai/gpt-9": 20 })[id] ?? 0,
};

function select(query: Record<string, string>): string[] {
  return selectModels(all, listModelsQuery.parse(query), facts).map(({ model }) => model.id);
}

test("without a word on outputs only models that answer in text are listed", () => {
  expect(select({})).toEqual(["acme/base", "acme/free:free", "acme/unknown", "anthropic/claude-x", "openai/gpt-9"]);
  expect(select({ output_modalities: "embeddings" })).toEqual(["acme/embed"]);
  expect(select({ output_modalities: "all" })).toHaveLength(6);
});

test("every filter takes what it says and nothing else", () => {
  const cases: [Record<string, string>, string[]][] = [
    [{ q: "nine GPT" }, ["openai/gpt-9"]],
    [{ supported_parameters: "tools,temperature" }, ["openai/gpt-9"]],
    [{ input_modalities: "text,image" }, ["openai/gpt-9"]],
    [{ context: "200000" }, ["anthropic/claude-x", "openai/gpt-9"]],
    [{ max_price: "2.5" }, ["acme/free:free", "openai/gpt-9"]],
    [{ min_price: "2.500000001" }, ["anthropic/claude-x"]],
    [{ max_price: "0" }, ["acme/free:free"]],
    [{ min_output_price: "10", max_output_price: "10" }, ["openai/gpt-9"]],
    [{ arch: "claude" }, ["anthropic/claude-x"]],
    [{ model_authors: "OpenAI,anthropic" }, ["anthropic/claude-x", "openai/gpt-9"]],
    [{ providers: "Acme Cloud" }, ["acme/free:free", "acme/unknown", "anthropic/claude-x"]],
    [{ providers: "local,openai" }, ["acme/base", "openai/gpt-9"]],
    [{ category: "programming" }, ["openai/gpt-9"]],
    [{ distillable: "true" }, ["anthropic/claude-x"]],
    [{ zdr: "true" }, ["acme/base", "anthropic/claude-x"]],
    [{ region: "eu" }, ["openai/gpt-9"]],
    [{ region: "us" }, []],
    [{ min_age_days: "50" }, ["anthropic/claude-x"]],
    [{ max_age_days: "50" }, ["openai/gpt-9"]],
    [{ min_intelligence_index: "1" }, []],
    [{ max_tool_success_rate: "1" }, []],
  ];
  for (const [query, expected] of cases) expect({ query, found: select(query) }).toEqual({ query, found: expected });
});

test("an unknown price is last in both orders of price, and unmeasured orders keep the order of ids", () => {
  expect(select({ sort: "pricing-low-to-high" })).toEqual([
    "acme/free:free",
    "openai/gpt-9",
    "anthropic/claude-x",
    "acme/base",
    "acme/unknown",
  ]);
  expect(select({ sort: "pricing-high-to-low" }).slice(0, 2)).toEqual(["anthropic/claude-x", "openai/gpt-9"]);
  expect(select({ sort: "pricing-high-to-low" }).slice(3)).toEqual(["acme/base", "acme/unknown"]);
  expect(select({ sort: "newest" }).slice(0, 2)).toEqual(["openai/gpt-9", "anthropic/claude-x"]);
  expect(select({ sort: "context-high-to-low" })[0]).toBe("anthropic/claude-x");
  expect(select({ sort: "most-popular" }).slice(0, 2)).toEqual(["acme/unknown", "openai/gpt-9"]);
  expect(select({ sort: "coding-high-to-low" })).toEqual(select({}));
});

test("a value that makes no sense is refused under the name of its field", () => {
  const wrong: Record<string, string> = {
    limit: "0",
    offset: "-1",
    context: "big",
    max_price: "",
    min_price: "1e3",
    category: "cooking",
    sort: "best",
    region: "mars",
    distillable: "yes",
    zdr: "false",
    input_modalities: "text,smell",
    output_modalities: "every",
    use_rss: "1",
  };
  for (const [field, value] of Object.entries(wrong)) {
    const result = listModelsQuery.safeParse({ [field]: value });
    expect({ field, at: result.error?.issues[0]?.path }).toEqual({ field, at: [field] });
  }
  expect(listModelsQuery.safeParse({ limit: "1001" }).success).toBe(false);
});

const queries = fc.record(
  {
    q: fc.constantFrom("", "a", "gpt", "acme"),
    max_price: fc.constantFrom("0", "2.5", "100"),
    context: fc.constantFrom("1", "9000", "500000"),
    output_modalities: fc.constantFrom("text", "all", "embeddings,text"),
    providers: fc.constantFrom("acme", "openai,local"),
    distillable: fc.constantFrom("true", "false"),
    zdr: fc.constant("true"),
  },
  { requiredKeys: [] },
);

test("filters compose: two together take exactly what both take alone", () => {
  fc.assert(
    fc.property(queries, queries, (one, two) => {
      const { output_modalities: _, ...others } = two;
      const together = select({ output_modalities: "all", ...one, ...others });
      const first = select({ output_modalities: "all", ...one });
      // A field that both have is the later one's.
      const kept = Object.fromEntries(Object.entries(one).filter(([field]) => !(field in others)));
      const again = select({ output_modalities: "all", ...kept }).filter((id) =>
        select({ output_modalities: "all", ...others }).includes(id),
      );
      expect(together).toEqual(again);
      if (Object.keys(others).every((field) => !(field in one))) {
        expect(together.every((id) => first.includes(id))).toBe(true);
      }
    }),
  );
});

test("pages cover everything exactly once, in order, whatever their size and the sort", () => {
  fc.assert(
    fc.property(fc.constantFrom(...MODEL_SORTS), fc.integer({ min: 1, max: 8 }), (sort, limit) => {
      const whole = select({ sort, output_modalities: "all" });
      const collected: string[] = [];
      let next: { offset: number; limit: number } | null = { offset: 0, limit };
      while (next) {
        const page: ReturnType<typeof pageOf<string>> = pageOf(whole, next);
        collected.push(...page.items);
        next = page.next;
      }
      expect(collected).toEqual(whole);
      expect([...collected].sort()).toEqual([...new Set(select({ output_modalities: "all" }))].sort());
    }),
  );
  expect(pageOf([1, 2, 3], {})).toEqual({ items: [1, 2, 3], next: null });
  expect(pageOf(Array.from({ length: 501 }), { offset: 0 }).next).toEqual({ offset: 500, limit: 500 });
  expect(pageOf([1, 2, 3], { offset: 9 })).toEqual({ items: [], next: null });
});
