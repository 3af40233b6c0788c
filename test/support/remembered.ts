/** What watching knows of a key, written beside the running server. */
import { openStorage, type StorageOptions } from "../../src/storage/open.ts";
import { createWatchStore, type NewUse } from "../../src/storage/stores/watch.ts";
import { Gather } from "../../src/watch/gather.ts";
import { Watch } from "../../src/watch/watch.ts";

const HOUR_MS = 3_600_000;

/** Four weeks of a key that is called a few times each hour from one network, as the judge would have kept them. */
export async function rememberUse(place: StorageOptions, keyId: string): Promise<void> {
  const watch = new Watch();
  const nowMs = Date.now();
  for (let hour = 28 * 24; hour > 0; hour--) {
    const gather = new Gather();
    const atMs = nowMs - hour * HOUR_MS;
    for (let call = 0; call < 2; call++) {
      gather.add({
        ...{ atMs, keyId, address: "203.0.113.7", model: "openai/gpt-3.5-turbo" },
        ...{ costUsd: 0.02, userAgent: "OpenAI/Python 2.8.1" },
      });
    }
    for (const use of gather.take()) watch.observe(use);
  }
  await withStore(place, (store) => store.saveProfile(keyId, JSON.stringify(watch.state(keyId)), nowMs));
}

/** A call of a thief that nobody has judged yet: ten usual days at once, from elsewhere, with another program. */
export async function stealWith(place: StorageOptions, keyId: string): Promise<void> {
  const theft: NewUse = {
    ...{ key_id: keyId, at: Date.now(), network: "198.51.100.0/24", program: "curl", model: "openai/gpt-3.5-turbo" },
    ...{ calls: 40, cost_nano: 10_000_000_000n, refused: 0, code: null },
  };
  await withStore(place, (store) => store.add([theft]));
}

async function withStore(place: StorageOptions, work: (store: ReturnType<typeof createWatchStore>) => Promise<void>) {
  const storage = await openStorage(place);
  await work(createWatchStore(storage.db)).finally(() => storage.close());
}
