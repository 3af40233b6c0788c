/**
 * A key with a limit is refused once it has spent it in the running window. Pure: the spending comes from `key-spend.ts`.
 * Calls that run at the same time are not reserved for: each was let in before the others had been paid, so together
 * they can overshoot.
 */
import { GapuraError } from "../../../kernel/errors.ts";
import { type NanoUsd, usdString } from "../../../kernel/money.ts";
import type { SpendWindow } from "../../../kernel/windows.ts";
import type { KeyLimit } from "../../ports.ts";

export type LimitDecision = { kind: "pass" } | { kind: "refuse"; error: GapuraError };

const PASS: LimitDecision = { kind: "pass" };

/** `spentNano` is what the key has spent since the window began. */
export function evaluate(limit: KeyLimit, spentNano: NanoUsd, window: SpendWindow): LimitDecision {
  if (spentNano < limit.nano) return PASS;
  const resetsAt = window.endsAtMs === null ? null : new Date(window.endsAtMs).toISOString();
  const values = {
    limit: usdString(limit.nano),
    period: resetsAt === null ? "in all" : `${limit.reset}, anew at ${resetsAt}`,
  };
  const metadata = {
    limit_source: "openrouter_key_limit",
    limit: Number(values.limit),
    limit_reset: limit.reset,
    resets_at: resetsAt,
  };
  return { kind: "refuse", error: new GapuraError("key_limit_reached", { values, metadata }) };
}
