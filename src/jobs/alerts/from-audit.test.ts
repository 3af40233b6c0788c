import { expect, test } from "bun:test";
import type { AuditRow } from "../../storage/stores/audit-chain.ts";
import { findingOf } from "./from-audit.ts";

function row(changes: Partial<AuditRow>): AuditRow {
  return {
    ...{ seq: 7, at: 1_000, actor_kind: "person", actor_id: "user_1", address: "198.51.100.20" },
    ...{ action: "session.create", target_kind: "account", target_id: "user_1" },
    ...{ before: null, after: null, key_id: "k", hash: "h" },
    ...changes,
  };
}

test("a log-in is news by its network and its device; new in both is worth a message, new in one only a notice", () => {
  const before = [{ address: "203.0.113.7", isNewDevice: true }];
  const after = (newDevice: boolean) => JSON.stringify({ newDevice });
  const level = (changes: Partial<AuditRow>) => findingOf(row(changes), before)?.level ?? null;
  expect(level({ address: "203.0.113.99", after: after(false) })).toBeNull();
  expect(level({ address: "198.51.100.1", after: after(false) })).toBe("notice");
  expect(level({ address: "203.0.113.99", after: after(true) })).toBe("notice");
  expect(level({ address: "198.51.100.1", after: after(true) })).toBe("alert");
});

test("the first log-in of an account is no news", () => {
  expect(findingOf(row({}), [])).toBeNull();
});

test("a key that was frozen because it leaked is told with its place, one that its owner froze is not", () => {
  const freeze = (after: object) => row({ action: "key.freeze", target_id: "key00001", after: JSON.stringify(after) });
  expect(findingOf(freeze({ reason: "leak_report", foundAt: "https://example.com/x" }), [])).toEqual({
    keyId: "key00001",
    level: "alert",
    facts: { kind: "leak_report", foundAt: "https://example.com/x" },
  });
  expect(findingOf(freeze({ reason: "alert" }), [])).toBeNull();
});

test("budgets are told when somebody else sets them, and name only what the owner of the instance has set", () => {
  const change = (actor_id: string) =>
    row({
      ...{ action: "budget.change", actor_id, target_id: "user_1" },
      before: JSON.stringify({ "owner.daily": "5", "self.daily": "1" }),
      after: JSON.stringify({ "owner.daily": "2", "self.daily": "2" }),
    });
  expect(findingOf(change("user_1"), [])).toBeNull();
  expect(findingOf(change("user_owner"), [])).toMatchObject({
    userId: "user_1",
    facts: { by: "owner", changes: [{ field: "owner.daily", before: "5", after: "2" }] },
  });
});

test("a key's limits are told when a management key changes them, not when its owner does or the name changes", () => {
  const change = (actor_kind: string, after: object) =>
    row({
      ...{ action: "key.change", actor_kind, target_kind: "key", target_id: "key00001" },
      before: JSON.stringify({ limitUsd: "5", name: "A" }),
      after: JSON.stringify(after),
    });
  expect(findingOf(change("person", { limitUsd: "50" }), [])).toBeNull();
  expect(findingOf(change("key", { name: "B" }), [])).toBeNull();
  expect(findingOf(change("key", { limitUsd: null }), [])).toMatchObject({
    keyId: "key00001",
    level: "notice",
    facts: { changes: [{ field: "limitUsd", before: "5", after: null }] },
  });
});

test("a correct key outside its allowed addresses is told with the address and whose list it was", () => {
  const refused = row({ action: "key.address_refused", target_id: "key00001", after: '{"list":"account"}' });
  expect(findingOf(refused, [])).toMatchObject({
    keyId: "key00001",
    facts: { kind: "address_refused", address: "198.51.100.20", list: "account" },
  });
});
