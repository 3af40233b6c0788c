/**
 * Requests of an account, or of all, newest first, narrowed down.
 *
 * Invariant: one page looks at a bounded number of rows, however rare what is looked for is: a page may come back with few
 * rows or none, and with a cursor to look further. Account and time are found by an index, everything else by looking.
 */
import { type Expression, type SqlBool, sql } from "kysely";
import type { NanoUsd } from "../../kernel/money.ts";
import type { Db } from "../open.ts";
import { keysMadeBy } from "./key-usage.ts";
import type { UsageEntry } from "./usage.ts";

export interface UsagePageFilter {
  keyId?: string | undefined;
  /** Through keys that this person made. */
  member?: string | undefined;
  outcome: "all" | "ok" | "error";
  model?: string | undefined;
  provider?: string | undefined;
  app?: string | undefined;
  status?: number | undefined;
  fromMs?: number | undefined;
  /** Not included. */
  toMs?: number | undefined;
  minCostNano?: NanoUsd | undefined;
  /** How a generation id or request id begins. */
  id?: string | undefined;
}

export interface UsagePage {
  rows: UsageEntry[];
  nextCursor: string | null;
  /** How far back has been looked; null at the end. */
  searchedToMs: number | null;
}

interface Place {
  at: number;
  id: string;
}

/** Rows that one page looks at for what no index finds. */
const LOOKED_AT = 20_000;

export async function usagePage(
  db: Db,
  userId: string | null,
  options: UsagePageFilter & { cursor?: string | undefined; limit: number },
): Promise<UsagePage> {
  const filter = withinIdsTime(options);
  const after = readCursor(options.cursor);
  const conditions = conditionsOf(userId, filter);
  const isRare = conditions.length > 0;
  const border = isRare ? await borderOf(db, { userId, filter, after }) : null;
  let query = base(db, { userId, filter, after }).selectAll("usage").select("api_key.name as key_name");
  for (const condition of conditions) query = query.where(condition);
  if (border !== null) query = query.where("usage.created_at", ">=", border.at);
  const rows = await query
    .orderBy("usage.created_at", "desc")
    .orderBy("usage.id", "desc")
    .limit(options.limit + 1)
    .execute();
  const shown = rows.slice(0, options.limit);
  const last = shown.at(-1);
  const next = rows.length > options.limit && last ? { at: last.created_at, id: last.id } : border;
  return {
    rows: shown,
    nextCursor: next === null ? null : `${next.at}.${next.id}`,
    searchedToMs: next === null ? null : next.at,
  };
}

interface Asked {
  userId: string | null;
  filter: UsagePageFilter;
  after: Place | null;
}

/** What the index finds by itself. */
function base(db: Db, { userId, filter, after }: Asked) {
  let query = db.selectFrom("usage").leftJoin("api_key", "api_key.id", "usage.key_id");
  if (userId !== null) query = query.where("usage.user_id", "=", userId);
  if (filter.keyId !== undefined) query = query.where("usage.key_id", "=", filter.keyId);
  if (filter.fromMs !== undefined) query = query.where("usage.created_at", ">=", filter.fromMs);
  if (filter.toMs !== undefined) query = query.where("usage.created_at", "<", filter.toMs);
  if (after !== null) query = query.where(sql<SqlBool>`(usage.created_at, usage.id) < (${after.at}, ${after.id})`);
  return query;
}

/** Before the oldest time that this page looks at; null when the end comes before. Read from the index alone. */
async function borderOf(db: Db, asked: Asked): Promise<Place | null> {
  const row = await base(db, asked)
    .select("usage.created_at as at")
    .orderBy("usage.created_at", "desc")
    .limit(1)
    .offset(LOOKED_AT)
    .executeTakeFirst();
  return row === undefined ? null : { at: row.at, id: "" };
}

function conditionsOf(userId: string | null, filter: UsagePageFilter): Expression<SqlBool>[] {
  const { outcome, member, model, provider, app, status, minCostNano, id } = filter;
  const conditions: Expression<SqlBool>[] = [];
  if (member !== undefined) conditions.push(sql`usage.key_id in (${keysMadeBy(userId, member)})`);
  if (outcome === "ok") conditions.push(sql`usage.error_code is null`);
  if (outcome === "error") conditions.push(sql`usage.error_code is not null`);
  if (model !== undefined) conditions.push(sql`coalesce(usage.model, '') = ${model}`);
  if (provider !== undefined)
    conditions.push(sql`coalesce(usage.provider_slug, lower(usage.provider), '') = ${provider}`);
  if (app !== undefined) conditions.push(sql`coalesce(nullif(usage.app_title, ''), usage.app_referer, '') = ${app}`);
  if (status !== undefined) conditions.push(sql`usage.status = ${status}`);
  if (minCostNano !== undefined) conditions.push(sql`usage.cost_nano >= ${minCostNano}`);
  if (id !== undefined) {
    const begin = `${id.replace(/[\\%_]/g, "\\$&")}%`;
    conditions.push(sql`(usage.id like ${begin} escape '\\' or usage.request_id like ${begin} escape '\\')`);
  }
  return conditions;
}

const HOUR_MS = 3_600_000;

/** A generation id says when it was made, so that nothing else has to be looked at. */
function withinIdsTime<Filter extends UsagePageFilter>(filter: Filter): Filter {
  const seconds = /^gen-(\d{10})-/.exec(filter.id ?? "")?.[1];
  if (seconds === undefined) return filter;
  const at = Number(seconds) * 1000;
  return {
    ...filter,
    fromMs: Math.max(filter.fromMs ?? 0, at - HOUR_MS),
    toMs: Math.min(filter.toMs ?? Number.MAX_SAFE_INTEGER, at + HOUR_MS),
  };
}

/** A cursor that cannot be read begins at the beginning: it can only come from a hand-made address. */
function readCursor(cursor: string | undefined): Place | null {
  const [, at, id] = /^(\d{1,16})\.([\w-]{0,64})$/.exec(cursor ?? "") ?? [];
  return at === undefined || id === undefined ? null : { at: Number(at), id };
}
