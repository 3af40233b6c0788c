import { expect, test } from "bun:test";
import { Restarts } from "./restarts.ts";

test("a process that ends again and again is waited for longer each time, up to half a minute", () => {
  const restarts = new Restarts();
  const waits = Array.from({ length: 12 }, () => restarts.delayMs(100));
  expect(waits.slice(0, 4)).toEqual([200, 400, 800, 1_600]);
  expect(waits.at(-1)).toBe(30_000);
});

test("one that had lived for a minute is started as soon as the first time", () => {
  const restarts = new Restarts();
  for (let ends = 0; ends < 5; ends++) restarts.delayMs(100);
  expect(restarts.delayMs(60_000)).toBe(200);
  expect(restarts.delayMs(100)).toBe(400);
});
