import { expect, test } from "bun:test";
import { eachEngine } from "../../../test/support/databases.ts";
import type { Db } from "../../storage/open.ts";
import { createWatchStore } from "../../storage/stores/watch.ts";
import { Gather } from "../../watch/gather.ts";
import { Watch } from "../../watch/watch.ts";
import { type Finding, Judge, type JudgeDeps } from "./judge.ts";

const HOUR_MS = 3_600_000;
const NOW = Date.UTC(2026, 10, 27, 12);
const KEY = "key00001";

eachEngine((databases) => {
  /** A key with four weeks of habits, and processes that may judge it: each is held still until its round is called. */
  async function begin() {
    const { db } = await databases.open();
    await createWatchStore(db).saveProfile(KEY, JSON.stringify(habits(KEY).state(KEY)), NOW);
    const clock = { nowMs: () => clock.atMs, monotonicMs: () => clock.atMs, atMs: NOW };
    const told: string[] = [];
    const process = (holder: string, changes: Partial<JudgeDeps> = {}) => {
      const gather = new Gather();
      const existing = async (_: Db, keyIds: readonly string[]) => new Set(keyIds);
      const tell = async ({ keyId, facts }: Finding) => void told.push(`${holder} ${keyId} ${facts.kind}`);
      const judge = new Judge({ db, gather, clock, existing, tell, holder, ...changes });
      return { judge, steal: (keyId = KEY, costUsd = 100) => gather.add(theft(keyId, costUsd, clock.atMs)) };
    };
    const kept = async () => (await createWatchStore(db).profiles([KEY]))[0]?.state;
    return { db, clock, told, process, kept };
  }

  test("when the process that judges dies, another judges what has come meanwhile, and tells nothing twice", async () => {
    const { db, clock, told, process } = await begin();
    const [dying, next] = [process("dying"), process("next")];
    dying.steal();
    expect([await dying.judge.round(), await next.judge.round()]).toEqual([true, false]);
    expect(told).toEqual([`dying ${KEY} unusual_use`]);

    // It never says that it ends. What the thief does meanwhile is known to have been told.
    next.steal();
    next.steal("key00002");
    clock.atMs += 20_000;
    expect(await next.judge.round()).toBe(false);
    clock.atMs += 11_000;
    expect(await next.judge.round()).toBe(true);
    expect(told).toEqual([`dying ${KEY} unusual_use`]);
    expect(await createWatchStore(db).waiting(1)).toEqual([]);
  });

  test("a process that stood still while another took over takes no uses and overwrites nothing that is remembered", async () => {
    const { db, clock, told, process, kept } = await begin();
    const next = process("next");
    let keptByNext: string | undefined;
    const old = process("old", {
      tell: async () => {
        clock.atMs += 31_000;
        next.steal();
        expect(await next.judge.round()).toBe(true);
        await createWatchStore(db).learn(KEY, clock.atMs);
        await next.judge.round();
        keptByNext = await kept();
        await createWatchStore(db).learn(KEY, clock.atMs);
      },
    });
    old.steal();
    expect(await old.judge.round()).toBe(false);
    expect(told).toEqual([`next ${KEY} unusual_use`]);
    expect(await kept()).toBe(keptByNext ?? "");
    await old.judge.close();
    expect(await createWatchStore(db).waiting(10)).toHaveLength(1);
    expect(await next.judge.round()).toBe(true);
  });

  test("what its owner has called usual is known to whoever takes over, though the judge was killed right after", async () => {
    const { db, clock, told, process } = await begin();
    const [killed, next] = [process("killed"), process("next")];
    killed.steal();
    await killed.judge.round();
    await createWatchStore(db).learn(KEY, clock.atMs);
    await killed.judge.round();
    clock.atMs += 31_000;
    next.steal(KEY, 20);
    expect(await next.judge.round()).toBe(true);
    expect(told).toEqual([`killed ${KEY} unusual_use`]);
  });

  test("uses are judged later when what is to be known of them cannot be read now", async () => {
    const { told, process } = await begin();
    let isAway = true;
    const existing = async (_: Db, keyIds: readonly string[]) => {
      if (isAway) throw new Error("the database is away");
      return new Set(keyIds);
    };
    const { judge, steal } = process("judge", { existing });
    steal();
    await expect(judge.round()).rejects.toThrow("away");
    isAway = false;
    expect(await judge.round()).toBe(true);
    expect(told).toEqual([`judge ${KEY} unusual_use`]);
  });

  test("an alert that cannot be told holds up no other, and is told in the end", async () => {
    const { db, told, process } = await begin();
    const other = "key00002";
    await createWatchStore(db).saveProfile(other, JSON.stringify(habits(other).state(other)), NOW);
    let isBroken = true;
    const tell = async ({ keyId }: Finding) => {
      if (isBroken && keyId === KEY) throw new Error("no such template");
      told.push(keyId);
    };
    const { judge, steal } = process("judge", { tell });
    for (const keyId of [KEY, other]) steal(keyId);
    for (let round = 0; round < 3; round++) await judge.round().catch(() => {});
    expect(told).toEqual([other]);
    isBroken = false;
    expect(await judge.round()).toBe(true);
    expect(told).toEqual([other, KEY]);
  });
});

/** Four weeks of a key that is called twice an hour. */
function habits(keyId: string): Watch {
  const watch = new Watch();
  for (let hour = 28 * 24; hour > 0; hour--) {
    const gather = new Gather();
    const usual = { address: "203.0.113.7", model: "m", costUsd: 0.02, userAgent: "OpenAI/Python 2.8.1" };
    for (let call = 0; call < 2; call++) gather.add({ ...usual, keyId, atMs: NOW - hour * HOUR_MS });
    for (const use of gather.take()) watch.observe(use);
  }
  return watch;
}

/** By a stranger; a hundred dollars are as much as a hundred usual days. */
function theft(keyId: string, costUsd: number, atMs: number) {
  return { keyId, atMs, address: "198.51.100.20", model: "m", costUsd, userAgent: "curl/8.1" };
}
