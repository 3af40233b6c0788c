import { expect, test } from "bun:test";
import { localMinute, overlapSecondsOf } from "./overlap.ts";

const NOW = Date.UTC(2026, 10, 27, 12, 0, 30);

test("the choices are as long as they say", () => {
  expect((["now", "hour", "day", "week"] as const).map((choice) => overlapSecondsOf(choice, "", NOW))).toEqual([
    0, 3_600, 86_400, 604_800,
  ]);
});

test("a time of one's own is taken to the second, and refused when it is missing, past or too far away", () => {
  const at = (ms: number) => overlapSecondsOf("custom", localMinute(NOW + ms), NOW);
  expect(at(3_600_000)).toBe(3_570);
  expect([overlapSecondsOf("custom", "", NOW), at(-60_000), at(8 * 86_400_000)]).toEqual([null, null, null]);
});
