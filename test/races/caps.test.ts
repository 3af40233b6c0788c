/** Real processes on one database that share the caps of one key. */
import { expect, test } from "bun:test";
import { join } from "node:path";
import { eachEngine } from "../support/databases.ts";
import type { CappedJob, LetIn } from "./support/capped.ts";

const PROCESSES = 4;
const LIMIT_MS = 120_000;
const CALLER = join(import.meta.dir, "support", "capped.ts");

eachEngine((databases) => {
  async function callsOf(caps: CappedJob["caps"]): Promise<LetIn[]> {
    const place = await databases.options();
    await databases.open(place);
    const children = Array.from({ length: PROCESSES }, (_, seed) => {
      const job: CappedJob = { place, seed, forMs: 4_000, caps };
      return Bun.spawn([process.execPath, CALLER, JSON.stringify(job)], { stdout: "pipe", stderr: "inherit" });
    });
    const said = await Promise.all(children.map((child) => child.stdout.text()));
    return said.flatMap((text): LetIn[] => JSON.parse(text));
  }

  test(
    `${PROCESSES} processes together let in as many requests in a minute as a cap says: not one more, and all of them`,
    async () => {
      const letIn = await callsOf({ rpm: 50, tpm: null, parallel: null });
      expect(letIn).toHaveLength(50);
    },
    LIMIT_MS,
  );

  test(
    `${PROCESSES} processes together never run more calls at the same time than a cap says, also one smaller than their number`,
    async () => {
      for (const parallel of [3, 10]) {
        const letIn = await callsOf({ rpm: null, tpm: null, parallel });
        const events = letIn.flatMap(([fromMs, toMs]): [number, number][] => [
          [fromMs, 1],
          [toMs, -1],
        ]);
        // One that ends in the same millisecond in which another begins made place for it.
        events.sort(([one, isOne], [other, isOther]) => one - other || isOne - isOther);
        let running = 0;
        let most = 0;
        for (const [, change] of events) {
          running += change;
          most = Math.max(most, running);
        }
        expect(most).toBeLessThanOrEqual(parallel);
        expect(letIn.length).toBeGreaterThan(parallel);
      }
    },
    LIMIT_MS,
  );
});
