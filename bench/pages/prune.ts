/** Drops the requests that are older than so many days while new ones are being recorded. */
import type { Storage } from "../../src/storage/open.ts";
import { pruneUsage } from "../../src/storage/rollups/retention.ts";
import { createUsageWriter } from "../../src/storage/usage-writer/usage-writer.ts";
import { usageRow } from "../../test/support/stored.ts";
import type { Figure } from "../figure.ts";
import { percentile } from "../support/statistics.ts";

const AT_ONCE = 8;
const MIB = 1024 * 1024;

export async function pruneUnderLoad(storage: Storage, keptDays: number): Promise<Figure[]> {
  const writer = createUsageWriter(storage);
  const waits: number[] = [];
  const before = process.memoryUsage.rss();
  let highest = before;
  let isDone = false;
  const record = async () => {
    while (!isDone) {
      const beganMs = performance.now();
      await writer.record(usageRow({ created_at: Date.now() }));
      waits.push(performance.now() - beganMs);
      highest = Math.max(highest, process.memoryUsage.rss());
    }
  };
  const load = Array.from({ length: AT_ONCE }, record);
  const beganMs = performance.now();
  const dropped = await pruneUsage(storage, { days: keptDays, maxBytes: Number.MAX_SAFE_INTEGER }, Date.now());
  const seconds = (performance.now() - beganMs) / 1000;
  isDone = true;
  await Promise.all(load);
  await writer.close();
  if (dropped === 0) throw new Error(`no request is older than ${keptDays} days`);
  return [
    { figure: "pruned_per_second", value: dropped / seconds, unit: "requests", n: dropped },
    { figure: "prune_memory_mib", value: (highest - before) / MIB, unit: "MiB", n: 1 },
    { figure: "prune_record_p99_ms", value: percentile(waits, 0.99), unit: "ms", n: waits.length },
  ];
}
