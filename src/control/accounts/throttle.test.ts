import { expect, test } from "bun:test";
import { addressName, type Counter, countOne, rules } from "./throttle.ts";

/** Guesses as fast as the rule allows for `days`, and returns how many passed. */
function guessesWithin(days: number): number {
  const endMs = days * 86_400_000;
  let nowMs = 0;
  let counter: Counter | null = null;
  let passed = 0;
  while (nowMs < endMs) {
    const { next, waitMs } = countOne(counter, rules.accountFailures, nowMs);
    counter = next;
    if (waitMs === 0) passed++;
    nowMs += waitMs === 0 ? 1 : waitMs;
  }
  return passed;
}

test("nobody gets more than a hundred wrong passwords in a row past an account within a day", () => {
  expect(guessesWithin(1)).toBeLessThanOrEqual(100);
  expect(guessesWithin(1)).toBeGreaterThan(20);
});

test("a guess while blocked neither passes nor lengthens the block", () => {
  let counter: Counter | null = null;
  for (let guess = 0; guess < 8; guess++) counter = countOne(counter, rules.addressAttempts, 0).next;
  for (let guess = 8; guess < 20; guess++) counter = countOne(counter, rules.addressAttempts, 0).next;
  const blocked = countOne(counter, rules.addressAttempts, 1000);
  expect(blocked.waitMs).toBe(59_000);
  expect(countOne(blocked.next, rules.addressAttempts, 2000).waitMs).toBe(58_000);
  expect(countOne(blocked.next, rules.addressAttempts, 60_000).waitMs).toBe(0);
});

test("an IPv6 caller is counted by the /64 it owns, a mapped IPv4 address as itself", () => {
  expect(addressName("login", "2001:db8:1:2:3:4:5:6")).toBe(addressName("login", "2001:db8:1:2:ffff::1"));
  expect(addressName("login", "2001:db8:1:3::1")).not.toBe(addressName("login", "2001:db8:1:2::1"));
  expect(addressName("login", "::ffff:203.0.113.7")).toBe(addressName("login", "203.0.113.7"));
});
