import { expect, test } from "bun:test";
import { isCustom, rangeSearch, timeRange } from "./time-range.ts";

const NOW = Date.UTC(2026, 10, 24, 12, 0, 30);

test("a named range ends with the running minute, so that it is the same question for a minute", () => {
  const end = Date.UTC(2026, 10, 24, 12, 1);
  expect(timeRange({ range: "1h" }, NOW)).toEqual({ from: end - 3_600_000, to: end });
  expect(timeRange({ range: "1h" }, NOW + 29_000)).toEqual(timeRange({ range: "1h" }, NOW));
});

test("a longer range is whole steps of what its sums are kept in, so that it counts what the start page counts", () => {
  const day = Date.UTC(2026, 10, 25);
  expect(timeRange({ range: "30d" }, NOW)).toEqual({ from: day - 30 * 86_400_000, to: day });
  expect(timeRange({ range: "1y" }, day - 1)).toEqual({ from: day - 365 * 86_400_000, to: day });
  const hour = Date.UTC(2026, 10, 24, 13);
  expect(timeRange({ range: "24h" }, NOW)).toEqual({ from: hour - 86_400_000, to: hour });
  expect(timeRange({ range: "7d" }, NOW)).toEqual({ from: hour - 7 * 86_400_000, to: hour });
});

test("days include the last one, and times are taken as they are", () => {
  const custom = { from: "2026-11-01", to: "2026-11-02" };
  expect(timeRange(custom, NOW)).toEqual({ from: Date.UTC(2026, 10, 1), to: Date.UTC(2026, 10, 3) });
  expect(timeRange({ from: "1000", to: "2000" }, NOW)).toEqual({ from: 1000, to: 2000 });
  expect([isCustom(custom), isCustom({ range: "7d" })]).toEqual([true, false]);
});

test("what does not fit in the address bar falls back to the last thirty days", () => {
  const month = timeRange({}, NOW);
  expect(month.to - month.from).toBe(30 * 86_400_000);
  expect(timeRange({ from: "2026-11-05", to: "2026-11-01" }, NOW)).toEqual(month);
  expect(rangeSearch({ range: "2h", from: "yesterday", to: 7 })).toEqual({
    range: undefined,
    from: undefined,
    to: undefined,
  });
});
