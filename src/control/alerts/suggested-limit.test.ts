import { expect, test } from "bun:test";
import { parseUsd } from "../../kernel/money.ts";
import { suggestedLimit } from "./suggested-limit.ts";

const nano = (usd: string) => parseUsd(usd) ?? 0n;
const days = (...amounts: string[]) => amounts.map((usd, day) => ({ day, spentNano: nano(usd), requests: 1 }));
const free = { limitNano: null, limitReset: null };

test("the number proposed leaves room over the dearest day before the alert, and is one that people would choose", () => {
  for (const [most, proposed] of [
    ["0.01", "0.1"],
    ["0.5", "0.8"],
    ["1", "1.5"],
    ["7.3", "15"],
    ["120", "200"],
    ["999", "1500"],
  ] as const) {
    const found = suggestedLimit(days("0.001", most, "5000"), { beganOn: 2, key: free });
    expect([most, found]).toEqual([most, nano(proposed)]);
  }
});

test("nothing is proposed for a key without a past, or with a daily limit that is tighter already", () => {
  expect(suggestedLimit(days("5"), { beganOn: 0, key: free })).toBeNull();
  const key = { limitNano: nano("1"), limitReset: "daily" };
  expect(suggestedLimit(days("1", "9"), { beganOn: 1, key })).toBeNull();
  expect(suggestedLimit(days("1", "9"), { beganOn: 1, key: { ...key, limitNano: nano("50") } })).toBe(nano("1.5"));
});
