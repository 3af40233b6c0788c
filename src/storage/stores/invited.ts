/** Whether somebody may sign up because somebody else wants them here. */
import type { Db } from "../open.ts";

export function invited(db: Db) {
  return {
    /** True when this is an invitation of a team to this address, unused and in time. */
    async teamInvites(tokenHash: string, email: string, nowMs: number): Promise<boolean> {
      const row = await db
        .selectFrom("team_invitation")
        .select("id")
        .where("token_hash", "=", tokenHash)
        .where("email", "=", email)
        .where("expires_at", ">", nowMs)
        .executeTakeFirst();
      return row !== undefined;
    },
    /** The same of an invitation to the instance. */
    async invitationIsOpen(tokenHash: string, email: string, nowMs: number): Promise<boolean> {
      const row = await db
        .selectFrom("invitation")
        .select("id")
        .where("token_hash", "=", tokenHash)
        .where("email", "=", email)
        .where("accepted_at", "is", null)
        .where("expires_at", ">", nowMs)
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}
