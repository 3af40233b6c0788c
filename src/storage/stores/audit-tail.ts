/** The audit log as it goes on, for whoever tells people of it. */
import type { Db } from "../open.ts";
import type { AuditRow } from "./audit-chain.ts";

const ROWS_AT_ONCE = 200;
/** So many log-ins of an account are compared with the last one. */
const MOST_LOG_INS = 500;

export type AuditTail = ReturnType<typeof createAuditTail>;

export function createAuditTail(db: Db) {
  return {
    /** The rows behind this one, oldest first, as many as are read at a time. */
    after(seq: number): Promise<AuditRow[]> {
      return db.selectFrom("audit").selectAll().where("seq", ">", seq).orderBy("seq").limit(ROWS_AT_ONCE).execute();
    },

    /** The log-ins of an account before this row, newest first. */
    logInsBefore(userId: string, { seq, sinceMs }: { seq: number; sinceMs: number }): Promise<AuditRow[]> {
      return db
        .selectFrom("audit")
        .selectAll()
        .where("actor_id", "=", userId)
        .where("seq", "<", seq)
        .where("action", "=", "session.create")
        .where("at", ">=", sinceMs)
        .orderBy("seq", "desc")
        .limit(MOST_LOG_INS)
        .execute();
    },
  };
}
