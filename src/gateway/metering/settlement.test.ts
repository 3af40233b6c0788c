import { describe, expect, test } from "bun:test";
import { type CallEnd, isCharged, SETTLEMENT_RULES, type SettlementRule, settlementRule } from "./settlement.ts";

const good: CallEnd = {
  apiType: "chat",
  outcome: "answered",
  wasSent: true,
  finishReason: "stop",
  completionTokens: 5,
  isEstimated: false,
};

/** For every rule, the ends that are settled by it. */
const ENDS: Record<SettlementRule, Partial<CallEnd>[]> = {
  reported: [
    {},
    { completionTokens: 0 },
    { finishReason: null },
    { finishReason: "length", completionTokens: 0 },
    { apiType: "embeddings", finishReason: null, completionTokens: 0 },
  ],
  counted: [{ isEstimated: true }, { apiType: "rerank", finishReason: null, completionTokens: 0, isEstimated: true }],
  left: [
    { outcome: "left" },
    { outcome: "left", finishReason: null, completionTokens: 0, isEstimated: true },
    { outcome: "left", finishReason: "error" },
  ],
  cut: [{ outcome: "cut", finishReason: null, isEstimated: true }],
  interrupted: [{ outcome: "interrupted", finishReason: null, completionTokens: 0 }],
  failed: [{ outcome: "failed" }, { finishReason: "error" }, { finishReason: "error", completionTokens: 0 }],
  empty: [
    { finishReason: null, completionTokens: 0 },
    { finishReason: null, completionTokens: 0, isEstimated: true },
  ],
  cached: [{ outcome: "cached" }],
  refused: [
    { outcome: "refused", completionTokens: 0 },
    { outcome: "refused", wasSent: false },
  ],
  not_sent: [{ outcome: "left", wasSent: false, finishReason: null, completionTokens: 0 }],
};

test.each(SETTLEMENT_RULES)("every end that the table calls %s is settled as that", (rule) => {
  for (const end of ENDS[rule]) expect([end, settlementRule({ ...good, ...end })]).toEqual([end, rule]);
});

describe("the public table", () => {
  const pages = { "docs/billing.md": { yes: "yes", no: "no" }, "docs/billing.id.md": { yes: "ya", no: "tidak" } };

  test.each(Object.entries(pages))(
    "%s names every rule once, and says of each whether it is paid",
    async (page, words) => {
      const text = await Bun.file(new URL(`../../../${page}`, import.meta.url)).text();
      const rows = [...text.matchAll(/^\| `(\w+)` \|.*\| (\w+) \|$/gm)].map(([, rule, paid]) => [rule, paid]);
      const expected = SETTLEMENT_RULES.map((rule) => [rule, isCharged(rule) ? words.yes : words.no]);
      expect(rows).toEqual(expected.map(([rule, paid]) => [rule, paid]));
    },
  );
});
