/** The ledger in the words of the data plane. */
import type { DataPlane } from "../gateway/data-plane.ts";
import type { Ledger, UsageSink } from "../gateway/ports.ts";
import type { Clock } from "../kernel/clock.ts";
import { createLedger, type MoneyLedger } from "../storage/ledger/ledger.ts";
import { type Breach, verifyLedger } from "../storage/ledger/verify/verify.ts";
import type { Storage } from "../storage/open.ts";
import { type CapShares, createCapShares } from "../storage/stores/cap-shares.ts";
import { createUsageWriter } from "../storage/usage-writer/usage-writer.ts";
import { usageRowOf } from "./records.ts";

export function ledgerPort(ledger: MoneyLedger): Ledger {
  return {
    instanceLimits: () => ledger.instanceLimits(),
    trouble: () => ledger.trouble(),
    reserve: (request) => ledger.reserve({ ...request, draft: () => usageRowOf(request.draft()) }),
    progress: (hold, costNano) => ledger.progress(hold, costNano),
    release: (hold) => ledger.release(hold),
  };
}

export function usageSink(ledger: MoneyLedger): UsageSink {
  return { record: (usage, hold) => ledger.settle(usageRowOf(usage), hold) };
}

/**
 * Everything that counts what calls cost and how fast they come. `isWorker`: this process is one of several that are an
 * instance. Rejects when the database does not answer.
 */
export async function openBooks(storage: Storage, clock: Clock, { isWorker }: { isWorker: boolean }) {
  // The embedded database is claimed by one instance; but workers whose supervisor was killed still finish their answers
  // when the next instance starts, and what they hold is theirs until they are known to be dead.
  const isAlone = storage.file !== null && !isWorker;
  const writer = createUsageWriter(storage, clock);
  const ledger = await createLedger({ db: storage.db, writer, clock }, { isAlone });
  const capShares = await createCapShares({ db: storage.db, engine: storage.engine, clock, isAlone });
  return { writer, ledger, capShares };
}

/** Gives back of caps what is not needed here, and keeps the rest in force. */
export function capCare(plane: Pick<DataPlane, "tendRates">, shares: CapShares): () => Promise<void> {
  return () => {
    plane.tendRates();
    return shares.tend();
  };
}

/** What is done for the ledger beside the calls. */
export interface LedgerCare {
  /** Looks after holds and leases, its own and those of processes that died. */
  tend(): Promise<void>;
  /** What breaks the books, if anything does. */
  verify(): Promise<readonly Breach[]>;
}

export function ledgerCare(ledger: MoneyLedger, storage: Storage): LedgerCare {
  return { tend: () => ledger.tending.tend(), verify: async () => (await verifyLedger(storage)).breaches };
}
