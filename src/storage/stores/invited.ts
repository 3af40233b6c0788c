/** Whether somebody may sign up because somebody else wants them here. */
import type { Db } from "../open.ts";

export function invited(db: Db) {
  return {
    /** True when the invitation, to the instance or to a team of it, is for this address, unused and in time. */
    async invitationIsOpen(tokenHash: string, email: string, nowMs: number): Promise<boolean> {
      const toTeam = await db
        .selectFrom("team_invitation")
        .select("id")
        .where("token_hash", "=", tokenHash)
        .where("email", "=", email)
        .where("expires_at", ">", nowMs)
        .executeTakeFirst();
      if (toTeam) return true;
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
