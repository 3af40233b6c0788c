import { expect, test } from "bun:test";
import { isCustom, rangeSearch, timeRange } from "./time-range.ts";

const NOW = Date.UTC(2026, 10, 24, 12, 0, 30);

test("a named range ends with the running minute, so that it is the same question for a minute", () => {
  const end = Date.UTC(2026, 10, 24, 12, 1);
  expect(timeRange({ range: "1h" }, NOW)).toEqual({ from: end - 3_600_000, to: end });
  expect(timeRange({ range: "1h" }, NOW + 29_000)).toEqual(timeRange({ range: "1h" }, NOW));
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
