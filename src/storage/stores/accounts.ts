/** People and their sessions, beside what better-auth keeps itself. */

import type { AuthBoolean, AuthTime } from "../account-tables.ts";
import type { Engine } from "../engine.ts";
import type { Db } from "../open.ts";
import { inTransaction } from "../transaction.ts";
import { invited } from "./invited.ts";

export interface AccountRecord {
  id: string;
  name: string;
  email: string;
  emailVerified: boolean;
  role: "owner" | "member";
  locale: "en" | "id" | null;
  suspended: boolean;
  /** Epoch milliseconds. */
  createdAt: number;
}

export interface SessionRecord {
  id: string;
  createdAt: number;
  lastActiveAt: number;
  expiresAt: number;
  ipAddress: string | null;
  userAgent: string | null;
  /** When its holder last proved who it is. */
  provenAt: number;
  signedInWith: string | null;
}

export interface InvitationRecord {
  id: string;
  email: string;
  createdAt: number;
  expiresAt: number;
  acceptedAt: number | null;
}

const COLUMNS = ["id", "name", "email", "email_verified", "role", "locale", "suspended_at", "created_at"] as const;
const OWNER = "owner";

export type AccountStore = ReturnType<typeof createAccountStore>;

export function createAccountStore(db: Db, engine: Engine) {
  const values = engine === "postgres" ? POSTGRES_VALUES : SQLITE_VALUES;
  return {
    ...people(db, values),
    ...ownership(db),
    ...passwords(db, values),
    ...sessions(db, values),
    ...invitations(db),
    ...invited(db),
  };
}

/** How an engine holds better-auth's dates and booleans. */
interface AuthValues {
  time(ms: number): AuthTime;
  yes: AuthBoolean;
}

const SQLITE_VALUES: AuthValues = { time: (ms) => new Date(ms).toISOString(), yes: 1 };
const POSTGRES_VALUES: AuthValues = { time: (ms) => new Date(ms), yes: true };

function people(db: Db, auth: AuthValues) {
  return {
    async findByEmail(email: string): Promise<AccountRecord | null> {
      const row = await db.selectFrom("user").select(COLUMNS).where("email", "=", email).executeTakeFirst();
      return row ? accountOf(row) : null;
    },
    async findById(id: string): Promise<AccountRecord | null> {
      const row = await db.selectFrom("user").select(COLUMNS).where("id", "=", id).executeTakeFirst();
      return row ? accountOf(row) : null;
    },
    /** Who reads what is sent to an account: its person, or of a team the first of its owners. */
    async contact(id: string): Promise<AccountRecord | null> {
      const owner = db
        .selectFrom("account_member")
        .select("user_id")
        .where("account_id", "=", id)
        .where("role", "=", OWNER)
        .where("ended_at", "is", null)
        .orderBy("created_at")
        .limit(1);
      const row = await db
        .selectFrom("user")
        .select(COLUMNS)
        .where("id", "=", (eb) => eb.fn.coalesce(owner, eb.val(id)))
        .where("kind", "=", "person")
        .executeTakeFirst();
      return row ? accountOf(row) : null;
    },
    /** Everybody who signs in. */
    async list(): Promise<AccountRecord[]> {
      const people = db.selectFrom("user").select(COLUMNS).where("kind", "=", "person");
      return (await people.orderBy("created_at").execute()).map(accountOf);
    },
    async update(
      id: string,
      values: { name?: string; locale?: "en" | "id" | null; email?: string },
      nowMs: number,
    ): Promise<void> {
      await db
        .updateTable("user")
        .set({ ...values, updated_at: auth.time(nowMs) })
        .where("id", "=", id)
        .execute();
    },
    async markVerified(id: string, nowMs: number): Promise<void> {
      await db
        .updateTable("user")
        .set({ email_verified: auth.yes, updated_at: auth.time(nowMs) })
        .where("id", "=", id)
        .execute();
    },
    /** An account that somebody at the machine makes: verified, without a password yet. */
    async createWithoutPassword(person: { id: string; name: string; email: string }, nowMs: number): Promise<void> {
      const now = auth.time(nowMs);
      await db
        .insertInto("user")
        .values({
          ...person,
          email_verified: auth.yes,
          image: null,
          created_at: now,
          updated_at: now,
          role: "member",
          locale: null,
          suspended_at: null,
        })
        .execute();
    },
  };
}

function ownership(db: Db) {
  return {
    /** The owner's account id, null while nobody owns the instance. */
    async ownerId(): Promise<string | null> {
      const row = await db.selectFrom("instance").select("value").where("name", "=", OWNER).executeTakeFirst();
      return row?.value ?? null;
    },
    /** Makes this account the owner if nobody is. Of any number of tries at once, one succeeds. */
    async claimOwnership(id: string): Promise<boolean> {
      return db.transaction().execute(async (transaction) => {
        const claimed = await transaction
          .insertInto("instance")
          .values({ name: OWNER, value: id })
          .onConflict((conflict) => conflict.column("name").doNothing())
          .returning("name")
          .executeTakeFirst();
        if (!claimed) return false;
        const { numUpdatedRows } = await transaction
          .updateTable("user")
          .set({ role: OWNER })
          .where("id", "=", id)
          .executeTakeFirstOrThrow();
        if (numUpdatedRows === 0n) throw new Error("an account that does not exist cannot own the instance");
        return true;
      });
    },
  };
}

function passwords(db: Db, auth: AuthValues) {
  return {
    /** The stored password hash of an account, null when it has none. */
    async passwordHash(userId: string): Promise<string | null> {
      const row = await db
        .selectFrom("credential")
        .select("password")
        .where("user_id", "=", userId)
        .where("provider_id", "=", "credential")
        .executeTakeFirst();
      return row?.password ?? null;
    },
    /** The same as it is once every change that is under way has ended. */
    async settledPasswordHash(userId: string): Promise<string | null> {
      const row = await db
        .updateTable("credential")
        .set((eb) => ({ password: eb.ref("password") }))
        .where("user_id", "=", userId)
        .where("provider_id", "=", "credential")
        .returning("password")
        .executeTakeFirst();
      return row?.password ?? null;
    },
    /** The same password, hashed anew. False when it is another password by now. */
    async rehashPassword(userId: string, { from, to }: { from: string; to: string }): Promise<boolean> {
      const row = await db
        .updateTable("credential")
        .set({ password: to })
        .where("user_id", "=", userId)
        .where("provider_id", "=", "credential")
        .where("password", "=", from)
        .returning("id")
        .executeTakeFirst();
      return row !== undefined;
    },
    async forgetPassword(userId: string): Promise<void> {
      await db.deleteFrom("credential").where("user_id", "=", userId).where("provider_id", "=", "credential").execute();
    },
    /** Replaces the password, or gives the account its first one. */
    async setPasswordHash(userId: string, hash: string, nowMs: number): Promise<void> {
      const now = auth.time(nowMs);
      const changed = await db
        .updateTable("credential")
        .set({ password: hash, updated_at: now })
        .where("user_id", "=", userId)
        .where("provider_id", "=", "credential")
        .executeTakeFirst();
      if (changed.numUpdatedRows > 0n) return;
      const empty = { access_token: null, refresh_token: null, id_token: null, scope: null };
      const never = { access_token_expires_at: null, refresh_token_expires_at: null };
      // An id that follows from the account's: of two that give a first password at once, the later one counts.
      const ids = { id: `cred_${userId}`, account_id: userId, provider_id: "credential", user_id: userId };
      await db
        .insertInto("credential")
        .values({ ...ids, ...empty, ...never, password: hash, created_at: now, updated_at: now })
        .onConflict((conflict) => conflict.column("id").doUpdateSet({ password: hash, updated_at: now }))
        .execute();
    },
  };
}

function sessions(db: Db, auth: AuthValues) {
  return {
    async sessions(userId: string, nowMs: number): Promise<SessionRecord[]> {
      const rows = await db
        .selectFrom("session")
        .selectAll()
        .where("user_id", "=", userId)
        .orderBy("updated_at", "desc")
        .execute();
      return rows
        .map((row) => ({
          id: row.id,
          createdAt: authTimeMs(row.created_at),
          lastActiveAt: authTimeMs(row.updated_at),
          expiresAt: authTimeMs(row.expires_at),
          ipAddress: row.ip_address,
          userAgent: row.user_agent,
          provenAt: row.proven_at ?? authTimeMs(row.created_at),
          signedInWith: row.signed_in_with,
        }))
        .filter((session) => session.expiresAt > nowMs);
    },
    async touchSession(id: string, nowMs: number): Promise<void> {
      await db
        .updateTable("session")
        .set({ updated_at: auth.time(nowMs) })
        .where("id", "=", id)
        .execute();
    },
    /** Notes that somebody has just proved who they are, and at its begin with what. */
    async proveSession(id: string, nowMs: number, signedInWith?: string): Promise<void> {
      const begun = signedInWith === undefined ? {} : { signed_in_with: signedInWith };
      await db
        .updateTable("session")
        .set({ proven_at: nowMs, ...begun })
        .where("id", "=", id)
        .execute();
    },
    /** When the holder of a session last proved who it is; 0 for a session that is not there. */
    async provenAt(id: string): Promise<number> {
      const session = db.selectFrom("session").select(["proven_at", "created_at"]).where("id", "=", id);
      const row = await session.executeTakeFirst();
      return row === undefined ? 0 : (row.proven_at ?? authTimeMs(row.created_at));
    },
    /** True when there was such a session of this person. */
    async endSession(userId: string, id: string): Promise<boolean> {
      const ended = await db
        .deleteFrom("session")
        .where("id", "=", id)
        .where("user_id", "=", userId)
        .executeTakeFirst();
      return ended.numDeletedRows > 0n;
    },
    /** Ends the session whose token has this SHA-256. */
    async endSessionOfToken(hash: string): Promise<void> {
      await db.deleteFrom("session").where("token", "=", hash).execute();
    },
    async endSessions(userId: string, except: string | null): Promise<void> {
      let query = db.deleteFrom("session").where("user_id", "=", userId);
      if (except !== null) query = query.where("id", "!=", except);
      await query.execute();
    },
    async pruneSessions(nowMs: number): Promise<void> {
      await db.deleteFrom("session").where("expires_at", "<", auth.time(nowMs)).execute();
    },
  };
}

function invitations(db: Db) {
  return {
    /** Takes the place of an open invitation to the same address. */
    async createInvitation(invitation: InvitationRecord & { tokenHash: string; invitedBy: string }): Promise<void> {
      await inTransaction(db, async (transaction) => {
        await transaction
          .deleteFrom("invitation")
          .where("email", "=", invitation.email)
          .where("accepted_at", "is", null)
          .execute();
        await transaction
          .insertInto("invitation")
          .values({
            id: invitation.id,
            email: invitation.email,
            token_hash: invitation.tokenHash,
            invited_by: invitation.invitedBy,
            created_at: invitation.createdAt,
            expires_at: invitation.expiresAt,
            accepted_at: null,
          })
          .execute();
      });
    },
    async invitations(): Promise<InvitationRecord[]> {
      const rows = await db.selectFrom("invitation").selectAll().orderBy("created_at", "desc").execute();
      return rows.map((row) => ({
        id: row.id,
        email: row.email,
        createdAt: row.created_at,
        expiresAt: row.expires_at,
        acceptedAt: row.accepted_at,
      }));
    },
    async deleteInvitation(id: string): Promise<boolean> {
      const deleted = await db.deleteFrom("invitation").where("id", "=", id).executeTakeFirst();
      return deleted.numDeletedRows > 0n;
    },
    /** The hash of an open invitation to this address, for somebody whose address is proven already. */
    async openInvitationTo(email: string, nowMs: number): Promise<string | null> {
      const row = await db
        .selectFrom("invitation")
        .select("token_hash")
        .where("email", "=", email)
        .where("accepted_at", "is", null)
        .where("expires_at", ">", nowMs)
        .executeTakeFirst();
      return row?.token_hash ?? null;
    },
    /** Uses the invitation up; true for the one caller that did. */
    async acceptInvitation(tokenHash: string, nowMs: number): Promise<boolean> {
      const row = await db
        .updateTable("invitation")
        .set({ accepted_at: nowMs })
        .where("token_hash", "=", tokenHash)
        .where("accepted_at", "is", null)
        .where("expires_at", ">", nowMs)
        .returning("id")
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}

/** Epoch milliseconds of one of better-auth's dates. */
export function authTimeMs(time: AuthTime): number {
  return time instanceof Date ? time.getTime() : Date.parse(time);
}

interface AccountRow {
  id: string;
  name: string;
  email: string;
  email_verified: number | boolean;
  role: string;
  locale: string | null;
  suspended_at: number | null;
  created_at: AuthTime;
}

function accountOf(row: AccountRow): AccountRecord {
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    emailVerified: Boolean(row.email_verified),
    role: row.role === OWNER ? "owner" : "member",
    locale: row.locale === "en" || row.locale === "id" ? row.locale : null,
    suspended: row.suspended_at !== null,
    createdAt: authTimeMs(row.created_at),
  };
}
