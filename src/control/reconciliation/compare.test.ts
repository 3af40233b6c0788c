import { describe, expect, test } from "bun:test";
import { Comparer, MOST_DIFFERENCES, type OurRow } from "./compare.ts";
import type { ProviderEntry } from "./entry.ts";

const DAY = Date.UTC(2027, 2, 1);
const entry = (changes: Partial<ProviderEntry> = {}): ProviderEntry => ({
  id: "gen-1",
  atMs: DAY,
  model: "openai/gpt-4o",
  requests: 1,
  inputTokens: 100,
  outputTokens: 20,
  costNano: 5_000_000n,
  ...changes,
});
const row = (changes: Partial<OurRow> = {}): OurRow => ({
  id: "gen-ours",
  upstreamId: "gen-1",
  createdAtMs: DAY,
  model: "openai/gpt-4o",
  inputTokens: 100,
  outputTokens: 20,
  chargedNano: 5_000_000n,
  lossNano: 0n,
  isEstimated: false,
  ...changes,
});
const compare = (entries: ProviderEntry[], rows: OurRow[]) => {
  const comparer = new Comparer(entries);
  for (const one of rows) comparer.addOurs([one]);
  return comparer.result();
};
const reasonsOf = (entries: ProviderEntry[], rows: OurRow[]) =>
  compare(entries, rows).differences.map(({ reasons }) => reasons);

describe("request by request", () => {
  test("the same request on both sides agrees, to within what providers round", () => {
    expect(compare([entry()], [row()])).toMatchObject({ by: "request", agreeing: 1, differing: 0 });
    expect(reasonsOf([entry({ costNano: 5_000_900n })], [row()])).toEqual([]);
  });

  test.each([
    ["notOurs", [entry(), entry({ id: "gen-2" })], [row()]],
    ["notTheirs", [entry()], [row(), row({ upstreamId: "gen-2" })]],
    ["estimated", [entry()], [row({ outputTokens: 18, isEstimated: true })]],
    ["unpriced", [entry()], [row({ chargedNano: null })]],
    ["price", [entry({ costNano: 6_000_000n })], [row()]],
    ["tokens", [entry({ outputTokens: 21 })], [row()]],
  ] as const)("a difference is explained by what is known of it: %s", (reason, entries, rows) => {
    expect(reasonsOf([...entries], [...rows])).toEqual([[reason]]);
  });

  test("what the operator bore counts as our cost, so that it agrees with the provider's", () => {
    const result = compare([entry({ costNano: 8_000_000n })], [row({ lossNano: 3_000_000n })]);
    expect(result).toMatchObject({ differing: 0, lossNano: 3_000_000n, ours: { costNano: 8_000_000n } });
  });
});

describe("day by day", () => {
  const sum = (changes: Partial<ProviderEntry> = {}) => entry({ id: null, requests: null, costNano: null, ...changes });

  test("rows are added up by UTC day and model, however each side writes the model", () => {
    const entries = [sum({ model: "gpt-4o-2024-08-06", inputTokens: 300, outputTokens: 60, requests: 3 })];
    const rows = [row(), row({ createdAtMs: DAY + 86_399_999 }), row({ createdAtMs: DAY + 5 })];
    expect(compare(entries, rows)).toMatchObject({ by: "day", agreeing: 1, differing: 0 });
    expect(
      compare([sum({ model: "Claude Sonnet 4.5" })], [row({ model: "anthropic/claude-sonnet-4.5" })]).differing,
    ).toBe(0);
  });

  test("only figures that the export has are compared", () => {
    expect(compare([sum()], [row({ chargedNano: 9n })]).differing).toBe(0);
    const costs = entry({ id: null, requests: null, inputTokens: null, outputTokens: null });
    expect(compare([costs], [row({ inputTokens: 7 })]).differing).toBe(0);
  });

  test("more requests on one side are named as whose they are", () => {
    expect(reasonsOf([sum({ requests: 2, inputTokens: 200 })], [row()])).toEqual([["notOurs"]]);
    expect(reasonsOf([sum({ requests: 1 })], [row(), row()])).toEqual([["notTheirs"]]);
  });

  test("an export without models is held against whole days", () => {
    const costs = entry({ id: null, model: null, requests: null, inputTokens: null, outputTokens: null });
    const rows = [row({ chargedNano: 2_000_000n }), row({ model: "openai/o3", chargedNano: 3_000_000n })];
    expect(compare([costs], rows)).toMatchObject({ agreeing: 1, differing: 0 });
  });
});

test("everything is counted once on its own side, and the largest differences come first", () => {
  const entries = Array.from({ length: MOST_DIFFERENCES + 10 }, (_, index) =>
    entry({ id: `gen-${index}`, costNano: BigInt(index) * 1_000_000n }),
  );
  const result = compare(entries, [row({ upstreamId: "none" })]);
  expect(result.theirs.requests).toBe(entries.length);
  expect(result.ours.requests).toBe(1);
  expect(result.differing).toBe(entries.length + 1);
  expect(result.reasons).toMatchObject({ notOurs: entries.length, notTheirs: 1 });
  expect(result.differences).toHaveLength(MOST_DIFFERENCES);
  expect(result.differences[0]?.id).toBe(`gen-${entries.length - 1}`);
});
