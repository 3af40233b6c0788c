import { expect, test } from "bun:test";
import fc from "fast-check";
import { percentilesAtLeast, percentilesAtMost, RELATIVE_ERROR, RollingHistogram } from "./histogram.ts";

const SHAPE = { sliceMs: 60_000, slices: 5 };

test("every percentile is within 5 % of the true one, whatever the values are", () => {
  const values = fc.array(fc.double({ min: 1, max: 900_000, noNaN: true }), { minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(values, fc.double({ min: 0.01, max: 1, noNaN: true }), (given, share) => {
      const histogram = new RollingHistogram(SHAPE);
      for (const value of given) histogram.add(value, 0);
      const sorted = given.toSorted((a, b) => a - b);
      const exact = sorted[Math.max(1, Math.ceil(share * given.length)) - 1] ?? Number.NaN;
      const [found = Number.NaN] = histogram.quantiles([share], 0, 1) ?? [];
      expect(Math.abs(found / exact - 1)).toBeLessThanOrEqual(RELATIVE_ERROR + 1e-9);
    }),
  );
  expect(RELATIVE_ERROR).toBeLessThan(0.05);
});

test("what lies outside the window is forgotten, and too few values say nothing", () => {
  const histogram = new RollingHistogram(SHAPE);
  for (let count = 0; count < 10; count++) histogram.add(1_000, 0);
  histogram.add(10, 299_999);
  expect(histogram.quantiles([0.5], 299_999, 1)?.[0]).toBeGreaterThan(900);
  expect(histogram.quantiles([0.5], 300_000, 1)?.[0]).toBeLessThan(11);
  expect(histogram.quantiles([0.5], 300_000, 2)).toBeUndefined();
  expect(histogram.quantiles([0.5], 10_000_000, 1)).toBeUndefined();
});

test("of what should be small p99 is the greatest, of what should be great it is the smallest", () => {
  const histogram = new RollingHistogram(SHAPE);
  for (let value = 1; value <= 100; value++) histogram.add(value * 1_000, 0);
  const wish = { least: 1, unit: 1_000 };
  const rounded = (found: object | null) =>
    Object.values(found ?? {}).map((value: number) => Math.round(value / 10) * 10);
  expect(rounded(percentilesAtMost(histogram, 0, wish))).toEqual([50, 70, 90, 100]);
  expect(rounded(percentilesAtLeast(histogram, 0, wish))).toEqual([50, 30, 10, 0]);
});
