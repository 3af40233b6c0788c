import { expect, test } from "bun:test";
import { record } from "../../../../test/support/data-plane.ts";
import { Deadlines } from "../../deadlines.ts";
import type { KeyRecord } from "../../ports.ts";
import { KeyCache } from "./key-cache.ts";
import { OpenCalls } from "./open-calls.ts";

/** A key with two secrets, of which `former` ends; time is what the test says. */
function setup(ends: { former?: number; key?: number } = {}) {
  const state = { nowMs: 1_000, down: false, key: record, ends };
  const clock = { nowMs: () => state.nowMs, monotonicMs: () => state.nowMs + 7_000_000 };
  const recordOf = (hash: string): KeyRecord => ({
    ...state.key,
    hash,
    expiresAt: state.ends.key ?? null,
    secretEndsAt: hash === "former" ? (state.ends.former ?? null) : null,
  });
  const findByHash = async (hash: string) => {
    if (state.down) throw new Error("no database");
    return recordOf(hash);
  };
  const cache = new KeyCache({ findByHash }, clock);
  const deadlines = new Deadlines(clock);
  const calls = new OpenCalls(cache, { clock, deadlines });
  const ended: string[] = [];
  const begin = (hash: string) => calls.add(recordOf(hash), (error) => ended.push(`${hash} ${error.code}`));
  const pass = async (ms: number) => {
    state.nowMs += ms;
    deadlines.tick();
    // Each look-up of what is under way is a few turns of microtasks.
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  };
  const change = async (changes: Partial<KeyRecord>, newEnds = state.ends) => {
    state.key = { ...state.key, ...changes, version: state.key.version + 1 };
    state.ends = newEnds;
    cache.evict({ id: record.id, hash: "first", version: state.key.version });
    await calls.review(record.id);
  };
  return { state, calls, ended, begin, pass, change };
}

test("what runs with a former secret ends with it, and what runs with the current one goes on", async () => {
  const { ended, begin, pass } = setup({ former: 5_000 });
  begin("former");
  begin("current");
  await pass(3_999);
  expect(ended).toEqual([]);
  await pass(1);
  expect(ended).toEqual(["former rotated_key"]);
});

test("what runs with a key ends when the key expires, unless its end was moved meanwhile", async () => {
  const expiring = setup({ key: 5_000 });
  expiring.begin("current");
  await expiring.pass(4_000);
  expect(expiring.ended).toEqual(["current expired_key"]);

  const extended = setup({ key: 5_000 });
  extended.begin("current");
  await extended.change({}, { key: 9_000 });
  await extended.pass(4_000);
  expect(extended.ended).toEqual([]);
  await extended.pass(4_000);
  expect(extended.ended).toEqual(["current expired_key"]);
});

test("an end that is set while a call runs, or moved to earlier, holds", async () => {
  const { ended, begin, pass, change } = setup();
  begin("former");
  await change({}, { former: 3_000 });
  await pass(2_000);
  expect(ended).toEqual(["former rotated_key"]);
});

test("every secret of a key that is disabled ends its calls; a new name ends none", async () => {
  const { ended, begin, change } = setup();
  begin("former");
  begin("current");
  await change({ name: "Another" });
  expect(ended).toEqual([]);
  await change({ disabledAt: 5 });
  expect(ended.sort()).toEqual(["current disabled_key", "former disabled_key"]);
});

test("a look-up that fails ends nothing and is made again until it succeeds", async () => {
  const { state, ended, begin, pass, change } = setup();
  begin("current");
  state.down = true;
  await change({ deletedAt: 5 });
  await pass(1_000);
  expect(ended).toEqual([]);
  state.down = false;
  await pass(1_000);
  expect(ended).toEqual(["current unknown_key"]);
});

test("a call that is over is ended by nothing, and nothing is waited for any more", async () => {
  const { ended, begin, pass } = setup({ former: 5_000 });
  begin("former")();
  await pass(9_000);
  expect(ended).toEqual([]);
});
