import { expect, test } from "bun:test";
import { DAY_MS } from "../../../../src/kernel/windows.ts";
import { isFrozen, standingOf } from "./key-standing.ts";

const NOW_MS = Date.UTC(2026, 0, 1);
const standing = (state: "active" | "disabled" | "expired", endsInDays: number | null, hasFrozen = false) =>
  standingOf(
    { state, expiresAt: endsInDays === null ? null : NOW_MS + endsInDays * DAY_MS },
    { isFrozen: hasFrozen, nowMs: NOW_MS },
  );

test("a key that works says so until it is seven days from its end", () => {
  expect([standing("active", null), standing("active", 8), standing("active", 7)]).toEqual([
    "active",
    "active",
    "endsSoon",
  ]);
});

test("only a key that is stopped counts as frozen by an open alert", () => {
  expect([standing("disabled", 1, true), standing("disabled", 1), standing("active", null, true)]).toEqual([
    "frozen",
    "disabled",
    "active",
  ]);
  expect(standing("expired", -1)).toBe("expired");
});

test("an alert that only tells of something freezes nothing", () => {
  const unusual = { kind: "unusual_use", score: 9, evidence: [] } as const;
  expect(isFrozen({ facts: { kind: "leak_report", foundAt: null } })).toBe(true);
  expect(isFrozen({ facts: { ...unusual, evidence: [], isFrozen: true } })).toBe(true);
  expect(isFrozen({ facts: { ...unusual, evidence: [], isFrozen: false } })).toBe(false);
  expect(isFrozen({ facts: { kind: "dormant_key", idleDays: 90, network: null } })).toBe(false);
});
