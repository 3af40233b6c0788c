/** Everybody with an account, and every team, for whoever owns the instance; and who may come in. */
import { type SqlBool, sql } from "kysely";
import type { NanoUsd } from "../../kernel/money.ts";
import { windowStarts } from "../../kernel/windows.ts";
import type { Db } from "../open.ts";
import type { ApiKeyRecord } from "../schema.ts";
import { authTimeMs } from "./accounts.ts";
import { contains } from "./key-usage.ts";
import { renewKeysOf } from "./key-versions.ts";
import { createPaceStore } from "./pace.ts";

export interface PersonRecord {
  id: string;
  name: string;
  email: string;
  role: "owner" | "member";
  kind: "person" | "team";
  isVerified: boolean;
  joinedAt: number;
  /** The latest use of a session, log-in and use of a key; null for somebody who was never here. */
  lastActiveAt: number | null;
  keys: number;
  monthNano: NanoUsd;
  suspendedAt: number | null;
}

export interface PeopleFilter {
  search?: string | undefined;
  state: "all" | "active" | "suspended" | "unverified";
  cursor?: string | undefined;
  limit: number;
}

export type PeopleStore = ReturnType<typeof createPeopleStore>;

export function createPeopleStore(db: Db) {
  return {
    /** A page in the order of the addresses; a cursor is the last address of the page before. */
    async page(filter: PeopleFilter, nowMs: number) {
      const { search = "", state, cursor = "", limit } = filter;
      let matching = db.selectFrom("user");
      if (search !== "")
        matching = matching.where((eb) => eb.or([contains("email", search), contains("name", search)]));
      if (state === "suspended") matching = matching.where("suspended_at", "is not", null);
      if (state === "active") matching = matching.where("suspended_at", "is", null);
      if (state === "active") matching = matching.where(sql<SqlBool>`email_verified = true`);
      if (state === "unverified") matching = matching.where(sql<SqlBool>`email_verified = false`);
      const counted = await matching.select((eb) => eb.fn.countAll<number>().as("total")).executeTakeFirstOrThrow();
      const rows = await matching
        .select(["id", "name", "email", "role", "kind", "email_verified", "created_at", "suspended_at"])
        .where("email", ">", cursor)
        .orderBy("email")
        .limit(limit + 1)
        .execute();
      const shown = rows.slice(0, limit);
      const facts = await factsOf(
        db,
        shown.map(({ id }) => id),
        nowMs,
      );
      const people = shown.map((row): PersonRecord => {
        const { id, name, email, role, kind, email_verified, created_at, suspended_at } = row;
        return {
          ...{ id, name, email, role: role === "owner" ? "owner" : "member" },
          kind: kind === "team" ? "team" : "person",
          isVerified: Boolean(email_verified),
          joinedAt: authTimeMs(created_at),
          suspendedAt: suspended_at,
          ...facts(id),
        };
      });
      return {
        people,
        nextCursor: rows.length > limit ? (people.at(-1)?.email ?? null) : null,
        total: counted.total,
      };
    },

    /** A team that was deleted has nobody in it; one that is suspended has its owner. */
    async isDeletedTeam(id: string): Promise<boolean> {
      const row = await db
        .selectFrom("user")
        .select("user.id")
        .where("user.id", "=", id)
        .where("kind", "=", "team")
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom("account_member as member")
                .select("member.user_id")
                .where("member.account_id", "=", id)
                .where("member.ended_at", "is", null),
            ),
          ),
        )
        .executeTakeFirst();
      return row !== undefined;
    },

    /**
     * Suspends an account, or lets it in again with null. Its sessions end, nobody
     * comes into a team by an invitation of theirs, and each of its keys gets a new version, so
     * that the change reaches the data plane on the way of all changes; the changed keys are returned. Belongs into a
     * transaction.
     */
    async setSuspended(userId: string, suspendedAtMs: number | null, nowMs: number): Promise<ApiKeyRecord[]> {
      await db.updateTable("user").set({ suspended_at: suspendedAtMs }).where("id", "=", userId).execute();
      await db.deleteFrom("session").where("user_id", "=", userId).execute();
      await db.deleteFrom("team_invitation").where("invited_by", "=", userId).execute();
      return renewKeysOf(db, userId, nowMs);
    },
  };
}

/** What is counted of those on one page. */
async function factsOf(db: Db, ids: readonly string[], nowMs: number) {
  if (ids.length === 0) return () => ({ lastActiveAt: null, keys: 0, monthNano: 0n });
  const sessions = db.selectFrom("session").select((eb) => ["user_id", eb.fn.max("updated_at").as("at")]);
  // A session that has ended leaves no row; the browser that it was in does.
  const devices = db.selectFrom("known_device").select((eb) => ["user_id", eb.fn.max<number>("last_seen_at").as("at")]);
  const used = db.selectFrom("key_day").select((eb) => ["user_id", eb.fn.max<number>("last_used_at").as("at")]);
  const keys = db.selectFrom("api_key").select((eb) => ["user_id", eb.fn.countAll<number>().as("count")]);
  const [spent, seen, came, calls, counts] = await Promise.all([
    createPaceStore(db).monthOf(ids, windowStarts(nowMs).month),
    sessions.where("user_id", "in", ids).groupBy("user_id").execute(),
    devices.where("user_id", "in", ids).groupBy("user_id").execute(),
    used.where("user_id", "in", ids).groupBy("user_id").execute(),
    keys.where("user_id", "in", ids).where("deleted_at", "is", null).groupBy("user_id").execute(),
  ]);
  const sessionAt = new Map(seen.map((row) => [row.user_id, authTimeMs(row.at)]));
  const deviceAt = new Map(came.map((row) => [row.user_id, row.at]));
  const callAt = new Map(calls.map((row) => [row.user_id, row.at]));
  const keyCounts = new Map(counts.map((row) => [row.user_id, row.count]));
  return (id: string) => {
    const lastMs = Math.max(sessionAt.get(id) ?? 0, deviceAt.get(id) ?? 0, callAt.get(id) ?? 0);
    return {
      lastActiveAt: lastMs === 0 ? null : lastMs,
      keys: keyCounts.get(id) ?? 0,
      monthNano: spent.get(id) ?? 0n,
    };
  };
}
