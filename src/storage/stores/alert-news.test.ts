import { expect, test } from "bun:test";
import type { AlertFacts } from "../../kernel/alerts/facts.ts";
import { aboutOf, isSameAgain, joined } from "./alert-news.ts";

const logIn = (address: string | null): AlertFacts => ({ kind: "new_device", address, isNewDevice: true });
const limits = (...changes: [string, string | null, string | null][]): AlertFacts => ({
  kind: "limits_changed",
  by: "owner",
  changes: changes.map(([field, before, after]) => ({ field, before, after })),
});

test("a log-in from another place is another alert, and being oneself at one place says nothing of others", () => {
  expect(aboutOf(logIn("2001:db8::1"))).toBe(aboutOf(logIn("2001:db8::2")));
  expect(aboutOf(logIn("203.0.113.7"))).not.toBe(aboutOf(logIn("198.51.100.7")));
  expect(isSameAgain(logIn("203.0.113.7"), logIn("203.0.113.7"))).toBe(true);
  expect(isSameAgain(logIn("203.0.113.7"), logIn("198.51.100.7"))).toBe(false);
  expect(isSameAgain(logIn(null), logIn("198.51.100.7"))).toBe(false);
});

test("a change of limits or a leak is told again, however often one was noted", () => {
  const leak: AlertFacts = { kind: "leak_report", foundAt: null };
  expect(isSameAgain(leak, leak)).toBe(false);
  expect(isSameAgain(limits(["account.monthly", "5", "1"]), limits(["account.monthly", "1", "9"]))).toBe(false);
});

test("several changes of limits under one alert show what was before all of them, and what is now", () => {
  const first = limits(["account.monthly", "5", "1"], ["rpm", null, "60"]);
  expect(joined(first, limits(["account.monthly", "1", "9"], ["tpm", "10", null]))).toEqual(
    limits(["account.monthly", "5", "9"], ["rpm", null, "60"], ["tpm", "10", null]),
  );
});
