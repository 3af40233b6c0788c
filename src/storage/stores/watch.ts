/**
 * What watching keeps: uses that nobody has judged yet, what is remembered of each key, and which process judges.
 *
 * Invariants: of all processes one judges at a time, for as long as it holds the row of `watch_judge`; whoever drops uses or
 * saves profiles extends its hold in the same transaction, so that one who has lost it without knowing changes nothing.
 */
import { type Insertable, type Selectable, sql } from "kysely";
import { newId } from "../../kernel/ids.ts";
import { DAY_MS } from "../../kernel/windows.ts";
import type { WatchUseTable } from "../alert-tables.ts";
import type { Db } from "../open.ts";
import { inTransaction } from "../transaction.ts";

export type NewUse = Omit<Insertable<WatchUseTable>, "id" | "learn">;
export type KeptUse = Selectable<WatchUseTable>;

/** Rows of one statement: SQLite bounds the values in it. */
const ROWS_AT_ONCE = 500;
const JUDGE_ID = 1;

export type WatchStore = ReturnType<typeof createWatchStore>;

export function createWatchStore(db: Db) {
  return { ...uses(db), ...profiles(db), ...judge(db) };
}

function uses(db: Db) {
  return {
    async add(found: readonly NewUse[]): Promise<void> {
      const rows = found.map((use) => ({ ...use, id: newId("use"), learn: 0 }));
      await inTransaction(db, async (transaction) => {
        for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
          await transaction
            .insertInto("watch_use")
            .values(rows.slice(from, from + ROWS_AT_ONCE))
            .execute();
        }
      });
    },

    /** Its owner says that whatever happened with this key until now is usual. */
    async learn(keyId: string, nowMs: number): Promise<void> {
      const nothing = { network: null, program: null, model: "", calls: 0, cost_nano: 0n, refused: 0, code: null };
      await db
        .insertInto("watch_use")
        .values({ ...nothing, id: newId("use"), key_id: keyId, at: nowMs, learn: 1 })
        .execute();
    },

    /** The oldest ones, in the order in which they were added. */
    waiting(most: number): Promise<KeptUse[]> {
      return db.selectFrom("watch_use").selectAll().orderBy("id").limit(most).execute();
    },

    /** For those that somebody has judged. */
    async drop(ids: readonly string[]): Promise<void> {
      for (let from = 0; from < ids.length; from += ROWS_AT_ONCE) {
        const some = ids.slice(from, from + ROWS_AT_ONCE);
        await db.deleteFrom("watch_use").where("id", "in", some).execute();
      }
    },
  };
}

function profiles(db: Db) {
  return {
    async profiles(keyIds: readonly string[]): Promise<{ keyId: string; state: string }[]> {
      if (keyIds.length === 0) return [];
      const rows = await db.selectFrom("watch_profile").selectAll().where("key_id", "in", keyIds).execute();
      return rows.map(({ key_id, state }) => ({ keyId: key_id, state }));
    },

    async saveProfile(keyId: string, state: string, nowMs: number): Promise<void> {
      const values = { state, updated_at: nowMs };
      await db
        .insertInto("watch_profile")
        .values({ key_id: keyId, ...values })
        .onConflict((conflict) => conflict.column("key_id").doUpdateSet(values))
        .execute();
    },

    /** When keys that nothing is remembered of were used last before this day, or made. */
    async usedBefore(keyIds: readonly string[], day: number): Promise<Map<string, number>> {
      if (keyIds.length === 0) return new Map();
      const rows = await db
        .selectFrom("api_key")
        .leftJoin("key_day", (join) => join.onRef("key_day.key_id", "=", "api_key.id").on("key_day.day", "<", day))
        .select((eb) => ["api_key.id", "api_key.created_at", eb.fn.max("key_day.last_used_at").as("used_at")])
        .where("api_key.id", "in", keyIds)
        .groupBy(["api_key.id", "api_key.created_at"])
        .execute();
      return new Map(rows.map(({ id, created_at, used_at }) => [id, Number(used_at ?? created_at)]));
    },

    /** Forgets keys that were deleted or not used for so long that their habits say nothing, and uses nobody judged. */
    async prune(nowMs: number): Promise<void> {
      await db
        .deleteFrom("watch_profile")
        .where((eb) =>
          eb.or([
            eb("updated_at", "<", nowMs - 400 * DAY_MS),
            eb("key_id", "in", eb.selectFrom("api_key").select("id").where("deleted_at", "is not", null)),
          ]),
        )
        .execute();
      await db
        .deleteFrom("watch_use")
        .where("at", "<", nowMs - DAY_MS)
        .execute();
    },
  };
}

function judge(db: Db) {
  const row = () => db.selectFrom("watch_judge").select("audit_seq").where("id", "=", JUDGE_ID);
  const extend = async (holder: string, untilMs: number): Promise<boolean> => {
    const { numUpdatedRows } = await db
      .updateTable("watch_judge")
      .set({ until: untilMs })
      .where("id", "=", JUDGE_ID)
      .where("holder", "=", holder)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  };
  return {
    /** Keeps the office, and everybody else from taking it until the transaction ends. False where another has it. */
    extend,

    /** Takes or keeps the office of the judge. `isNew`: somebody else may have had it since. Null while another has it. */
    async hold(holder: string, { nowMs, forMs }: { nowMs: number; forMs: number }): Promise<{ isNew: boolean } | null> {
      if (await extend(holder, nowMs + forMs)) return { isNew: false };
      const taken = await db
        .updateTable("watch_judge")
        .set({ holder, until: nowMs + forMs })
        .where("id", "=", JUDGE_ID)
        .where("until", "<", nowMs)
        .returning("id")
        .executeTakeFirst();
      return taken ? { isNew: true } : null;
    },

    /** Lets another process take over at once. */
    async release(holder: string): Promise<void> {
      await db
        .updateTable("watch_judge")
        .set({ holder: "", until: 0 })
        .where("id", "=", JUDGE_ID)
        .where("holder", "=", holder)
        .execute();
    },

    /** How far the audit log has been read. */
    async auditRead(): Promise<number> {
      return (await row().executeTakeFirstOrThrow()).audit_seq;
    },

    /** False where somebody else has read on from there meanwhile. */
    async readAudit(from: number, to: number): Promise<boolean> {
      const { numUpdatedRows } = await db
        .updateTable("watch_judge")
        .set({ audit_seq: sql<number>`${to}` })
        .where("id", "=", JUDGE_ID)
        .where("audit_seq", "=", from)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
  };
}
