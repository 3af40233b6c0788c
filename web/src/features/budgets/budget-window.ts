/** The ways in which a budget begins anew, as the pages name them. */
import type { LimitReset } from "../../../../src/kernel/windows.ts";

export const BUDGET_WINDOWS = ["total", "daily", "weekly", "monthly"] as const;
export type BudgetWindow = (typeof BUDGET_WINDOWS)[number];

export function windowOf(reset: LimitReset | null): BudgetWindow {
  return reset ?? "total";
}
