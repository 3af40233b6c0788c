/** The columns of a usage row in the order both engines write them, and the sums that go with a batch. */
import { asChecked } from "../../kernel/json.ts";
import type { NanoUsd } from "../../kernel/money.ts";
import { DAY_MS } from "../../kernel/windows.ts";
import type { UsageRow } from "../schema.ts";

export const USAGE_COLUMNS = [
  "id",
  "request_id",
  "created_at",
  "user_id",
  "key_id",
  "api_type",
  "model_requested",
  "model",
  "provider",
  "upstream_id",
  "streamed",
  "cancelled",
  "status",
  "error_code",
  "finish_reason",
  "native_finish_reason",
  "prompt_tokens",
  "completion_tokens",
  "reasoning_tokens",
  "cached_tokens",
  "tokens_estimated",
  "cost_nano",
  "price_version",
  "latency_ms",
  "first_token_ms",
  "app_referer",
  "app_title",
  "user_agent",
  "attempts",
  "provider_slug",
  "session_id",
  "external_user",
  "service_tier",
  "origin",
  "app_categories",
  "generation_time_ms",
  "cache_write_tokens",
  "image_completion_tokens",
  "media_prompt",
  "audio_prompt",
  "media_completion",
  "upstream_cost_nano",
  "cache_discount_nano",
  "billed_parts",
  "settled_as",
  "response_cache_source_id",
  "preset_id",
  "router",
  "loss_nano",
] as const satisfies readonly (keyof UsageRow)[];

/** The longest text that a client can put into a row, in UTF-16 units; what is longer is cut. */
const MAX_TEXT = 1_000;

/**
 * The row with texts that every engine takes and keeps as they are: PostgreSQL refuses the character NUL, which a client
 * can put into a model's name, a name may be as long as a request, and halves of characters are all stored as the same
 * sign, so that names which differ here would be one place of the sums there. `attempts` is the gateway's own JSON and
 * stays whole.
 */
export function storable(row: UsageRow): UsageRow {
  let mended = row;
  for (const column of USAGE_COLUMNS) {
    const value = row[column];
    if (typeof value !== "string" || column === "attempts") continue;
    if (value.length <= MAX_TEXT && !value.includes("\0") && value.isWellFormed()) continue;
    mended = { ...mended, [column]: value.slice(0, MAX_TEXT).replaceAll("\0", "\uFFFD").toWellFormed() };
  }
  return mended;
}

type Money = "cost_nano" | "upstream_cost_nano" | "cache_discount_nano" | "loss_nano";
export type PackedRow = Omit<UsageRow, Money> & Record<Money, string | null>;

/** Rows as one text. */
export function packRows(rows: readonly UsageRow[]): string {
  return JSON.stringify(rows.map(packedRow));
}

/** The rows of `packRows`. */
export function unpackRows(text: string): UsageRow[] {
  return asChecked<PackedRow[]>(JSON.parse(text)).map(unpackedRow);
}

/** JSON has no integers of 64 bits, so amounts go as digits. */
export function packedRow(row: UsageRow): PackedRow {
  const { cost_nano, upstream_cost_nano, cache_discount_nano, loss_nano } = row;
  return {
    ...row,
    cost_nano: cost_nano?.toString() ?? null,
    upstream_cost_nano: upstream_cost_nano?.toString() ?? null,
    cache_discount_nano: cache_discount_nano?.toString() ?? null,
    loss_nano: loss_nano?.toString() ?? "0",
  };
}

/** Changes the row that was just read from JSON into what it stands for. */
export function unpackedRow(packed: PackedRow): UsageRow {
  const { cost_nano, upstream_cost_nano, cache_discount_nano, loss_nano } = packed;
  return Object.assign(packed, {
    cost_nano: nano(cost_nano),
    upstream_cost_nano: nano(upstream_cost_nano),
    cache_discount_nano: nano(cache_discount_nano),
    loss_nano: nano(loss_nano) ?? 0n,
  });
}

function nano(digits: string | null): NanoUsd | null {
  return digits === null ? null : BigInt(digits);
}

export interface KeyDaySum {
  keyId: string;
  day: number;
  userId: string;
  requests: number;
  errors: number;
  promptTokens: number;
  completionTokens: number;
  costNano: NanoUsd;
  lastUsedAt: number;
}

/** What rows add to the sums per key and day, ordered so that two writers lock in the same order. */
export function sumByKeyDay(rows: readonly UsageRow[]): KeyDaySum[] {
  const sums = new Map<string, KeyDaySum>();
  for (const row of rows) {
    const day = Math.floor(row.created_at / DAY_MS);
    const name = `${row.key_id}/${day}`;
    const sum = sums.get(name) ?? emptySum(row, day);
    sum.requests++;
    if (row.error_code !== null && row.error_code !== undefined) sum.errors++;
    sum.promptTokens += row.prompt_tokens;
    sum.completionTokens += row.completion_tokens;
    sum.costNano += row.cost_nano ?? 0n;
    sum.lastUsedAt = Math.max(sum.lastUsedAt, row.created_at);
    sums.set(name, sum);
  }
  return [...sums.values()].sort((a, b) => (a.keyId === b.keyId ? a.day - b.day : a.keyId < b.keyId ? -1 : 1));
}

function emptySum(row: UsageRow, day: number): KeyDaySum {
  const counts = { requests: 0, errors: 0, promptTokens: 0, completionTokens: 0, costNano: 0n, lastUsedAt: 0 };
  return { keyId: row.key_id, day, userId: row.user_id, ...counts };
}
