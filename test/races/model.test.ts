/**
 * Sequences of everything that can happen to money, held against a model of plain numbers after every single step.
 * MODEL_SEQUENCES raises how many are tried; MODEL_SEED tries one again.
 */
import { test } from "bun:test";
import fc from "fast-check";
import { DAY_MS } from "../../src/kernel/windows.ts";
import type { StorageOptions } from "../../src/storage/open.ts";
import { eachEngine } from "../support/databases.ts";
import { NOON } from "../support/money.ts";
import { steps } from "./support/commands.ts";
import { Model } from "./support/model.ts";
import { Real } from "./support/real.ts";

const SEQUENCES = Number(process.env.MODEL_SEQUENCES ?? 50);
const SEED = process.env.MODEL_SEED;
const LONGEST = 40;
/** Sequences share a database; each lives in years of its own. */
const APART_MS = 4_000 * DAY_MS;
const LIMIT_MS = 900_000;

/** The same place, where PostgreSQL does not wait for the disk either. */
function unsafe({ databaseUrl, ...options }: StorageOptions): StorageOptions {
  if (databaseUrl === undefined) return options;
  const url = new URL(databaseUrl);
  url.searchParams.set("options", "-c synchronous_commit=off");
  return { ...options, databaseUrl: url.href };
}

eachEngine((databases) => {
  for (const hasLeases of [false, true]) {
    const way = hasLeases ? "leases" : "a hold for each call";
    test(
      `no sequence of calls, crashes, failures and jumps of the clock breaks the books, with ${way}`,
      async () => {
        const storage = await databases.open(unsafe(await databases.options()));
        // The disk is not what is tested here.
        storage.sqlite?.run("PRAGMA synchronous = OFF");
        let sequences = 0;
        await fc.assert(
          fc.asyncProperty(steps(LONGEST), async (commands) => {
            const nowMs = NOON + ++sequences * APART_MS;
            await fc.asyncModelRun(async () => {
              const real = await Real.open(storage, { nowMs, hasLeases });
              return { real, model: new Model(nowMs, await Real.spentBefore(storage)) };
            }, commands);
          }),
          { numRuns: SEQUENCES, ...(SEED === undefined ? {} : { seed: Number(SEED) }) },
        );
      },
      LIMIT_MS,
    );
  }
});
