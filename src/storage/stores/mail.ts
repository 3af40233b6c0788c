/** Mails that wait to be sent, and the ones that the mailbox page shows while there is no SMTP server. */
import type { Db } from "../open.ts";
import type { MailRecord } from "../schema.ts";

export interface NewMail {
  id: string;
  recipient: string;
  subject: string;
  text: string;
  html: string;
}

export type MailStore = ReturnType<typeof createMailStore>;

export function createMailStore(db: Db) {
  return { ...outbox(db), ...outboxState(db), ...mailbox(db) };
}

function outbox(db: Db) {
  return {
    async add(mail: NewMail, nowMs: number): Promise<void> {
      await db
        .insertInto("mail")
        .values({
          id: mail.id,
          recipient: mail.recipient,
          subject: mail.subject,
          text_body: mail.text,
          html_body: mail.html,
          created_at: nowMs,
          attempts: 0,
          next_attempt_at: nowMs,
          last_error: null,
          sent_at: null,
          failed_at: null,
        })
        .execute();
    },

    /**
     * Takes one mail that is due, for `leaseMs`: until then no other process takes it. Null when none is due.
     */
    async takeDue(nowMs: number, leaseMs: number): Promise<MailRecord | null> {
      for (;;) {
        const due = await db
          .selectFrom("mail")
          .select(["id", "next_attempt_at"])
          .where("sent_at", "is", null)
          .where("failed_at", "is", null)
          .where("next_attempt_at", "<=", nowMs)
          .orderBy("next_attempt_at")
          .orderBy("id")
          .limit(1)
          .executeTakeFirst();
        if (!due) return null;
        const taken = await db
          .updateTable("mail")
          .set((eb) => ({ next_attempt_at: nowMs + leaseMs, attempts: eb("attempts", "+", 1) }))
          .where("id", "=", due.id)
          .where("next_attempt_at", "=", due.next_attempt_at)
          .where("sent_at", "is", null)
          .where("failed_at", "is", null)
          .returningAll()
          .executeTakeFirst();
        // Else another process was faster with this one; there may be more.
        if (taken) return taken;
      }
    },

    /** Sent: the words are wiped, because they hold links that open accounts. */
    async markSent(id: string, nowMs: number): Promise<void> {
      await db
        .updateTable("mail")
        .set({ sent_at: nowMs, text_body: "", html_body: "", last_error: null })
        .where("id", "=", id)
        .execute();
    },
    async markFailed(id: string, error: string, next: { atMs: number } | { gaveUpAtMs: number }): Promise<void> {
      const when =
        "atMs" in next ? { next_attempt_at: next.atMs } : { failed_at: next.gaveUpAtMs, text_body: "", html_body: "" };
      await db
        .updateTable("mail")
        .set({ ...when, last_error: error.slice(0, 300) })
        .where("id", "=", id)
        .execute();
    },
  };
}

function outboxState(db: Db) {
  return {
    /** How many wait or were given up, and what was said of the newest that could not be sent. */
    async outboxState(): Promise<{ waiting: number; failed: number; lastError: string | null }> {
      const unsent = db.selectFrom("mail").where("sent_at", "is", null);
      const counts = await unsent
        .select((eb) => [eb.fn.countAll<number>().as("all"), eb.fn.count<number>("failed_at").as("failed")])
        .executeTakeFirstOrThrow();
      const newest = await unsent
        .select("last_error")
        .where("last_error", "is not", null)
        .orderBy("created_at", "desc")
        .limit(1)
        .executeTakeFirst();
      return { waiting: counts.all - counts.failed, failed: counts.failed, lastError: newest?.last_error ?? null };
    },
  };
}

function mailbox(db: Db) {
  return {
    /** Unsent mails, newest first: the mailbox. */
    async mailbox(limit: number): Promise<MailRecord[]> {
      return db
        .selectFrom("mail")
        .selectAll()
        .where("sent_at", "is", null)
        .orderBy("created_at", "desc")
        .orderBy("id", "desc")
        .limit(limit)
        .execute();
    },
    async get(id: string): Promise<MailRecord | null> {
      return (
        (await db
          .selectFrom("mail")
          .selectAll()
          .where("id", "=", id)
          .where("sent_at", "is", null)
          .executeTakeFirst()) ?? null
      );
    },
    /** Keeps only the newest `keep` mails. */
    async trim(keep: number): Promise<void> {
      const edge = await db
        .selectFrom("mail")
        .select(["created_at", "id"])
        .orderBy("created_at", "desc")
        .orderBy("id", "desc")
        .offset(keep)
        .limit(1)
        .executeTakeFirst();
      if (!edge) return;
      await db
        .deleteFrom("mail")
        .where((eb) =>
          eb.or([
            eb("created_at", "<", edge.created_at),
            eb.and([eb("created_at", "=", edge.created_at), eb("id", "<=", edge.id)]),
          ]),
        )
        .execute();
    },
  };
}
