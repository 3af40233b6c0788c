/** The dashboard's figures from the days of the API: sums stay exact, because dollars are never added as floats. */
import type { Overview } from "../../../../src/contract/schemas/activity.ts";
import { sumUsd } from "../../lib/format.ts";

export interface Totals {
  requests: number;
  errors: number;
  promptTokens: number;
  completionTokens: number;
  spentUsd: string;
}

export function totalsOf(days: Overview["days"]): Totals {
  const sum = (value: (day: Overview["days"][number]) => number) => days.reduce((total, day) => total + value(day), 0);
  return {
    requests: sum((day) => day.requests),
    errors: sum((day) => day.errors),
    promptTokens: sum((day) => day.promptTokens),
    completionTokens: sum((day) => day.completionTokens),
    spentUsd: sumUsd(days.map((day) => day.spentUsd)),
  };
}
