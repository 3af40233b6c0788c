/** A provider's export, compared for the owner's page. */
import type { ReconciledSums, ReconciliationView } from "../../contract/schemas/reconciliation.ts";
import { usdString } from "../../kernel/money.ts";
import type { Handlers } from "../http/handler.ts";
import { fieldProblem } from "../keys/key-changes.ts";
import { ExportProblem } from "./read-export.ts";
import { type OurRows, type Reconciliation, reconcile } from "./reconcile.ts";
import type { Sums } from "./sums.ts";

export function reconciliationHandlers(rows: OurRows): Handlers<"reconcileUsage"> {
  return {
    reconcileUsage: async ({ body: { text, provider = null } }) => {
      try {
        return { body: reconciliationView(await reconcile({ text, provider, fromMs: null, toMs: null }, rows)) };
      } catch (error) {
        if (error instanceof ExportProblem) throw fieldProblem("text", error.message);
        throw error;
      }
    },
  };
}

/** Also what the command line prints as JSON. */
export function reconciliationView({
  theirs,
  ours,
  lossNano,
  differences,
  ...rest
}: Reconciliation): ReconciliationView {
  return {
    ...rest,
    theirs: sumsView(theirs),
    ours: sumsView(ours),
    lossUsd: usdString(lossNano),
    differences: differences.map((difference) => ({
      ...difference,
      theirs: difference.theirs && sumsView(difference.theirs),
      ours: difference.ours && sumsView(difference.ours),
    })),
  };
}

function sumsView({ costNano, ...counts }: Sums): ReconciledSums {
  return { ...counts, costUsd: usdString(costNano) };
}
