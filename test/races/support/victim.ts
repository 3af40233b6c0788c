/**
 * A process that kills itself with SIGKILL just before the k-th question of one transaction, or right after its commit
 * and before it can tell anybody. Says what it was told, a word a line. Run by `kill-points.test.ts`.
 */
import { systemClock } from "../../../src/kernel/clock.ts";
import { createLedger, type Decision } from "../../../src/storage/ledger/ledger.ts";
import { openStorage, type StorageOptions } from "../../../src/storage/open.ts";
import { createKeyStore } from "../../../src/storage/stores/keys.ts";
import { usageRow } from "../../support/stored.ts";
import { createFaultyWriter, type Fault } from "./faulty-writer.ts";

export interface VictimOrders {
  options: StorageOptions;
  hash: string;
  /** What it is doing when it dies. */
  act: "reserve" | "settle" | "leasedSettle" | "progress" | "release";
  fault: Fault;
}

const { options, hash, act, fault }: VictimOrders = JSON.parse(process.argv[2] ?? "{}");
const storage = await openStorage(options);
const die = () => process.kill(process.pid, "SIGKILL");
const writer = createFaultyWriter(storage, systemClock, die);
const ledger = await createLedger({ db: storage.db, writer, clock: systemClock });
const key = await createKeyStore(storage.db).findByHash(hash);
if (!key) throw new Error("there is no such key");

async function reserve(requestId: string): Promise<Decision> {
  const row = usageRow({
    id: `gen-${requestId}`,
    request_id: requestId,
    key_id: key?.id ?? "",
    user_id: key?.user_id ?? "",
  });
  const who = { requestId, keyId: row.key_id, userId: row.user_id, startedAtMs: systemClock.nowMs() };
  const limits = key?.spendLimits ?? [];
  return ledger.reserve({ ...who, limits, wantNano: 100n, leastNano: 100n, draft: () => row });
}

async function settle(decision: Decision): Promise<void> {
  if (decision.kind !== "held") throw new Error("nothing is held");
  const { requestId } = decision.hold;
  const who = { key_id: key?.id ?? "", user_id: key?.user_id ?? "" };
  await ledger.settle(
    usageRow({ id: `gen-${requestId}`, request_id: requestId, ...who, cost_nano: 60n }),
    decision.hold,
  );
  console.log("settled");
}

const first = await reserve("first");
const second = act === "leasedSettle" ? await reserve("second") : first;
if (second.kind !== "held") throw new Error("nothing is held");
if (act === "progress" || act === "release") ledger.progress(second.hold, 40n);
if (act === "release") await ledger.tending.pulse();
console.log("begun");
writer.failNext(fault);
if (act === "reserve") await reserve("third").then(() => console.log("held"));
else if (act === "progress") await ledger.tending.pulse().then(() => console.log("marked"));
else if (act === "release") await ledger.release(second.hold).then(() => console.log("released"));
else await settle(second);
console.log(`asked ${writer.questions}`);
process.exit();
