/**
 * Invitations to teams, until they are used. Only the SHA-256 of a token is kept.
 *
 * Invariants: of one address and team there is one; using one up is one conditional delete, so that of any number of tries
 * at once one succeeds; a mail that is sent again makes the link of the mail before it worthless.
 */
import type { Selectable } from "kysely";
import type { Db } from "../open.ts";
import type { TeamInvitationTable } from "../team-tables.ts";
import { type RoleName, roleOf } from "./teams.ts";

export interface TeamInvitation {
  id: string;
  accountId: string;
  email: string;
  role: RoleName;
  invitedBy: string;
  createdAt: number;
  sentAt: number;
  expiresAt: number;
}

/** An invitation as the invited person sees it. */
export interface ReceivedInvitation extends TeamInvitation {
  teamName: string;
  inviterName: string | null;
}

export type TeamInvitationStore = ReturnType<typeof createTeamInvitationStore>;

export function createTeamInvitationStore(db: Db) {
  return { ...sent(db), ...received(db) };
}

function sent(db: Db) {
  return {
    /** Takes the place of an open invitation of the same team to the same address. */
    async create({ tokenHash, ...invitation }: TeamInvitation & { tokenHash: string }): Promise<void> {
      const { id, accountId, email, role, invitedBy, createdAt, sentAt, expiresAt } = invitation;
      const values = {
        ...{ id, role, token_hash: tokenHash, invited_by: invitedBy },
        ...{ created_at: createdAt, sent_at: sentAt, expires_at: expiresAt },
      };
      await db
        .insertInto("team_invitation")
        .values({ account_id: accountId, email, ...values })
        .onConflict((conflict) => conflict.columns(["account_id", "email"]).doUpdateSet(values))
        .execute();
    },

    /** Those of a team, ended ones included, the newest first. */
    async ofTeam(accountId: string): Promise<TeamInvitation[]> {
      const rows = await db
        .selectFrom("team_invitation")
        .selectAll()
        .where("account_id", "=", accountId)
        .orderBy("created_at", "desc")
        .orderBy("id")
        .execute();
      return rows.map(invitationOf);
    },

    /** Gives an invitation a new token and a new end; null where there is none. */
    async renew(
      { accountId, id, tokenHash }: Record<"accountId" | "id" | "tokenHash", string>,
      { sentAt, expiresAt }: { sentAt: number; expiresAt: number },
    ): Promise<TeamInvitation | null> {
      const row = await db
        .updateTable("team_invitation")
        .set({ token_hash: tokenHash, sent_at: sentAt, expires_at: expiresAt })
        .where("id", "=", id)
        .where("account_id", "=", accountId)
        .returningAll()
        .executeTakeFirst();
      return row ? invitationOf(row) : null;
    },

    async withdraw(accountId: string, id: string): Promise<TeamInvitation | null> {
      const row = await db
        .deleteFrom("team_invitation")
        .where("id", "=", id)
        .where("account_id", "=", accountId)
        .returningAll()
        .executeTakeFirst();
      return row ? invitationOf(row) : null;
    },

    async prune(beforeMs: number): Promise<void> {
      await db.deleteFrom("team_invitation").where("expires_at", "<", beforeMs).execute();
    },
  };
}

function received(db: Db) {
  /** Open ones, with what they lead to. A team that was deleted invites nobody. */
  const open = (nowMs: number) =>
    db
      .selectFrom("team_invitation as invitation")
      .innerJoin("user as team", "team.id", "invitation.account_id")
      .leftJoin("user as inviter", "inviter.id", "invitation.invited_by")
      .selectAll("invitation")
      .select(["team.name as team_name", "inviter.name as inviter_name"])
      .where("invitation.expires_at", ">", nowMs)
      .where("team.suspended_at", "is", null);
  return {
    async findByToken(tokenHash: string, nowMs: number): Promise<ReceivedInvitation | null> {
      const row = await open(nowMs).where("invitation.token_hash", "=", tokenHash).executeTakeFirst();
      return row ? receivedOf(row) : null;
    },

    /** What waits for somebody whose address is proven. */
    async received(email: string, nowMs: number): Promise<ReceivedInvitation[]> {
      const rows = await open(nowMs).where("invitation.email", "=", email).orderBy("invitation.created_at").execute();
      return rows.map(receivedOf);
    },

    /** Uses an invitation up; the one caller that did gets it. */
    async consume(
      wanted: { id: string } | { tokenHash: string },
      { email, nowMs }: { email: string; nowMs: number },
    ): Promise<TeamInvitation | null> {
      let used = db.deleteFrom("team_invitation").where("email", "=", email).where("expires_at", ">", nowMs);
      used = "id" in wanted ? used.where("id", "=", wanted.id) : used.where("token_hash", "=", wanted.tokenHash);
      const row = await used.returningAll().executeTakeFirst();
      return row ? invitationOf(row) : null;
    },
  };
}

function invitationOf(row: Selectable<TeamInvitationTable>): TeamInvitation {
  return {
    ...{ id: row.id, accountId: row.account_id, email: row.email, role: roleOf(row.role) },
    ...{ invitedBy: row.invited_by, createdAt: row.created_at, sentAt: row.sent_at, expiresAt: row.expires_at },
  };
}

function receivedOf(row: Selectable<TeamInvitationTable> & { team_name: string; inviter_name: string | null }) {
  return { ...invitationOf(row), teamName: row.team_name, inviterName: row.inviter_name };
}
