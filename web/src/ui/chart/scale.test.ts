import { expect, test } from "bun:test";
import { labelEvery, textPx, ticksUpTo } from "./scale.ts";

test("lines of a chart are round values that reach the highest column, and counts have whole ones", () => {
  expect(ticksUpTo(87, true)).toEqual([0, 25, 50, 75, 100]);
  expect(ticksUpTo(2, true)).toEqual([0, 1, 2]);
  expect(ticksUpTo(0.004, false)).toEqual([0, 0.001, 0.002, 0.003, 0.004]);
  for (const highest of [1, 3, 9, 10, 11, 99, 101, 123_456, 5e9]) {
    const ticks = ticksUpTo(highest, true);
    expect(ticks.at(-1)).toBeGreaterThanOrEqual(highest);
    expect(ticks.length).toBeLessThanOrEqual(6);
  }
});

test("a chart of nothing still has a line to stand on", () => {
  expect(ticksUpTo(0, true)).toEqual([0, 1]);
});

test("labels never touch", () => {
  expect(labelEvery(30, 600, 60)).toBe(3);
  expect(labelEvery(5, 600, 60)).toBe(1);
  expect(labelEvery(365, 300, 60)).toBe(73);
});

test("room is made for the longest label, whether it is an hour with its day or thousands of dollars", () => {
  expect(textPx(["$0.25", "US$15.000,00"])).toBeGreaterThanOrEqual(80);
  expect(textPx([])).toBe(0);
});
