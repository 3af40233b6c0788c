import { expect, test } from "bun:test";
import { made, record } from "../../../../test/support/data-plane.ts";
import type { KeyRecord, KeySource } from "../../ports.ts";
import { authenticateKey, requireKind } from "./key-auth.ts";
import { KeyCache } from "./key-cache.ts";

function setup(initial: KeyRecord | null) {
  const state = { nowMs: 1_000, stored: initial, lookups: 0, down: false };
  const gate: { hold: Promise<void> | null } = { hold: null };
  const source: KeySource = {
    findByHash: async (hash) => {
      state.lookups++;
      if (state.down) throw new Error("no database");
      const answer = state.stored?.hash === hash ? state.stored : null;
      if (gate.hold) await gate.hold;
      return answer;
    },
  };
  const clock = { nowMs: () => state.nowMs, monotonicMs: () => state.nowMs };
  const cache = new KeyCache(source, clock);
  const call = async (authorization: string | null) => authenticateKey(authorization, cache, clock);
  const code = (authorization: string | null) =>
    call(authorization).then(
      () => "ok",
      (error) => error.code,
    );
  return { state, gate, cache, call, code, clock };
}

test("a good key is known after one look-up, however many requests wait for it", async () => {
  const { state, call } = setup(record);
  const found = await Promise.all(Array.from({ length: 100 }, () => call(`Bearer ${made.key}`)));
  expect(found.every((one) => one.id === record.id)).toBe(true);
  expect(state.lookups).toBe(1);
});

test("a known key is found without a promise", async () => {
  const { call, cache, clock } = setup(record);
  await call(`Bearer ${made.key}`);
  expect(authenticateKey(`Bearer ${made.key}`, cache, clock)).toEqual(record);
});

test("no header, junk and a wrong character are refused without a look-up", async () => {
  const { state, code } = setup(record);
  expect(await code(null)).toBe("missing_credentials");
  expect(await code("")).toBe("missing_credentials");
  expect(await code(made.key)).toBe("malformed_key");
  expect(await code("Basic abc")).toBe("malformed_key");
  const wrong = made.key.slice(0, 20) + (made.key[20] === "a" ? "b" : "a") + made.key.slice(21);
  expect(await code(`Bearer ${wrong}`)).toBe("malformed_key");
  expect(await code(`Bearer ${made.key} ${made.key}`)).toBe("malformed_key");
  expect(await code(`Bearer ${made.key}, Bearer ${made.key}`)).toBe("malformed_key");
  expect(state.lookups).toBe(0);
});

test("unknown, deleted, disabled, expired and suspended each have their own refusal", async () => {
  const header = `Bearer ${made.key}`;
  expect(await setup(null).code(header)).toBe("unknown_key");
  expect(await setup({ ...record, deletedAt: 5 }).code(header)).toBe("unknown_key");
  expect(await setup({ ...record, disabledAt: 5 }).code(header)).toBe("disabled_key");
  expect(await setup({ ...record, expiresAt: 1_000 }).code(header)).toBe("expired_key");
  expect(await setup({ ...record, expiresAt: 1_001 }).code(header)).toBe("ok");
  expect(await setup({ ...record, secretEndsAt: 1_000 }).code(header)).toBe("rotated_key");
  expect(await setup({ ...record, secretEndsAt: 1_001 }).code(header)).toBe("ok");
  expect(await setup({ ...record, ownerActive: false }).code(header)).toBe("account_inactive");
});

test("storage trouble is 503 with Retry-After, never 401", async () => {
  const { state, call } = setup(record);
  state.down = true;
  const error = await call(`Bearer ${made.key}`).catch((caught) => caught);
  expect([error.code, error.status, error.retryAfterSeconds]).toEqual(["storage_unavailable", 503, 2]);
});

test("a change takes effect at once", async () => {
  const { state, cache, code } = setup(record);
  expect(await code(`Bearer ${made.key}`)).toBe("ok");
  state.stored = { ...record, disabledAt: 2, version: 2 };
  cache.evict({ id: record.id, hash: record.hash, version: 2 });
  expect(await code(`Bearer ${made.key}`)).toBe("disabled_key");
});

test("a change holds for a key that was found by another of its secrets", async () => {
  const { state, cache, code } = setup(record);
  expect(await code(`Bearer ${made.key}`)).toBe("ok");
  state.stored = { ...record, disabledAt: 2, version: 2 };
  cache.evict({ id: record.id, hash: "of its first secret", version: 2 });
  expect(await code(`Bearer ${made.key}`)).toBe("disabled_key");
});

test("a look-up that began before the change cannot bring the old key back", async () => {
  const { state, gate, cache, code } = setup(record);
  let release = () => {};
  gate.hold = new Promise((resolve) => {
    release = resolve;
  });
  const slow = code(`Bearer ${made.key}`);
  state.stored = { ...record, disabledAt: 2, version: 2 };
  cache.evict({ id: record.id, hash: record.hash, version: 2 });
  gate.hold = null;
  release();
  expect(await slow).toBe("disabled_key");
  expect(await code(`Bearer ${made.key}`)).toBe("disabled_key");
});

test("an unknown key is asked for again only after a moment, and works once it exists", async () => {
  const { state, code } = setup(null);
  expect(await code(`Bearer ${made.key}`)).toBe("unknown_key");
  expect(await code(`Bearer ${made.key}`)).toBe("unknown_key");
  expect(state.lookups).toBe(1);
  state.stored = record;
  state.nowMs += 1_000;
  expect(await code(`Bearer ${made.key}`)).toBe("ok");
});

test("a remembered key is asked for again after its time to live", async () => {
  const { state, code } = setup(record);
  await code(`Bearer ${made.key}`);
  state.nowMs += 60_000;
  state.stored = { ...record, ownerActive: false };
  expect(await code(`Bearer ${made.key}`)).toBe("account_inactive");
});

test("a management key cannot run inference", () => {
  expect(() => requireKind({ ...record, kind: "management" }, "inference")).toThrow("cannot run inference");
});
