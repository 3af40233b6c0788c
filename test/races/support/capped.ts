/**
 * One process that lets calls in by caps it shares with others: for some time it tries as fast as it can, ends what it let
 * in after a moment, and writes when each call began and ended. Run by `caps.test.ts`.
 */
import { RateLimits } from "../../../src/gateway/policy/rate-limit/rate-limits.ts";
import { systemClock } from "../../../src/kernel/clock.ts";
import { openStorage, type StorageOptions } from "../../../src/storage/open.ts";
import { createCapShares } from "../../../src/storage/stores/cap-shares.ts";
import { record } from "../../support/data-plane.ts";
import { randomFrom } from "../../support/fuzz/random.ts";

export interface CappedJob {
  place: StorageOptions;
  seed: number;
  forMs: number;
  caps: { rpm: number | null; tpm: number | null; parallel: number | null };
}

/** Epoch milliseconds. */
export type LetIn = [fromMs: number, toMs: number];

async function run({ place, seed, forMs, caps }: CappedJob): Promise<void> {
  const random = randomFrom(seed);
  const storage = await openStorage(place);
  const shares = await createCapShares({ ...storage, clock: systemClock, isAlone: false });
  const limits = new RateLimits(systemClock, { shares });
  const key = { ...record, id: "shared00", rateCaps: caps };
  const letIn: LetIn[] = [];
  const endsMs = Date.now() + forMs;
  const caller = async () => {
    while (Date.now() < endsMs) {
      const ticket = await (async () => limits.admit(key))().catch(() => null);
      const fromMs = Date.now();
      await Bun.sleep(random.whole(30));
      if (ticket === null) continue;
      letIn.push([fromMs, Date.now()]);
      ticket.end(0);
    }
  };
  const tending = setInterval(() => {
    limits.tend();
    shares.tend().catch(() => undefined);
  }, 200);
  await Promise.all(Array.from({ length: 10 }, caller));
  clearInterval(tending);
  await storage.close();
  process.stdout.write(JSON.stringify(letIn));
}

await run(JSON.parse(process.argv[2] ?? "{}"));
