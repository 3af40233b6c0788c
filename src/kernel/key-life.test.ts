import { expect, test } from "bun:test";
import { endsInTime, latestEnd, NO_POLICY, reminderDue } from "./key-life.ts";
import { DAY_MS } from "./windows.ts";

const MADE = Date.UTC(2026, 10, 27, 15);

test("a key may live to the end of the UTC day on which its time is over, and not a millisecond longer", () => {
  const policy = { maxLifetimeDays: 30 };
  const latest = Date.UTC(2026, 11, 28) - 1;
  expect(latestEnd(policy, MADE)).toBe(latest);
  expect([endsInTime(policy, MADE, latest), endsInTime(policy, MADE, latest + 1)]).toEqual([true, false]);
  expect(endsInTime(policy, MADE, null)).toBe(false);
});

test("without a policy every end is right, and none too", () => {
  expect(latestEnd(NO_POLICY, MADE)).toBeNull();
  expect([endsInTime(NO_POLICY, MADE, null), endsInTime(NO_POLICY, MADE, MADE + 9_999 * DAY_MS)]).toEqual([true, true]);
});

test("a reminder is due seven days and one day before the end, the nearer one alone, and none once it has come", () => {
  const end = MADE + 90 * DAY_MS;
  const at = (beforeMs: number) => reminderDue({ expiresAtMs: end, createdAtMs: MADE }, end - beforeMs);
  expect([at(7 * DAY_MS + 1), at(7 * DAY_MS), at(DAY_MS + 1), at(DAY_MS), at(1), at(0)]).toEqual([
    null,
    7,
    7,
    1,
    1,
    null,
  ]);
});

test("a key that was made to live no longer than that is not announced", () => {
  const made = (days: number) => ({ expiresAtMs: MADE + days * DAY_MS, createdAtMs: MADE });
  expect(reminderDue(made(7), MADE + 1)).toBeNull();
  expect(reminderDue(made(7), MADE + 6 * DAY_MS)).toBe(1);
  expect(reminderDue(made(1), MADE + 1)).toBeNull();
});
