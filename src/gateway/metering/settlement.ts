/**
 * Which rule a call is charged by: the table of docs/billing.md as a function. Pure.
 *
 * Invariants: every end has exactly one rule; whoever got no answer pays nothing, unless they left before it came; no
 * charge exceeds what was set aside for the call (`splitCost`), whatever a provider reports.
 */
import type { ApiType } from "../canonical/dialects.ts";
import { isInsured } from "./insurance.ts";

export const SETTLEMENT_RULES = [
  ...(["reported", "counted", "left", "cut", "interrupted"] as const),
  ...(["failed", "empty", "cached", "refused", "not_sent"] as const),
];
export type SettlementRule = (typeof SETTLEMENT_RULES)[number];

/** The native reason of an answer that was ended because the money for it was used up. */
export const CUT = "budget";

/** How a call ended, as far as its charge depends on it. */
export interface CallEnd {
  apiType: ApiType;
  outcome: /** The provider's answer came to its end, or to what it says is one. */
    | "answered"
    /** The answer broke off, or ended with an error. */
    | "failed"
    /** The client went away. */
    | "left"
    /** What was set aside was used up. */
    | "cut"
    /** Refused here or by every provider that was asked, or nobody answered in time. */
    | "refused"
    /** The answer of an earlier request was given again. */
    | "cached"
    /** Gapura ended it in the middle: it stopped, or the key may not call any more. */
    | "interrupted";
  /** Whether the request had gone to a provider that had not refused it. */
  wasSent: boolean;
  finishReason: string | null;
  completionTokens: number;
  /** Whether tokens are counted here, because nobody reported any that make sense. */
  isEstimated: boolean;
}

export function settlementRule(end: CallEnd): SettlementRule {
  const { outcome, wasSent, apiType, finishReason, completionTokens } = end;
  switch (outcome) {
    case "cached":
    case "refused":
    case "failed":
    case "cut":
    case "interrupted":
      return outcome;
    case "left":
      return wasSent ? "left" : "not_sent";
    case "answered":
      if (isInsured({ apiType, cancelled: false, finishReason, completionTokens })) {
        return finishReason === "error" ? "failed" : "empty";
      }
      return end.isEstimated ? "counted" : "reported";
  }
}

const CHARGED: ReadonlySet<SettlementRule> = new Set(["reported", "counted", "left", "cut", "interrupted"]);

/** Whether a call that ended by this rule is paid for. */
export function isCharged(rule: SettlementRule): boolean {
  return CHARGED.has(rule);
}

export function settlementRuleOf(name: string | null): SettlementRule | null {
  return SETTLEMENT_RULES.find((rule) => rule === name) ?? null;
}
