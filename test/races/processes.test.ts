/**
 * Real processes that spend the same money at the same time. RACES_SEEDS raises how many storms there are;
 * `npm run bench -- races` makes a hundred.
 */
import { expect, test } from "bun:test";
import { eachEngine } from "../support/databases.ts";
import { type Storm, startCallers } from "./support/storm.ts";

const SEEDS = Number(process.env.RACES_SEEDS ?? 2);
const PROCESSES = 8;
const CALLS = 200;
const LIMIT_MS = 240_000;
const TIGHTEST = ["key", "account", "credit", "instance"] as const;

eachEngine((databases) => {
  async function storms(shape: Pick<Storm, "budgetNano" | "mostNano" | "longestMs">) {
    const options = await databases.options();
    const storage = await databases.open(options);
    const callers = await startCallers(storage, options, PROCESSES);
    databases.afterwards(callers.stop);
    const results = [];
    for (let seed = 1; seed <= SEEDS; seed++) {
      const tightest = TIGHTEST[seed % TIGHTEST.length] ?? "key";
      results.push(await callers.storm({ calls: CALLS, seed, tightest, ...shape }));
    }
    return results;
  }

  for (const [what, budgetNano] of [
    ["three and a half calls", 3_500n],
    ["some hundreds of calls, so that leases come and go,", 250_000n],
  ] as const) {
    test(
      `${PROCESSES} processes with ${CALLS} calls each never spend more than a budget of ${what} has, and lose none of it`,
      async () => {
        for (const result of await storms({ budgetNano, mostNano: 1_000, longestMs: 20 })) {
          expect(result).toMatchObject({
            overspendNano: 0n,
            breaches: [],
            failed: 0,
            contradictions: 0,
            isAllLeftToHave: true,
          });
          expect(result.held).toBeGreaterThan(0);
          expect(result.held + result.refused).toBe(PROCESSES * CALLS);
        }
      },
      LIMIT_MS,
    );
  }
});
