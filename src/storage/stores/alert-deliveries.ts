/**
 * Messages about alerts that wait to be delivered: an outbox, so that a restart loses none.
 *
 * Invariants: bounded for each account and channel; of several processes one has a message at a time; a message that was
 * delivered is gone, one that was given up stays for a week, to say why.
 */
import type { Selectable } from "kysely";
import type { AlertChannel } from "../../kernel/alerts/facts.ts";
import { newId } from "../../kernel/ids.ts";
import { DAY_MS } from "../../kernel/windows.ts";
import type { AlertDeliveryTable } from "../alert-tables.ts";
import type { Db } from "../open.ts";

export type DeliveryRow = Selectable<AlertDeliveryTable>;

const MOST_WAITING = 100;
const KEEP_MS = 7 * DAY_MS;

export type AlertDeliveryStore = ReturnType<typeof createAlertDeliveryStore>;

export function createAlertDeliveryStore(db: Db) {
  return {
    /** Left out where too many wait for the channel already: whoever does not answer gets no more. */
    async add(
      userId: string,
      channel: AlertChannel,
      { event, nowMs }: { event: string; nowMs: number },
    ): Promise<void> {
      const { count } = await db
        .selectFrom("alert_delivery")
        .select((eb) => eb.fn.countAll().as("count"))
        .where("user_id", "=", userId)
        .where("channel", "=", channel)
        // Those that were given up wait for nothing: a channel that works again gets its messages.
        .where("next_attempt_at", "is not", null)
        .executeTakeFirstOrThrow();
      if (Number(count) >= MOST_WAITING) return;
      const state = { created_at: nowMs, attempts: 0, next_attempt_at: nowMs, last_error: null };
      await db
        .insertInto("alert_delivery")
        .values({ id: newId("msg"), user_id: userId, channel, event, ...state })
        .execute();
    },

    /** Messages that are due, for `leaseMs`: until then no other process takes them. */
    async takeDue(nowMs: number, { leaseMs, most }: { leaseMs: number; most: number }): Promise<DeliveryRow[]> {
      const due = await db
        .selectFrom("alert_delivery")
        .select(["id", "next_attempt_at"])
        .where("next_attempt_at", "<=", nowMs)
        .orderBy("next_attempt_at")
        .orderBy("id")
        .limit(most)
        .execute();
      const taken: DeliveryRow[] = [];
      for (const { id, next_attempt_at } of due) {
        const row = await db
          .updateTable("alert_delivery")
          .set((eb) => ({ next_attempt_at: nowMs + leaseMs, attempts: eb("attempts", "+", 1) }))
          .where("id", "=", id)
          .where("next_attempt_at", "=", next_attempt_at)
          .returningAll()
          .executeTakeFirst();
        if (row) taken.push(row);
      }
      return taken;
    },

    async done(id: string): Promise<void> {
      await db.deleteFrom("alert_delivery").where("id", "=", id).execute();
    },

    /** To be tried again then; null for never. */
    async failed(id: string, { reason, againAtMs }: { reason: string; againAtMs: number | null }): Promise<void> {
      await db
        .updateTable("alert_delivery")
        .set({ last_error: reason.slice(0, 300), next_attempt_at: againAtMs })
        .where("id", "=", id)
        .execute();
    },

    async prune(nowMs: number): Promise<void> {
      await db
        .deleteFrom("alert_delivery")
        .where("created_at", "<", nowMs - KEEP_MS)
        .execute();
    },
  };
}
