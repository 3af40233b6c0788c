/** The ledger in the words of the data plane. */
import type { Ledger, UsageSink } from "../gateway/ports.ts";
import type { MoneyLedger } from "../storage/ledger/ledger.ts";
import { type Breach, verifyLedger } from "../storage/ledger/verify/verify.ts";
import type { Storage } from "../storage/open.ts";
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
