/** Requests as a table for spreadsheets, newest first, in portions, so that a long one is never whole in memory. */

import { csvLine } from "../../kernel/csv.ts";
import { usdString } from "../../kernel/money.ts";
import type { InstanceNames } from "../../storage/stores/instance-names.ts";
import type { UsageEntry, UsageStore } from "../../storage/stores/usage.ts";
import type { UsagePageFilter } from "../../storage/stores/usage-page.ts";
import { isoTime } from "../keys/key-view.ts";

const PORTION = 500;

const COLUMNS: readonly [string, (row: UsageEntry) => string | number | null][] = [
  ["time", (row) => isoTime(row.created_at)],
  ["generation", (row) => row.id],
  ["request", (row) => row.request_id],
  ["key", (row) => row.key_name ?? row.key_id],
  ["app", (row) => row.app_title ?? row.app_referer],
  ["requested_model", (row) => row.model_requested],
  ["model", (row) => row.model],
  ["provider", (row) => row.provider],
  ["status", (row) => row.status],
  ["error", (row) => row.error_code],
  ["finish_reason", (row) => row.finish_reason],
  ["prompt_tokens", (row) => row.prompt_tokens],
  ["completion_tokens", (row) => row.completion_tokens],
  ["cost_usd", (row) => (row.cost_nano === null ? null : usdString(row.cost_nano))],
  ["first_token_ms", (row) => row.first_token_ms],
  ["duration_ms", (row) => row.latency_ms],
];

interface CsvDeps {
  usage: Pick<UsageStore, "page">;
  /** What accounts are called, where the requests of several are listed. */
  accounts?: InstanceNames["accounts"];
}

/** The requests of an account; of all, and each with its account, where that is null. */
export async function* activityCsv(
  { usage, accounts }: CsvDeps,
  userId: string | null,
  filter: UsagePageFilter,
): AsyncGenerator<string> {
  const names = COLUMNS.map(([name]) => name);
  let heading = csvLine(accounts === undefined ? names : ["account", ...names]);
  let cursor: string | undefined;
  do {
    const page = await usage.page(userId, { ...filter, cursor, limit: PORTION });
    const known = await accounts?.(page.rows.map((row) => row.user_id));
    const lines = page.rows.map((row) => {
      const account = known === undefined ? [] : [known.get(row.user_id) ?? row.user_id];
      return csvLine([...account, ...COLUMNS.map(([, read]) => read(row))]);
    });
    yield heading + lines.join("");
    heading = "";
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}
