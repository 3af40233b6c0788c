/**
 * What the sums of use hold: one row for each account, hour (or UTC day), key, model, provider and app.
 *
 * Hours are kept in the same transaction as the usage rows; days are made from hours that are over (`close-days.ts`). Both
 * can be made anew from the usage rows (`rebuild.ts`), by the expressions that stand here beside what the writer counts.
 * Migration 0012 makes the tables of these lists: a further column needs a migration with a list of its own.
 */
import type { NanoUsd } from "../../kernel/money.ts";
import { FIRST_TOKEN_COLUMNS, type FirstTokenColumn, type FirstTokenCounts, firstTokenSql } from "./first-token.ts";

export const HOUR_MS = 3_600_000;

/** What a sum belongs to, besides its hour or day. Empty texts stand for what a request never reached. */
export interface SumPlace {
  user_id: string;
  key_id: string;
  model: string;
  provider_slug: string;
  /** What the app calls itself, else its address, else empty. */
  app: string;
}

export interface SumCounts {
  requests: number;
  /** Those that a provider answered. */
  answered: number;
  errors: number;
  /** Answered ones whose price is unknown, and which `cost_nano` therefore leaves out. */
  unpriced: number;
  prompt_tokens: number;
  completion_tokens: number;
  reasoning_tokens: number;
  cached_tokens: number;
  cost_nano: NanoUsd;
}

interface Sum extends SumPlace, SumCounts, FirstTokenCounts {
  /** The provider's display name. */
  provider: string;
}

export interface UsageHourTable extends Sum {
  /** Hours since 1970-01-01 UTC. */
  hour: number;
}

export interface UsageDayTable extends Sum {
  /** Days since 1970-01-01 UTC. */
  day: number;
}

/** What all accounts used together: by model and provider, or by account, the other being empty. */
export interface InstanceDayTable extends SumCounts, FirstTokenCounts {
  split: "place" | "account";
  /** Days since 1970-01-01 UTC. */
  day: number;
  account_id: string;
  model: string;
  provider_slug: string;
  /** The provider's display name. */
  provider: string;
}

export const PLACE_COLUMNS = ["key_id", "model", "provider_slug", "app"] as const satisfies readonly (keyof SumPlace)[];

export const COUNT_COLUMNS = [
  "requests",
  "answered",
  "errors",
  "unpriced",
  "prompt_tokens",
  "completion_tokens",
  "reasoning_tokens",
  "cached_tokens",
  "cost_nano",
] as const satisfies readonly (keyof SumCounts)[];

/** Everything that is added up. */
export const ADDED_COLUMNS: readonly AddedColumn[] = [...COUNT_COLUMNS, ...FIRST_TOKEN_COLUMNS];
export type AddedColumn = (typeof COUNT_COLUMNS)[number] | FirstTokenColumn;

const ANSWERED = "model is not null and provider is not null and (status < 400 or cancelled = 1)";

/** The same as `hour-sums.ts` does, in SQL over `usage`. */
export const FROM_USAGE: Record<(typeof PLACE_COLUMNS)[number] | AddedColumn, string> = {
  key_id: "key_id",
  model: "coalesce(model, '')",
  provider_slug: "coalesce(provider_slug, lower(provider), '')",
  app: "coalesce(nullif(app_title, ''), app_referer, '')",
  requests: "count(*)",
  answered: `sum(case when ${ANSWERED} then 1 else 0 end)`,
  errors: "sum(case when error_code is not null then 1 else 0 end)",
  unpriced: `sum(case when cost_nano is null and ${ANSWERED} then 1 else 0 end)`,
  prompt_tokens: "sum(prompt_tokens)",
  completion_tokens: "sum(completion_tokens)",
  reasoning_tokens: "sum(reasoning_tokens)",
  cached_tokens: "sum(cached_tokens)",
  cost_nano: "coalesce(sum(cost_nano), 0)",
  ...firstTokenSql(),
};
