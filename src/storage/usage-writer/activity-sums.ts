/** What a batch of usage rows adds to the sums that `/activity` reads. */
import type { Selectable } from "kysely";
import { DAY_MS } from "../../kernel/windows.ts";
import type { ActivityDayTable, UsageRow } from "../schema.ts";

export type ActivitySum = Selectable<ActivityDayTable>;

export const ACTIVITY_KEY = ["user_id", "day", "key_id", "model", "provider_slug"] as const;
export const ACTIVITY_COUNTS = [
  "requests",
  "unpriced",
  "prompt_tokens",
  "completion_tokens",
  "reasoning_tokens",
  "cost_nano",
] as const;
export const ACTIVITY_COLUMNS = [
  ...ACTIVITY_KEY,
  "provider",
  ...ACTIVITY_COUNTS,
] as const satisfies readonly (keyof ActivitySum)[];

/** One sum per key of the table, ordered so that two writers lock in the same order. */
export function sumByActivity(rows: readonly UsageRow[]): ActivitySum[] {
  const sums = new Map<string, ActivitySum>();
  for (const row of rows) {
    const sum = begun(row, sums);
    if (!sum) continue;
    sum.requests++;
    if (row.cost_nano === null || row.cost_nano === undefined) sum.unpriced++;
    sum.prompt_tokens += row.prompt_tokens;
    sum.completion_tokens += row.completion_tokens;
    sum.reasoning_tokens += row.reasoning_tokens;
    sum.cost_nano += row.cost_nano ?? 0n;
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
}

/** The sum that a row belongs to; undefined for a request that no provider answered. */
function begun(row: UsageRow, sums: Map<string, ActivitySum>): ActivitySum | undefined {
  const { model, provider } = row;
  if (typeof model !== "string" || typeof provider !== "string") return undefined;
  if (row.status >= 400 && row.cancelled !== 1) return undefined;
  const day = Math.floor(row.created_at / DAY_MS);
  const slug = row.provider_slug ?? provider.toLowerCase();
  const name = JSON.stringify([row.user_id, day, row.key_id, model, slug]);
  const sum = sums.get(name) ?? {
    user_id: row.user_id,
    day,
    key_id: row.key_id,
    model,
    provider,
    provider_slug: slug,
    requests: 0,
    unpriced: 0,
    prompt_tokens: 0,
    completion_tokens: 0,
    reasoning_tokens: 0,
    cost_nano: 0n,
  };
  sums.set(name, sum);
  return sum;
}
