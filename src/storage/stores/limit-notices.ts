/**
 * Which limits have reached a mark, and who was told. Finding them reads the rows of running windows alone, never usage.
 *
 * Invariants: a person is told each mark of a limit once in a window; what is switched off is kept as told, so that it is
 * not found again.
 */
import { type Selectable, sql } from "kysely";
import { newId } from "../../kernel/ids.ts";
import type { NanoUsd } from "../../kernel/money.ts";
import { DAY_MS, LIMIT_RESETS, type LimitReset, windowOf } from "../../kernel/windows.ts";
import { ALL_TIME, resetName } from "../ledger/limits.ts";
import type { LimitNoticeTable, NoticeSettingTable } from "../notice-tables.ts";
import type { Db } from "../open.ts";
import { inTransaction } from "../transaction.ts";
import { createMailStore, type NewMail } from "./mail.ts";

export type LimitNoticeRow = Selectable<LimitNoticeTable>;

/** A limit that has reached a mark, or will end before its window does. */
export interface Crossing {
  limitId: string;
  limitNano: NanoUsd;
  spentNano: NanoUsd;
  /** In percent; 0 for a forecast. */
  mark: number;
  endsAtMs: number | null;
}

export interface NoticeSettings {
  mail: boolean;
  dashboard: boolean;
  forecast: boolean;
}

export const FORECAST = 0;
const EVERYTHING: NoticeSettings = { mail: true, dashboard: true, forecast: true };
/** What is more waits for the next question. */
export const MOST_AT_ONCE = 500;
/** A pace that has used less than this share of a limit, or was looked at for less than this long, says nothing. */
const FORECAST_FROM = { share: 5n, elapsedMs: 6 * 3_600_000 } as const;

export type LimitNoticeStore = ReturnType<typeof createLimitNoticeStore>;

export function createLimitNoticeStore(db: Db) {
  return { ...finding(db), ...keeping(db), ...mailing(db), ...reading(db), ...settings(db) };
}

function runningWindows(nowMs: number): { reset: LimitReset | null; firstDay: number; endsAtMs: number | null }[] {
  return [null, ...LIMIT_RESETS].map((reset) => {
    const { firstDay, endsAtMs } = windowOf(reset, nowMs);
    return { reset, firstDay: firstDay ?? ALL_TIME, endsAtMs };
  });
}

/** How much is used, in percent, as far as it is told. The last thousandth is not worth a call. */
const MARK = sql<number>`case when posted_nano >= lim_nano - lim_nano / 1000 then 100
  when posted_nano >= lim_nano / 100 * 80 then 80 else 50 end`;

function finding(db: Db) {
  const untold = (mark: ReturnType<typeof sql<number>>) => sql<boolean>`not exists (select 1 from limit_notice told
    where told.limit_id = spend_limit.id and told.mark = ${mark} and told.limit_nano = spend_limit.lim_nano)`;
  return {
    /** Limits that have reached 50, 80 or 100 % since they were looked at last, from an id on. */
    async crossings(nowMs: number, afterId = ""): Promise<Crossing[]> {
      const rows = await db
        .selectFrom("spend_limit")
        .select(["id", "lim_nano", "posted_nano", MARK.as("mark")])
        .where((eb) =>
          eb.or(
            runningWindows(nowMs).map(({ reset, firstDay }) =>
              eb.and({ reset: resetName(reset), first_day: firstDay }),
            ),
          ),
        )
        .where("id", ">", afterId)
        .where("lim_nano", ">", 0n)
        .where(sql<boolean>`posted_nano >= lim_nano / 100 * 50`)
        .where(untold(MARK))
        .orderBy("id")
        .limit(MOST_AT_ONCE)
        .execute();
      return rows.map((row) => ({
        limitId: row.id,
        limitNano: row.lim_nano,
        spentNano: row.posted_nano,
        mark: row.mark,
        endsAtMs: null,
      }));
    },

    /** Weekly and monthly limits of which nothing will be left before they begin anew, at the pace of their window. */
    async forecasts(nowMs: number): Promise<Crossing[]> {
      const found: Crossing[] = [];
      for (const { reset, firstDay, endsAtMs } of runningWindows(nowMs)) {
        const elapsedMs = nowMs - firstDay * DAY_MS;
        if (endsAtMs === null || reset === "daily" || elapsedMs < FORECAST_FROM.elapsedMs) continue;
        const rows = await db
          .selectFrom("spend_limit")
          .select(["id", "lim_nano", "posted_nano"])
          .where("reset", "=", resetName(reset))
          .where("first_day", "=", firstDay)
          .where(sql<boolean>`posted_nano >= lim_nano / ${FORECAST_FROM.share}`)
          .where(sql<boolean>`posted_nano < lim_nano`)
          .where(
            sql<boolean>`cast(lim_nano - posted_nano as double precision) * ${elapsedMs}
              < cast(posted_nano as double precision) * ${endsAtMs - nowMs}`,
          )
          .where(untold(sql<number>`${FORECAST}`))
          .orderBy("id")
          .limit(MOST_AT_ONCE)
          .execute();
        for (const { id, lim_nano, posted_nano } of rows) {
          const endsInMs = ((lim_nano - posted_nano) * BigInt(elapsedMs)) / posted_nano;
          const endsAt = nowMs + Number(endsInMs);
          found.push({ limitId: id, limitNano: lim_nano, spentNano: posted_nano, mark: FORECAST, endsAtMs: endsAt });
        }
      }
      return found;
    },
  };
}

function keeping(db: Db) {
  return {
    /** Notes that somebody is told. What that person was told before is left as it is. */
    async keep(
      userId: string,
      crossings: readonly Crossing[],
      { wants, nowMs }: { wants: NoticeSettings; nowMs: number },
    ): Promise<void> {
      if (crossings.length === 0) return;
      const rows = crossings.map(({ limitId, limitNano, spentNano, mark, endsAtMs }) => {
        const isWanted = mark !== FORECAST || wants.forecast;
        return {
          id: newId("notice"),
          user_id: userId,
          limit_id: limitId,
          limit_nano: limitNano,
          mark,
          spent_nano: spentNano,
          ends_at: endsAtMs,
          created_at: nowMs,
          by_mail: wants.mail && isWanted ? 1 : 0,
          mailed_at: null,
          dismissed_at: wants.dashboard && isWanted ? null : nowMs,
        };
      });
      await db
        .insertInto("limit_notice")
        .values(rows)
        .onConflict((conflict) => conflict.columns(["limit_id", "mark", "limit_nano", "user_id"]).doNothing())
        .execute();
    },
  };
}

function mailing(db: Db) {
  return {
    /** Notices that wait for a mail, of people who got no such mail since then. */
    unmailed(sinceMs: number): Promise<LimitNoticeRow[]> {
      return db
        .selectFrom("limit_notice")
        .selectAll()
        .where("by_mail", "=", 1)
        .where("mailed_at", "is", null)
        .where((eb) =>
          eb.not(
            eb.exists(
              eb
                .selectFrom("limit_notice as sent")
                .select("sent.id")
                .whereRef("sent.user_id", "=", "limit_notice.user_id")
                .where("sent.mailed_at", ">", sinceMs),
            ),
          ),
        )
        .orderBy("created_at")
        .orderBy("id")
        .limit(MOST_AT_ONCE)
        .execute();
    },

    /** Keeps the one mail about these notices; null for none. False when another process was faster. */
    async mailed(ids: readonly string[], mail: NewMail | null, nowMs: number): Promise<boolean> {
      try {
        await inTransaction(db, async (transaction) => {
          const mine = await transaction
            .updateTable("limit_notice")
            .set({ mailed_at: nowMs })
            .where("id", "in", ids)
            .where("mailed_at", "is", null)
            .returning("id")
            .execute();
          if (mine.length !== ids.length) throw new Taken();
          if (mail !== null) await createMailStore(transaction).add(mail, nowMs);
        });
        return true;
      } catch (error) {
        if (error instanceof Taken) return false;
        throw error;
      }
    },
  };
}

/** Ends the transaction without a trace. */
class Taken extends Error {
  override readonly name = "Taken";
}

function reading(db: Db) {
  return {
    /** What somebody has not put away yet, newest first. */
    open(userId: string): Promise<LimitNoticeRow[]> {
      return db
        .selectFrom("limit_notice")
        .selectAll()
        .where("user_id", "=", userId)
        .where("dismissed_at", "is", null)
        .orderBy("created_at", "desc")
        .orderBy("id", "desc")
        .limit(MOST_AT_ONCE)
        .execute();
    },

    async dismiss(userId: string, id: string, nowMs: number): Promise<boolean> {
      const row = await db
        .updateTable("limit_notice")
        .set({ dismissed_at: nowMs })
        .where("id", "=", id)
        .where("user_id", "=", userId)
        .where("dismissed_at", "is", null)
        .returning("id")
        .executeTakeFirst();
      return row !== undefined;
    },

    /** Drops what was told of windows that are long over. What never begins anew stays: it is told once. */
    async prune(beforeMs: number): Promise<void> {
      await db
        .deleteFrom("limit_notice")
        .where("created_at", "<", beforeMs)
        .where("limit_id", "not like", "%/total/%")
        .execute();
    },
  };
}

function settings(db: Db) {
  return {
    /** What these people want to be told. */
    async wants(userIds: readonly string[]): Promise<Map<string, NoticeSettings>> {
      const rows =
        userIds.length === 0
          ? []
          : await db.selectFrom("notice_setting").selectAll().where("user_id", "in", userIds).execute();
      const kept = new Map(rows.map((row) => [row.user_id, settingsOf(row)]));
      return new Map(userIds.map((id) => [id, kept.get(id) ?? EVERYTHING]));
    },

    async choose(userId: string, { mail, dashboard, forecast }: NoticeSettings): Promise<void> {
      const values = { mail: Number(mail), dashboard: Number(dashboard), forecast: Number(forecast) };
      await db
        .insertInto("notice_setting")
        .values({ user_id: userId, ...values })
        .onConflict((conflict) => conflict.column("user_id").doUpdateSet(values))
        .execute();
    },
  };
}

function settingsOf({ mail, dashboard, forecast }: Selectable<NoticeSettingTable>): NoticeSettings {
  return { mail: mail === 1, dashboard: dashboard === 1, forecast: forecast === 1 };
}
