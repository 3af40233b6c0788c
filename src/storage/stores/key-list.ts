/** A person's keys, page by page, in the order that the person wants. */
import { type SqlBool, sql } from "kysely";
import type { Db } from "../open.ts";
import type { ApiKeyRecord } from "../schema.ts";
import { contains, type KeyWithUsage, keySums, withUsage } from "./key-usage.ts";

export interface KeyPage {
  keys: KeyWithUsage[];
  /** Pass it back to get the next page; null at the end. */
  nextCursor: string | null;
  total: number;
}

/** Newest first, by name, who spent most first, who is nearest to the limit first, who was used last first. */
export const KEY_ORDERS = ["newest", "name", "spent", "limit", "used"] as const;
export type KeyOrder = (typeof KEY_ORDERS)[number];

/** Works, was disabled, has ended; and of the disabled ones those that an alert stopped. */
export type KeyState = "active" | "disabled" | "expired" | "frozen";

export interface ListKeysOptions {
  search?: string | undefined;
  order?: KeyOrder | undefined;
  state?: KeyState | undefined;
  cursor?: string | undefined;
  limit: number;
  /** Only those that this person made. */
  madeBy?: string | null | undefined;
  /** Decides which windows of spending are running. */
  nowMs: number;
}

export function keyList(db: Db) {
  const owned = (userId: string) =>
    db.selectFrom("api_key").where("api_key.user_id", "=", userId).where("api_key.deleted_at", "is", null);
  return {
    /** A person's keys of every kind. */
    async list(userId: string, options: ListKeysOptions): Promise<KeyPage> {
      const { search = "", order = "newest", state, cursor, limit, nowMs } = options;
      let matching = madeBy(owned(userId), options.madeBy);
      if (state !== undefined) matching = matching.where(isInState(state, nowMs));
      if (search !== "")
        matching = matching.where((eb) => eb.or([contains("name", search), contains("label", search)]));
      const counted = await matching.select((eb) => eb.fn.countAll<number>().as("total")).executeTakeFirstOrThrow();
      if (order === "newest") {
        let page = matching.selectAll("api_key");
        const after = readCursor(cursor);
        if (after)
          page = page.where((eb) => eb(eb.refTuple("created_at", "id"), "<", eb.tuple(after.createdAt, after.id)));
        const rows = await page
          .orderBy("created_at", "desc")
          .orderBy("id", "desc")
          .limit(limit + 1)
          .execute();
        const last = rows.slice(0, limit).at(-1);
        return pageOf(rows, { last: last && `${last.created_at}.${last.id}`, total: counted.total });
      }
      const offset = readOffset(cursor);
      const sums = keySums(db, nowMs).where("user_id", "=", userId).as("sums");
      const rows = await matching
        .leftJoin(sums, "sums.key_id", "api_key.id")
        .selectAll("api_key")
        .orderBy(ORDER_BY[order])
        .orderBy("api_key.id", "desc")
        .limit(limit + 1)
        .offset(offset)
        .execute();
      return pageOf(rows, { last: String(offset + limit), total: counted.total });

      async function pageOf(found: ApiKeyRecord[], { last, total }: { last: string | undefined; total: number }) {
        const nextCursor = found.length > limit && last !== undefined ? last : null;
        return { keys: await withUsage(db, found.slice(0, limit), nowMs), nextCursor, total };
      }
    },

    async get(userId: string, id: string, nowMs: number): Promise<KeyWithUsage | null> {
      const row = await owned(userId).where("id", "=", id).selectAll().executeTakeFirst();
      return row ? ((await withUsage(db, [row], nowMs))[0] ?? null) : null;
    },

    /** Those of these keys that the person has, in no order. */
    async byIds(userId: string, ids: readonly string[], nowMs: number): Promise<KeyWithUsage[]> {
      if (ids.length === 0) return [];
      const rows = await owned(userId).where("id", "in", ids).selectAll().execute();
      return withUsage(db, rows, nowMs);
    },

    /** The names of all keys that an account ever had, by id; of one person's alone where one is named. */
    async names(userId: string, maker: string | null = null): Promise<ReadonlyMap<string, string>> {
      const all = db.selectFrom("api_key").select(["id", "name"]).where("user_id", "=", userId);
      const rows = await madeBy(all, maker).execute();
      return new Map(rows.map(({ id, name }) => [id, name]));
    },

    /** Who made each key that an account ever had, by the id of the key. */
    async makers(userId: string): Promise<ReadonlyMap<string, string>> {
      const rows = await db.selectFrom("api_key").select(["id", "created_by"]).where("user_id", "=", userId).execute();
      return new Map(rows.map(({ id, created_by }) => [id, created_by ?? ""]));
    },

    /** How many keys an account has, and how many of them work. */
    async count(
      userId: string,
      nowMs: number,
      maker: string | null = null,
    ): Promise<{ active: number; total: number }> {
      const rows = await madeBy(owned(userId), maker).select(["disabled_at", "expires_at"]).execute();
      const active = rows.filter(
        (row) => row.disabled_at === null && (row.expires_at === null || row.expires_at > nowMs),
      );
      return { active: active.length, total: rows.length };
    },
  };
}

/** Of these keys the ones that a person made; all of them where nobody is named. */
function madeBy<Keys extends { where(column: "created_by", operator: "=", value: string): Keys }>(
  keys: Keys,
  maker: string | null | undefined,
): Keys {
  return maker == null ? keys : keys.where("created_by", "=", maker);
}

function isInState(state: KeyState, nowMs: number) {
  const isOver = sql`coalesce(api_key.expires_at <= ${nowMs}, false)`;
  const conditions = {
    active: sql<SqlBool>`api_key.disabled_at is null and not ${isOver}`,
    expired: sql<SqlBool>`api_key.disabled_at is null and ${isOver}`,
    disabled: sql<SqlBool>`api_key.disabled_at is not null`,
    frozen: sql<SqlBool>`api_key.disabled_at is not null and api_key.disabled_reason in ('leak_report', 'unusual_use')`,
  };
  return conditions[state];
}

const windowSpent = sql`case api_key.limit_reset when 'daily' then sums.today_nano when 'weekly' then sums.week_nano
  when 'monthly' then sums.month_nano else sums.spent_nano end`;
/** A key without a limit comes after every key with one. A limit of nothing is used up. */
const ORDER_BY = {
  name: sql`lower(api_key.name)`,
  spent: sql`coalesce(sums.spent_nano, 0) desc`,
  used: sql`coalesce(sums.last_used_at, 0) desc`,
  limit: sql`case when api_key.limit_nano is null then -1 when api_key.limit_nano = 0 then 1
    else cast(coalesce(${windowSpent}, 0) as double precision) / api_key.limit_nano end desc`,
} as const;

/** A cursor that cannot be read begins at the beginning: it can only come from a hand-made address. */
function readCursor(cursor: string | undefined): { createdAt: number; id: string } | undefined {
  const match = /^(\d{1,16})\.(\w{1,64})$/.exec(cursor ?? "");
  return match?.[1] !== undefined && match[2] !== undefined ? { createdAt: Number(match[1]), id: match[2] } : undefined;
}

/** The orders by use have no fixed place to go on from, so they count. */
function readOffset(cursor: string | undefined): number {
  return /^\d{1,7}$/.test(cursor ?? "") ? Number(cursor) : 0;
}
