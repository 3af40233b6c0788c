/**
 * Accounts that several people share: who belongs to them with which role, and in which account a session works.
 *
 * Invariants: a team has an owner at every moment: whatever could take the last one away does it in one transaction that
 * holds the team's row, and fails; who has left is no member from the same moment on, in every session and process, because
 * everybody asks these rows; nobody is a member of a team by owning the instance.
 */
import { sql } from "kysely";
import type { NanoUsd } from "../../kernel/money.ts";
import { windowStarts } from "../../kernel/windows.ts";
import type { Engine } from "../engine.ts";
import type { Db } from "../open.ts";
import { authTimeMs } from "./accounts.ts";
import { teamChanges } from "./team-changes.ts";

/** A role as it is kept; the contract's list of roles says what there is. */
export type RoleName = "owner" | "admin" | "member" | "viewer";

export interface Membership {
  accountId: string;
  name: string;
  kind: "person" | "team";
  role: RoleName;
}

export interface TeamMember {
  userId: string;
  name: string;
  email: string;
  role: RoleName;
  joinedAt: number;
  lastActiveAt: number | null;
  /** Not null for who has left. */
  endedAt: number | null;
}

/** Somebody at work in an account. */
export interface Presence {
  sessionId: string;
  userId: string;
  accountId: string;
  role: RoleName;
}

/** What the keys of a member used since the first of the month, UTC. */
export interface MemberUse {
  keys: number;
  spentNano: NanoUsd;
  requests: number;
}

export type TeamStore = ReturnType<typeof createTeamStore>;

export function createTeamStore(db: Db, engine: Engine) {
  return { ...belonging(db), ...working(db), ...members(db), ...makers(db), ...teamChanges(db, engine) };
}

/** Which accounts there are for somebody. */
function belonging(db: Db) {
  const roleIn = async (accountId: string, userId: string): Promise<RoleName | null> => {
    if (accountId === userId) return "owner";
    const row = await db
      .selectFrom("account_member")
      .select("role")
      .where("account_id", "=", accountId)
      .where("user_id", "=", userId)
      .where("ended_at", "is", null)
      .executeTakeFirst();
    return row ? roleOf(row.role) : null;
  };
  return {
    /** The role of a person in an account; null for who does not belong to it. One's own needs no row. */
    roleIn,

    /** The account that a session works in, where that is a team to which its person still belongs. */
    async activeTeam(sessionId: string): Promise<{ accountId: string; role: RoleName; lastActiveAt: number } | null> {
      const row = await db
        .selectFrom("session")
        .innerJoin("account_member as member", (join) =>
          join
            .onRef("member.account_id", "=", "session.active_account")
            .onRef("member.user_id", "=", "session.user_id"),
        )
        .innerJoin("user as team", "team.id", "member.account_id")
        .select(["member.account_id", "member.role", "member.last_active_at"])
        .where("session.id", "=", sessionId)
        .where("member.ended_at", "is", null)
        .where("team.suspended_at", "is", null)
        .executeTakeFirst();
      return row ? { accountId: row.account_id, role: roleOf(row.role), lastActiveAt: row.last_active_at ?? 0 } : null;
    },

    /** Whether a session is still there, with its person and their role in the account as they were. */
    async isStillIn({ sessionId, userId, accountId, role }: Presence): Promise<boolean> {
      const row = await db
        .selectFrom("session")
        .innerJoin("user as person", "person.id", "session.user_id")
        .innerJoin("user as account", (join) => join.on("account.id", "=", accountId))
        .select("session.id")
        .where("session.id", "=", sessionId)
        .where("person.id", "=", userId)
        .where("person.suspended_at", "is", null)
        .where("account.suspended_at", "is", null)
        .executeTakeFirst();
      return row !== undefined && (await roleIn(accountId, userId)) === role;
    },

    /** The teams that somebody belongs to, by name. */
    async teamsOf(userId: string): Promise<Membership[]> {
      const rows = await db
        .selectFrom("account_member as member")
        .innerJoin("user as team", "team.id", "member.account_id")
        .select(["team.id", "team.name", "member.role"])
        .where("member.user_id", "=", userId)
        .where("member.ended_at", "is", null)
        .where("team.suspended_at", "is", null)
        .orderBy(sql`lower(team.name)`)
        .execute();
      return rows.map(({ id, name, role }) => ({ accountId: id, name, kind: "team", role: roleOf(role) }));
    },

    /** A team by its id; null for what is none, or was deleted. */
    async find(id: string): Promise<{ id: string; name: string; createdAt: number } | null> {
      const row = await db
        .selectFrom("user")
        .select(["id", "name", "created_at"])
        .where("id", "=", id)
        .where("kind", "=", "team")
        .where("suspended_at", "is", null)
        .executeTakeFirst();
      return row ? { id: row.id, name: row.name, createdAt: authTimeMs(row.created_at) } : null;
    },
  };
}

/** Where a session works. */
function working(db: Db) {
  return {
    /** Where a session works from now on, and where the next session of its person begins. */
    async setActive({ sessionId, userId }: Record<"sessionId" | "userId", string>, accountId: string | null) {
      await db.updateTable("session").set({ active_account: accountId }).where("id", "=", sessionId).execute();
      await db.updateTable("user").set({ active_account: accountId }).where("id", "=", userId).execute();
    },

    /** A new session goes on where the one before it was. */
    async resume({ sessionId, userId }: Record<"sessionId" | "userId", string>): Promise<void> {
      await db
        .updateTable("session")
        .set((eb) => ({
          active_account: eb.selectFrom("user").select("user.active_account").where("user.id", "=", userId),
        }))
        .where("id", "=", sessionId)
        .execute();
    },

    async touch(accountId: string, userId: string, nowMs: number): Promise<void> {
      await db
        .updateTable("account_member")
        .set({ last_active_at: nowMs })
        .where("account_id", "=", accountId)
        .where("user_id", "=", userId)
        .execute();
    },
  };
}

function members(db: Db) {
  return {
    /** Everybody who belongs to a team or did, the first who came first. */
    async members(accountId: string): Promise<TeamMember[]> {
      const rows = await db
        .selectFrom("account_member as member")
        .innerJoin("user", "user.id", "member.user_id")
        .select(["user.id", "user.name", "user.email", "member.role", "member.created_at"])
        .select(["member.last_active_at", "member.ended_at"])
        .where("member.account_id", "=", accountId)
        .orderBy("member.created_at")
        .orderBy("user.id")
        .execute();
      return rows.map((row) => ({
        ...{ userId: row.id, name: row.name, email: row.email, role: roleOf(row.role), joinedAt: row.created_at },
        ...{ lastActiveAt: row.last_active_at, endedAt: row.ended_at },
      }));
    },
  };
}

/** Who made the keys of an account. */
function makers(db: Db) {
  return {
    /** Names of everybody who made a key of an account, by id. */
    async makers(accountId: string): Promise<ReadonlyMap<string, string>> {
      const rows = await db
        .selectFrom("user")
        .select(["id", "name"])
        .where("id", "in", db.selectFrom("api_key").select("created_by").where("user_id", "=", accountId))
        .execute();
      return new Map(rows.map(({ id, name }) => [id, name]));
    },

    /** What the keys of each member used this month. */
    async spentBy(accountId: string, nowMs: number): Promise<ReadonlyMap<string, MemberUse>> {
      const { month } = windowStarts(nowMs);
      const rows = await db
        .selectFrom("api_key")
        .leftJoin("key_day", (join) => join.onRef("key_day.key_id", "=", "api_key.id").on("key_day.day", ">=", month))
        .select([
          "api_key.created_by",
          sql<number>`cast(count(distinct case when api_key.deleted_at is null then api_key.id end) as bigint)`.as(
            "keys",
          ),
          sql<NanoUsd>`cast(coalesce(sum(key_day.cost_nano), 0) as bigint)`.as("spent_nano"),
          sql<number>`cast(coalesce(sum(key_day.requests), 0) as bigint)`.as("requests"),
        ])
        .where("api_key.user_id", "=", accountId)
        .groupBy("api_key.created_by")
        .execute();
      return new Map(
        rows.map((row) => [
          row.created_by ?? "",
          { keys: row.keys, spentNano: row.spent_nano, requests: row.requests },
        ]),
      );
    },

    /**
     * Of a person's key: the account, and the role of who made it there. Null for a maker who is no member, or is not let in
     * to the instance.
     */
    async roleOfKey(keyId: string): Promise<{ role: RoleName | null; createdBy: string | null }> {
      const row = await db
        .selectFrom("api_key")
        .leftJoin("account_member as member", (join) =>
          join
            .onRef("member.account_id", "=", "api_key.user_id")
            .onRef("member.user_id", "=", "api_key.created_by")
            .on("member.ended_at", "is", null),
        )
        .leftJoin("user as maker", "maker.id", "api_key.created_by")
        .select(["api_key.user_id", "api_key.created_by", "member.role", "maker.suspended_at"])
        .where("api_key.id", "=", keyId)
        .executeTakeFirst();
      if (!row) return { role: null, createdBy: null };
      if (row.suspended_at !== null) return { role: null, createdBy: row.created_by };
      if (row.created_by === row.user_id) return { role: "owner", createdBy: row.created_by };
      return { role: row.role === null ? null : roleOf(row.role), createdBy: row.created_by };
    },
  };
}

/** A word that this version does not know may least. */
export function roleOf(name: string): RoleName {
  return name === "owner" || name === "admin" || name === "member" ? name : "viewer";
}
