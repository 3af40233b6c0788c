import { expect, test } from "bun:test";
import { NO_POLICY } from "./key-life.ts";
import { KEY_RISKS, type KeyRiskFacts, RISK_POINTS, riskOf } from "./key-risk.ts";
import { DAY_MS } from "./windows.ts";

const NOW = Date.UTC(2026, 10, 27);
const safe: KeyRiskFacts = {
  kind: "inference",
  hasLimit: true,
  expiresAt: NOW + 20 * DAY_MS,
  hasAddresses: true,
  createdAt: NOW - 10 * DAY_MS,
  secretMadeAt: NOW - 10 * DAY_MS,
  lastUsedAt: NOW,
  networks: 2,
};
const judge = (changes: Partial<KeyRiskFacts>, policy = NO_POLICY) =>
  riskOf({ ...safe, ...changes }, { policy, nowMs: NOW });

test("a key that is bounded in every way has no risk, and each risk stands for one missing bound", () => {
  expect(judge({})).toEqual({ risks: [], score: 0, level: "none" });
  expect(judge({ hasLimit: false }).risks).toEqual(["no_limit"]);
  expect(judge({ networks: 6 }).risks).toEqual(["many_networks"]);
  expect(judge({ networks: 5 }).risks).toEqual([]);
  expect(judge({ networks: null }).risks).toEqual([]);
  expect(judge({ hasAddresses: false }).risks).toEqual(["no_addresses"]);
  expect(judge({ expiresAt: null }).risks).toEqual(["no_expiry"]);
  expect(judge({}, { maxLifetimeDays: 30 }).risks).toEqual([]);
  expect(judge({}, { maxLifetimeDays: 29 }).risks).toEqual(["over_lifetime"]);
  expect(judge({ expiresAt: null }, { maxLifetimeDays: 30 }).risks).toEqual(["no_expiry", "over_lifetime"]);
});

test("a key is idle ninety days after its last use, or after it was made when it was never used", () => {
  const old = { createdAt: NOW - 400 * DAY_MS };
  expect(judge({ ...old, lastUsedAt: NOW - 90 * DAY_MS }).risks).toEqual(["idle"]);
  expect(judge({ ...old, lastUsedAt: NOW - 90 * DAY_MS + 1 }).risks).toEqual([]);
  expect(judge({ ...old, lastUsedAt: null }).risks).toEqual(["idle"]);
  expect(judge({ lastUsedAt: null }).risks).toEqual([]);
});

test("a management key has no limit to miss", () => {
  expect(judge({ kind: "management", hasLimit: false }).risks).toEqual([]);
});

test("the score is the sum of the points, and the level grows with it", () => {
  const all = judge(
    { hasLimit: false, networks: 9, lastUsedAt: NOW - 900 * DAY_MS, hasAddresses: false, expiresAt: null },
    { maxLifetimeDays: 1 },
  );
  expect(all.risks).toEqual([...KEY_RISKS]);
  expect(all.score).toBe(Object.values(RISK_POINTS).reduce((sum, points) => sum + points, 0));
  expect(all.level).toBe("high");
  expect(judge({ hasLimit: false }).level).toBe("low");
  expect(judge({ hasLimit: false, expiresAt: null }).level).toBe("medium");
  expect(judge({ hasLimit: false, expiresAt: null, hasAddresses: false }).level).toBe("high");
});
