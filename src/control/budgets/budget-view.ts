/** Budgets and credit as the dashboard shows them. Pure. */
import type { Budget, Credit } from "../../contract/schemas/budgets.ts";
import { moneyEndsAt } from "../../kernel/forecast.ts";
import { greaterOf, type NanoUsd, usdString } from "../../kernel/money.ts";
import { DAY_MS, windowOf } from "../../kernel/windows.ts";
import type { CreditState } from "../../storage/ledger/credits.ts";
import type { BillingMode, BudgetState } from "../../storage/stores/budgets.ts";
import type { RecentSpend } from "../../storage/stores/pace.ts";

/** `recent` is the pace of what never begins anew; null where nothing was spent lately. */
export function budgetView(state: BudgetState, recent: RecentSpend | null, nowMs: number): Budget {
  const { reset, limitNano, ownerNano, selfNano, spentNano, heldNano } = state;
  const window = windowOf(reset, nowMs);
  const startsAt = window.firstDay === null ? null : window.firstDay * DAY_MS;
  const leftNano = greaterOf(limitNano - spentNano - heldNano, 0n);
  const pace = startsAt === null ? recent : { nano: spentNano, sinceMs: startsAt };
  return {
    reset,
    limitUsd: usdString(limitNano),
    ownerLimitUsd: amountOrNull(ownerNano),
    selfLimitUsd: amountOrNull(selfNano),
    spentUsd: usdString(spentNano),
    heldUsd: usdString(heldNano),
    leftUsd: usdString(leftNano),
    startsAt,
    resetsAt: window.endsAtMs,
    endsAt: endsAt(pace, { leftNano, nowMs, untilMs: window.endsAtMs }),
  };
}

export function creditView(
  { boughtNano, spentNano, heldNano }: CreditState,
  { billing, recent, nowMs }: { billing: BillingMode; recent: RecentSpend | null; nowMs: number },
): Credit {
  const leftNano = greaterOf(boughtNano - spentNano - heldNano, 0n);
  return {
    billing,
    boughtUsd: usdString(boughtNano),
    spentUsd: usdString(spentNano),
    heldUsd: usdString(heldNano),
    leftUsd: usdString(leftNano),
    endsAt: billing === "prepaid" ? endsAt(recent, { leftNano, nowMs, untilMs: null }) : null,
  };
}

function endsAt(
  pace: RecentSpend | null,
  now: { leftNano: NanoUsd; nowMs: number; untilMs: number | null },
): number | null {
  return pace === null ? null : moneyEndsAt({ spentNano: pace.nano, sinceMs: pace.sinceMs, ...now });
}

function amountOrNull(nano: NanoUsd | null): string | null {
  return nano === null ? null : usdString(nano);
}
