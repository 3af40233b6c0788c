/** The ledger in the words of the data plane. */
import type { Ledger, UsageSink } from "../gateway/ports.ts";
import type { MoneyLedger } from "../storage/ledger/ledger.ts";
import { usageRowOf } from "./records.ts";

export function ledgerPort(ledger: MoneyLedger): Ledger {
  return {
    instanceLimits: () => ledger.instanceLimits(),
    reserve: (request) => ledger.reserve({ ...request, draft: () => usageRowOf(request.draft()) }),
    progress: (hold, costNano) => ledger.progress(hold, costNano),
    release: (hold) => ledger.release(hold),
  };
}

export function usageSink(ledger: MoneyLedger): UsageSink {
  return { record: (usage, hold) => ledger.settle(usageRowOf(usage), hold) };
}
