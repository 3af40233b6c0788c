/**
 * What changes a team and who belongs to it, always in a transaction that the caller began: the caller holds the team with
 * `lock`, looks at what is, and decides.
 */
import { newId } from "../../kernel/ids.ts";
import type { Engine } from "../engine.ts";
import type { Db } from "../open.ts";
import type { ApiKeyRecord } from "../schema.ts";
import type { RoleName } from "./teams.ts";

export function teamChanges(db: Db, engine: Engine) {
  return { ...beginning(db, engine), ...belonging(db, engine), ...endings(db) };
}

function beginning(db: Db, engine: Engine) {
  return {
    /** How a team gets into the table of accounts: verified, and with nothing to sign in with. */
    async create({ name, owner }: { name: string; owner: string }, nowMs: number): Promise<string> {
      const id = newId("team");
      const now = engine === "postgres" ? new Date(nowMs) : new Date(nowMs).toISOString();
      await db
        .insertInto("user")
        .values({
          ...{ id, name, email: id, kind: "team", role: "member", image: null, locale: null, suspended_at: null },
          ...{ email_verified: engine === "postgres" ? true : 1, created_at: now, updated_at: now },
          allowed_networks: null,
        })
        .execute();
      await db
        .insertInto("account_member")
        .values({
          ...{ account_id: id, user_id: owner, role: "owner", created_at: nowMs },
          ...{ invited_by: null, last_active_at: nowMs, ended_at: null },
        })
        .execute();
      return id;
    },
  };
}

function belonging(db: Db, engine: Engine) {
  return {
    /** Nobody else changes who belongs to the team until the transaction ends. False where there is no such team. */
    async lock(accountId: string): Promise<boolean> {
      const team = db.selectFrom("user").select("id").where("id", "=", accountId).where("suspended_at", "is", null);
      // SQLite's transactions are one after the other already.
      return (await (engine === "postgres" ? team.forUpdate() : team).executeTakeFirst()) !== undefined;
    },

    async add(
      { accountId, userId, role, invitedBy }: Record<"accountId" | "userId" | "invitedBy", string> & { role: RoleName },
      nowMs: number,
    ): Promise<void> {
      const values = { role, invited_by: invitedBy, created_at: nowMs, last_active_at: null, ended_at: null };
      await db
        .insertInto("account_member")
        .values({ account_id: accountId, user_id: userId, ...values })
        .onConflict((conflict) => conflict.columns(["account_id", "user_id"]).doUpdateSet(values))
        .execute();
    },

    async setRole(accountId: string, userId: string, role: RoleName): Promise<void> {
      await db
        .updateTable("account_member")
        .set({ role })
        .where("account_id", "=", accountId)
        .where("user_id", "=", userId)
        .where("ended_at", "is", null)
        .execute();
    },

    async owners(accountId: string): Promise<number> {
      const { count } = await db
        .selectFrom("account_member")
        .select((eb) => eb.fn.countAll().as("count"))
        .where("account_id", "=", accountId)
        .where("role", "=", "owner")
        .where("ended_at", "is", null)
        .executeTakeFirstOrThrow();
      return Number(count);
    },
  };
}

function endings(db: Db) {
  const dropInvitationsBy = async (accountId: string, userId: string, roles: readonly RoleName[]): Promise<void> => {
    if (roles.length === 0) return;
    await db
      .deleteFrom("team_invitation")
      .where("account_id", "=", accountId)
      .where("invited_by", "=", userId)
      .where("role", "in", roles)
      .execute();
  };
  return {
    /** Whoever may give these roles no more has invited nobody to them. */
    dropInvitationsBy,

    /** The row stays, as that of a former member. What they have begun and nobody has finished ends with it. */
    async end(accountId: string, userId: string, nowMs: number): Promise<void> {
      await dropInvitationsBy(accountId, userId, ["owner", "admin", "member", "viewer"]);
      await db
        .deleteFrom("auth_code")
        .where("user_id", "=", accountId)
        .where("created_by", "=", userId)
        .where("used_at", "is", null)
        .execute();
      await db
        .updateTable("account_member")
        .set({ ended_at: nowMs })
        .where("account_id", "=", accountId)
        .where("user_id", "=", userId)
        .where("ended_at", "is", null)
        .execute();
    },

    async rename(accountId: string, name: string): Promise<void> {
      await db.updateTable("user").set({ name }).where("id", "=", accountId).where("kind", "=", "team").execute();
    },

    /** Disables the keys that somebody made in an account; the changed ones. */
    disableKeysOf(accountId: string, maker: string, nowMs: number): Promise<ApiKeyRecord[]> {
      return db
        .updateTable("api_key")
        .set((eb) => ({
          ...{ disabled_at: nowMs, disabled_reason: "member_removed", updated_at: nowMs },
          version: eb("version", "+", 1),
        }))
        .where("user_id", "=", accountId)
        .where("created_by", "=", maker)
        .where("deleted_at", "is", null)
        .where("disabled_at", "is", null)
        .returningAll()
        .execute();
    },

    /** Ends the team for everybody, and its keys, which come back. Books and use stay, for the owner of the instance. */
    async close(accountId: string, nowMs: number): Promise<ApiKeyRecord[]> {
      await db.updateTable("user").set({ suspended_at: nowMs }).where("id", "=", accountId).execute();
      await db
        .updateTable("account_member")
        .set({ ended_at: nowMs })
        .where("account_id", "=", accountId)
        .where("ended_at", "is", null)
        .execute();
      await db.deleteFrom("team_invitation").where("account_id", "=", accountId).execute();
      await db.deleteFrom("saved_view").where("account_id", "=", accountId).execute();
      await db.deleteFrom("auth_code").where("user_id", "=", accountId).where("used_at", "is", null).execute();
      return db
        .updateTable("api_key")
        .set((eb) => ({ deleted_at: nowMs, updated_at: nowMs, version: eb("version", "+", 1) }))
        .where("user_id", "=", accountId)
        .where("deleted_at", "is", null)
        .returningAll()
        .execute();
    },
  };
}
