import type { Overview } from "../../../../src/contract/schemas/activity.ts";
import type { Metric } from "../usage/usage-search.ts";

export type Day = Overview["days"][number];

export function metricOf(day: Day, metric: Metric): string {
  if (metric === "spend") return day.spentUsd;
  if (metric === "tokens") return String(day.promptTokens + day.completionTokens);
  return String(day[metric]);
}
