/** What a batch of usage rows adds to the sums of each hour. */
import { ADDED_COLUMNS, HOUR_MS, PLACE_COLUMNS, type UsageHourTable } from "../rollups/columns.ts";
import { firstTokenColumn, noFirstTokens } from "../rollups/first-token.ts";
import type { UsageRow } from "../schema.ts";

export type HourSum = UsageHourTable;

export const HOUR_KEY = ["user_id", "hour", ...PLACE_COLUMNS] as const;
export const HOUR_COLUMNS = [...HOUR_KEY, "provider", ...ADDED_COLUMNS] as const;

/** One sum per key of the table, ordered so that two writers lock in the same order. */
export function sumByHour(rows: readonly UsageRow[]): HourSum[] {
  const sums = new Map<string, HourSum>();
  for (const row of rows) {
    const sum = sumOf(row, sums);
    sum.requests++;
    if (wasAnswered(row)) {
      sum.answered++;
      if (row.cost_nano === null || row.cost_nano === undefined) sum.unpriced++;
    }
    if (row.error_code !== null && row.error_code !== undefined) sum.errors++;
    sum.prompt_tokens += row.prompt_tokens;
    sum.completion_tokens += row.completion_tokens;
    sum.reasoning_tokens += row.reasoning_tokens;
    sum.cached_tokens += row.cached_tokens;
    sum.cost_nano += row.cost_nano ?? 0n;
    if (typeof row.first_token_ms === "number") sum[firstTokenColumn(row.first_token_ms)]++;
  }
  if (sums.size < 2) return [...sums.values()];
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
}

function wasAnswered({ model, provider, status, cancelled }: UsageRow): boolean {
  return typeof model === "string" && typeof provider === "string" && (status < 400 || cancelled === 1);
}

function sumOf(row: UsageRow, sums: Map<string, HourSum>): HourSum {
  const hour = Math.floor(row.created_at / HOUR_MS);
  const model = row.model ?? "";
  const provider = row.provider ?? "";
  const slug = row.provider_slug ?? provider.toLowerCase();
  const app = row.app_title || row.app_referer || "";
  const name = JSON.stringify([row.user_id, hour, row.key_id, model, slug, app]);
  const known = sums.get(name);
  if (known !== undefined) return known;
  const place = { user_id: row.user_id, hour, key_id: row.key_id, model, provider_slug: slug, app, provider };
  const sum = { ...place, ...noCounts(), ...noFirstTokens() };
  sums.set(name, sum);
  return sum;
}

function noCounts() {
  const tokens = { prompt_tokens: 0, completion_tokens: 0, reasoning_tokens: 0, cached_tokens: 0 };
  return { requests: 0, answered: 0, errors: 0, unpriced: 0, ...tokens, cost_nano: 0n };
}
