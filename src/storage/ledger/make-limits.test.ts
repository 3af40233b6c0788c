import { expect, test } from "bun:test";
import { NOON } from "../../../test/support/money.ts";
import type { SpendLimit } from "../../kernel/spend-limit.ts";
import { DAY_MS, dayOf } from "../../kernel/windows.ts";
import { type Ask, type Conversation, dialectOf } from "./conversation.ts";
import { placeOf } from "./limits.ts";
import { makeLimits, spentIn } from "./make-limits.ts";

/** What a conversation asks when every answer is empty. */
function asked(conversation: Conversation<unknown>): Ask[] {
  const asks: Ask[] = [];
  for (let step = conversation.next(); !step.done; step = conversation.next([])) asks.push(step.value);
  return asks;
}

const parametersOf = (limit: Pick<SpendLimit, "scope" | "ownerId" | "reset">, atMs = NOON) =>
  asked(spentIn(placeOf(limit, atMs))).map((ask) => (ask.kind === "query" ? ask.parameters : []));
const TODAY = dayOf(NOON);

test("a limit that begins in the middle of its window counts the days of that window, none before and none after", () => {
  const key = { scope: "key", ownerId: "key_a" } as const;
  expect(parametersOf({ ...key, reset: "daily" })).toEqual([[TODAY, TODAY + 1, "key_a"]]);
  // Noon is on a Tuesday, the 24th of November.
  expect(parametersOf({ ...key, reset: "weekly" })).toEqual([[TODAY - 1, TODAY + 6, "key_a"]]);
  expect(parametersOf({ ...key, reset: "monthly" })).toEqual([[TODAY - 23, TODAY + 7, "key_a"]]);
  expect(parametersOf({ ...key, reset: "daily" }, NOON - DAY_MS)).toEqual([[TODAY - 1, TODAY, "key_a"]]);
});

test("a limit that never begins anew counts all that was ever spent", () => {
  const [all = []] = parametersOf({ scope: "account", ownerId: "user_a", reset: null });
  expect(all[0]).toBe(0);
  expect(Number(all[1])).toBeGreaterThan(dayOf(Date.UTC(9_999, 0, 1)));
  expect(all[2]).toBe("user_a");
});

test("the instance counts everybody's days, and credit has paid for nothing before its first row", () => {
  expect(parametersOf({ scope: "instance", ownerId: "", reset: "daily" })).toEqual([[TODAY, TODAY + 1]]);
  expect(parametersOf({ scope: "credit", ownerId: "user_a", reset: null })).toEqual([]);
});

test("where several write at once, nobody's usage is added while rows are made: the lock is asked for first", () => {
  const { guard } = dialectOf("postgres");
  const ids = ["key/key_b/total/-1", "key/key_a/total/-1"];
  const asks = asked(makeLimits(dialectOf("postgres"), ids)).map((ask) => (ask.kind === "query" ? ask : null));
  expect(asks[0]?.sql).toBe(guard?.making);
  const made = asks.filter((ask) => ask?.sql.startsWith("insert")).map((ask) => String(ask?.parameters[0]));
  // In the order of their ids, so that two who make the same rows do not wait for each other.
  expect(made).toHaveLength(2);
  expect(made[0]).toContain("key_a");
  expect(made[1]).toContain("key_b");
});
