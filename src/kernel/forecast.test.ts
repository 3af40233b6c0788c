import { expect, test } from "bun:test";
import { moneyEndsAt, type Pace } from "./forecast.ts";

const HOUR = 3_600_000;
const pace = (changes: Partial<Pace> = {}): Pace => ({
  spentNano: 10n,
  leftNano: 20n,
  sinceMs: 0,
  nowMs: 10 * HOUR,
  untilMs: 48 * HOUR,
  ...changes,
});

test("money ends when the pace so far has used what is left", () => {
  expect(moneyEndsAt(pace())).toBe(30 * HOUR);
  expect(moneyEndsAt(pace({ untilMs: null, leftNano: 100n }))).toBe(110 * HOUR);
});

test("money that lasts until the limit begins anew does not end", () => {
  expect(moneyEndsAt(pace({ untilMs: 30 * HOUR }))).toBeNull();
});

test("nothing is foretold from too little, or when there is nothing left to foretell", () => {
  expect(moneyEndsAt(pace({ nowMs: HOUR - 1, sinceMs: 0 }))).toBeNull();
  expect(moneyEndsAt(pace({ spentNano: 0n }))).toBeNull();
  expect(moneyEndsAt(pace({ leftNano: 0n }))).toBeNull();
  expect(moneyEndsAt(pace({ leftNano: -5n }))).toBeNull();
});

test("amounts beyond what a float holds, and ends beyond a year, are no trouble", () => {
  const large = 9_000_000_000_000_000_001n;
  expect(moneyEndsAt(pace({ spentNano: large, leftNano: large }))).toBe(20 * HOUR);
  expect(moneyEndsAt(pace({ spentNano: 1n, leftNano: large, untilMs: null }))).toBeNull();
});
