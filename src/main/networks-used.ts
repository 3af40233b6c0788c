/** In how many networks keys were used lately, from what watching remembers of them. */
import type { Clock } from "../kernel/clock.ts";
import { isJsonObject, parseJson } from "../kernel/json.ts";
import { DAY_MS } from "../kernel/windows.ts";
import type { Db } from "../storage/open.ts";
import { createWatchStore } from "../storage/stores/watch.ts";
import { readState } from "../watch/kept.ts";
import { SeenSet } from "../watch/seen.ts";

const LATELY_MS = 28 * DAY_MS;

/** By key; one of which nothing is remembered is left out. */
export function networksUsedBy({ db, clock }: { db: Db; clock: Clock }) {
  const store = createWatchStore(db);
  return async (keyIds: readonly string[]): Promise<ReadonlyMap<string, number>> => {
    const used = new Map<string, number>();
    for (const { keyId, state } of await store.profiles(keyIds)) {
      const parsed = parseJson(state);
      if (!parsed.ok || !isJsonObject(parsed.value)) continue;
      const networks = SeenSet.from(readState(parsed.value).networks);
      used.set(keyId, networks.usedSince(clock.nowMs() - LATELY_MS));
    }
    return used;
  };
}
