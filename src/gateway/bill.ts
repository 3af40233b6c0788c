/** What a call used and costs, by how it ended: as the provider reported it, else counted from what was seen. */
import type { Endpoint } from "../catalog/catalog.ts";
import { lesserOf, type NanoUsd, usdString } from "../kernel/money.ts";
import { splitCost } from "../kernel/spend-limit.ts";
import type { Call } from "./call.ts";
import { NO_CHARGE, NO_TOKENS } from "./call.ts";
import type { AnswerNotes, Billed } from "./canonical/dialects.ts";
import { type Charge, chargeFor } from "./metering/charge.ts";
import { type CallEnd, isCharged, type SettlementRule, settlementRule } from "./metering/settlement.ts";
import { CERTAIN_BYTES_PER_TOKEN, usageOf } from "./metering/usage.ts";
import type { Hold } from "./ports.ts";

export interface Bill extends Billed {
  /** What the answer cost, of which `charge` is what is paid. Null when no price is known. */
  costNano: NanoUsd | null;
  settledAs: SettlementRule;
}

/** Nothing was used, so nothing is owed. */
export function nothingOwed(settledAs: SettlementRule): Bill {
  return { usage: NO_TOKENS, charge: NO_CHARGE, costNano: 0n, settledAs };
}

/** What a bill is made from. */
export interface Ended {
  outcome: CallEnd["outcome"];
  /** Whose price counts. */
  endpoint: Endpoint;
  /** Whether the provider's word is taken for what it charged. */
  reportsCost: boolean;
  notes: Pick<AnswerNotes, "usage" | "textLength" | "finishReason">;
}

type Billable = Pick<Call, "client" | "createdAt" | "hold" | "promptBytes">;

export function billFor(call: Billable, ended: Ended): Bill {
  const { outcome, notes } = ended;
  const usage = usageOf(notes, call.promptBytes);
  const settledAs = settlementRule({
    outcome,
    apiType: call.client.apiType,
    wasSent: true,
    finishReason: notes.finishReason,
    completionTokens: usage.completionTokens,
    isEstimated: usage.estimated,
  });
  if (!isCharged(settledAs)) return { ...nothingOwed(settledAs), usage };
  const cost = costOf(call, ended, usage);
  const bill = { usage, charge: withinHold(cost, call.hold), costNano: cost.costNano, settledAs };
  return outcome === "cut" && call.hold ? { ...bill, note: noteOfCut(call.hold) } : bill;
}

/** What a running answer has cost at the very least: no text has fewer tokens than this. */
export function certainNano(call: Billable, ended: Ended): NanoUsd | null {
  return costOf(call, ended, usageOf(ended.notes, call.promptBytes, CERTAIN_BYTES_PER_TOKEN)).costNano;
}

function costOf(call: Billable, { endpoint, reportsCost }: Ended, usage: Billed["usage"]): Charge {
  return chargeFor(usage, { price: endpoint.price, trustReported: reportsCost, atMs: call.createdAt });
}

/** Nobody pays more than was set aside. */
function withinHold(cost: Charge, hold: Hold | null): Charge {
  if (hold === null || cost.costNano === null) return cost;
  const { chargedNano, lossNano } = splitCost(cost.costNano, hold.grantedNano);
  if (lossNano === 0n) return cost;
  const { promptNano = 0n } = cost;
  return { ...cost, costNano: chargedNano, promptNano: lesserOf(promptNano, chargedNano) };
}

function noteOfCut({ grantedNano }: Hold): string {
  return (
    `The answer was ended here, because the ${usdString(grantedNano)} USD that could be set aside for it are used up. ` +
    "A higher limit, or more credit, lets it go on."
  );
}
