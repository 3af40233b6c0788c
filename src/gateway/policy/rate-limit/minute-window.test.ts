import { expect, test } from "bun:test";
import { MinuteWindow } from "./minute-window.ts";

function windowAt(ms: number): MinuteWindow {
  const window = new MinuteWindow();
  window.turn(ms);
  return window;
}

test("what happened is counted until a whole minute and its own second are over", () => {
  const window = windowAt(5_400);
  expect(window.add(2, 30)).toBe(5);
  window.turn(65_999);
  expect([window.requests, window.tokens]).toEqual([2, 30]);
  window.turn(66_000);
  expect([window.requests, window.tokens]).toEqual([0, 0]);
});

test("after a long rest nothing is left, and what comes then is counted anew", () => {
  const window = windowAt(0);
  for (let second = 0; second < 61; second++) {
    window.turn(second * 1_000);
    window.add(1, 10);
  }
  expect([window.requests, window.tokens]).toEqual([61, 610]);
  window.turn(10_000_000);
  expect([window.requests, window.tokens]).toEqual([0, 0]);
  window.add(1, 1);
  expect(window.requests).toBe(1);
});

test("a time that does not go on changes nothing", () => {
  const window = windowAt(9_000);
  window.add(1, 1);
  window.turn(9_999);
  window.turn(8_000);
  expect([window.add(1, 1), window.requests]).toEqual([9, 2]);
});

test("tokens are put right in their own second, and no more once that is forgotten", () => {
  const window = windowAt(5_000);
  const second = window.add(1, 100);
  window.turn(65_000);
  window.correct(second, -40);
  expect(window.tokens).toBe(60);
  window.turn(66_000);
  window.correct(second, -60);
  expect(window.tokens).toBe(0);
  window.correct(6, 7);
  expect(window.tokens).toBe(7);
});

test("the wait ends in the second in which enough of both is forgotten", () => {
  const window = windowAt(1_000);
  window.add(1, 10);
  window.turn(3_000);
  window.add(1, 50);
  const wait = (requests: number, tokens: number) => window.waitMs(3_250, { requests, tokens });
  expect(wait(2, 60)).toBe(0);
  expect(wait(1, 60)).toBe(58_750);
  expect(wait(2, 59)).toBe(58_750);
  expect(wait(2, 50)).toBe(58_750);
  expect(wait(2, 49)).toBe(60_750);
  expect(wait(0, 60)).toBe(60_750);
  expect(window.waitMs(3_250, { requests: -1, tokens: 0 })).toBe(60_750);
});
