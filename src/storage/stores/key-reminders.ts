/**
 * Reminders of the ends of keys. What is told stands as a row, written in one transaction with the mail that tells it: so
 * each end is told once for each of REMINDER_DAYS, however many processes look and whenever one of them dies.
 */
import { type SqlBool, sql } from "kysely";
import { REMINDER_DAYS, type ReminderDays, reminderDue } from "../../kernel/key-life.ts";
import { LOCALES, type Locale } from "../../kernel/locale.ts";
import { DAY_MS } from "../../kernel/windows.ts";
import type { Db } from "../open.ts";
import { inTransaction } from "../transaction.ts";
import { createMailStore, type NewMail } from "./mail.ts";

const EARLIEST_MS = Math.max(...REMINDER_DAYS) * DAY_MS;
/** How many ends are told in one round; the rest follow in the next. */
const MOST_AT_ONCE = 500;

/** A key that ends soon, of which its owner has not been told that it is this soon. */
export interface EndingKey {
  id: string;
  name: string;
  label: string;
  expiresAt: number;
  days: ReminderDays;
}

export interface Reminded {
  user: { id: string; name: string; email: string; locale: Locale | null };
  keys: EndingKey[];
}

/** What somebody has not put away yet. */
export interface OpenReminder {
  keyId: string;
  keyName: string;
  label: string;
  expiresAt: number;
}

export type KeyReminderStore = ReturnType<typeof createKeyReminderStore>;

export function createKeyReminderStore(db: Db) {
  return { ...telling(db), ...reading(db) };
}

function telling(db: Db) {
  return {
    /** Everybody who is to be reminded now, with all of their keys that are due. */
    async due(nowMs: number): Promise<Reminded[]> {
      const rows = await db
        .selectFrom("api_key")
        .innerJoin("user", (join) => join.on("user.id", "=", REMINDED))
        .leftJoin("key_reminder as told", (join) =>
          join
            .onRef("told.key_id", "=", "api_key.id")
            .onRef("told.expires_at", "=", "api_key.expires_at")
            .on("told.days", "=", dueDays(nowMs)),
        )
        .select(["api_key.id", "api_key.name", "api_key.label", "api_key.expires_at", "api_key.created_at"])
        .select(["user.id as user_id", "user.name as user_name", "user.email", "user.locale"])
        .where("api_key.expires_at", ">", nowMs)
        .where("api_key.expires_at", "<=", nowMs + EARLIEST_MS)
        .where("api_key.deleted_at", "is", null)
        .where("api_key.disabled_at", "is", null)
        .where("user.suspended_at", "is", null)
        .where("told.key_id", "is", null)
        // One that lives no longer than that is not announced.
        .where(sql<SqlBool>`api_key.expires_at - api_key.created_at > ${dueDays(nowMs)} * ${sql.lit(DAY_MS)}`)
        .orderBy("api_key.expires_at")
        .limit(MOST_AT_ONCE)
        .execute();
      return byPerson(rows, nowMs);
    },

    /** Keeps that these are told, and the mail that tells it. False when another process was faster. */
    async tell({ user, keys }: Reminded, mail: NewMail, nowMs: number): Promise<boolean> {
      const rows = keys.map(({ id, expiresAt, days }) => ({
        key_id: id,
        expires_at: expiresAt,
        days,
        user_id: user.id,
        created_at: nowMs,
        dismissed_at: null,
      }));
      try {
        await inTransaction(db, async (transaction) => {
          const mine = await transaction
            .insertInto("key_reminder")
            .values(rows)
            .onConflict((conflict) => conflict.doNothing())
            .returning("key_id")
            .execute();
          if (mine.length !== rows.length) throw new Told();
          await createMailStore(transaction).add(mail, nowMs);
        });
        return true;
      } catch (error) {
        if (error instanceof Told) return false;
        throw error;
      }
    },

    /** Forgets reminders of ends that came before a time. */
    async prune(beforeMs: number): Promise<void> {
      await db.deleteFrom("key_reminder").where("expires_at", "<", beforeMs).execute();
    },
  };
}

function reading(db: Db) {
  return {
    /** What stands in somebody's dashboard, the next to end first. A key that was changed since is not among them. */
    async open({ userId, accountId }: { userId: string; accountId: string }, nowMs: number): Promise<OpenReminder[]> {
      const rows = await db
        .selectFrom("key_reminder as told")
        .innerJoin("api_key", (join) =>
          join.onRef("api_key.id", "=", "told.key_id").onRef("api_key.expires_at", "=", "told.expires_at"),
        )
        .select(["api_key.id", "api_key.name", "api_key.label", "told.expires_at"])
        .where("told.user_id", "=", userId)
        .where("api_key.user_id", "=", accountId)
        .where("told.dismissed_at", "is", null)
        .where("told.expires_at", ">", nowMs)
        .where("api_key.deleted_at", "is", null)
        .where("api_key.disabled_at", "is", null)
        .groupBy(["api_key.id", "api_key.name", "api_key.label", "told.expires_at"])
        .orderBy("told.expires_at")
        .execute();
      return rows.map((row) => ({ keyId: row.id, keyName: row.name, label: row.label, expiresAt: row.expires_at }));
    },

    /** Puts away what was told of a key until now; false where there was nothing. */
    async dismiss(userId: string, keyId: string, nowMs: number): Promise<boolean> {
      const away = await db
        .updateTable("key_reminder")
        .set({ dismissed_at: nowMs })
        .where("user_id", "=", userId)
        .where("key_id", "=", keyId)
        .where("dismissed_at", "is", null)
        .returning("key_id")
        .execute();
      return away.length > 0;
    },
  };
}

interface DueRow {
  id: string;
  name: string;
  label: string;
  expires_at: number | null;
  created_at: number;
  user_id: string;
  user_name: string;
  email: string;
  locale: string | null;
}

function byPerson(rows: readonly DueRow[], nowMs: number): Reminded[] {
  const found = new Map<string, Reminded>();
  for (const row of rows) {
    const { id, name, label, expires_at: expiresAt, created_at: createdAtMs } = row;
    const days = expiresAt === null ? null : reminderDue({ expiresAtMs: expiresAt, createdAtMs }, nowMs);
    if (expiresAt === null || days === null) continue;
    const key = { id, name, label, expiresAt, days };
    const reminded = found.get(row.user_id);
    if (reminded) reminded.keys.push(key);
    else found.set(row.user_id, { user: personOf(row), keys: [key] });
  }
  return [...found.values()];
}

function personOf({ user_id: id, user_name: name, email, locale }: DueRow): Reminded["user"] {
  return { id, name, email, locale: LOCALES.find((known) => known === locale) ?? null };
}

/** Whom the end of a key concerns: who made it, while they belong to its team, else an owner of the team. */
const REMINDED = sql<string>`coalesce(
  (select user_id from account_member as maker where maker.account_id = api_key.user_id
    and maker.user_id = api_key.created_by and maker.ended_at is null),
  (select min(user_id) from account_member as head where head.account_id = api_key.user_id
    and head.role = 'owner' and head.ended_at is null),
  api_key.user_id)`;

/** How near the end of a key is, in the words of REMINDER_DAYS. */
function dueDays(nowMs: number) {
  const [early, late] = REMINDER_DAYS;
  return sql<number>`case when api_key.expires_at <= ${nowMs + late * DAY_MS} then ${sql.lit(late)} else ${sql.lit(early)} end`;
}

/** Ends the transaction without a trace. */
class Told extends Error {
  override readonly name = "Told";
}
