/**
 * Alerts: what was noticed, and what its owner did about it.
 *
 * Invariants: of one kind and key there is one open alert, however often it happens and however many processes notice it;
 * its owner is told when it begins, when it becomes louder, and no more than once a day while it goes on; the same that was
 * answered with "it was me" is not told again for a day (alert-news.ts says what is the same).
 */
import { type Selectable, type SqlBool, sql } from "kysely";
import type { AlertAnswer, AlertFacts, AlertLevel } from "../../kernel/alerts/facts.ts";
import { newId } from "../../kernel/ids.ts";
import { asChecked, isJsonObject, parseJson } from "../../kernel/json.ts";
import { DAY_MS } from "../../kernel/windows.ts";
import type { AlertTable } from "../alert-tables.ts";
import type { Db } from "../open.ts";
import { inTransaction } from "../transaction.ts";
import { aboutOf, hasFrozen, isSameAgain, isToldEachTime, joined } from "./alert-news.ts";
import { keysMadeBy } from "./key-usage.ts";

export interface NewAlert {
  userId: string;
  /** Null for what concerns the account. */
  keyId: string | null;
  level: AlertLevel;
  facts: AlertFacts;
}

export interface AlertRecord extends NewAlert {
  id: string;
  isOpen: boolean;
  times: number;
  createdAt: number;
  happenedAt: number;
  answer: string | null;
  answeredAt: number | null;
}

export interface AlertFilter {
  state: "open" | "closed" | "all";
  kind?: string | undefined;
  keyId?: string | undefined;
  /** Only of keys that this person made. */
  maker?: string | null | undefined;
  /** The last of the page before. */
  cursor?: string | undefined;
  limit: number;
}

const TELL_AGAIN_AFTER_MS = DAY_MS;
/** After "it was me". */
const QUIET_AFTER_ANSWER_MS = DAY_MS;
const KEEP_MS = 400 * DAY_MS;
/** Of whose alerts a list can be narrowed down to one key's. */
const MOST_KEYS = 100;

export type AlertStore = ReturnType<typeof createAlertStore>;

export function createAlertStore(db: Db) {
  return { raise: (alert: NewAlert, nowMs: number) => raise(db, alert, nowMs), ...reading(db), ...answering(db) };
}

/** The alert, and whether its owner is to be told now; null for what was answered a moment ago. */
function raise(db: Db, alert: NewAlert, nowMs: number): Promise<{ alert: AlertRecord; isTold: boolean } | null> {
  return inTransaction(db, async (transaction) => {
    const openAs = `${alert.userId}/${alert.keyId ?? ""}/${alert.facts.kind}${aboutOf(alert.facts)}`;
    if (await wasAnswered(transaction, alert, nowMs)) return null;
    const row = rowOf(alert, openAs, nowMs);
    const added = await transaction
      .insertInto("alert")
      .values(row)
      .onConflict((conflict) => conflict.column("open_as").doNothing())
      .returningAll()
      .executeTakeFirst();
    if (added) return { alert: recordOf(added), isTold: true };
    const open = await transaction
      .updateTable("alert")
      .set((eb) => ({ times: eb("times", "+", 1), happened_at: nowMs }))
      .where("open_as", "=", openAs)
      .returningAll()
      .executeTakeFirst();
    if (!open) return null;
    const before = factsOf(open.facts);
    const isLouder =
      (alert.level === "alert" && open.level === "notice") || (hasFrozen(alert.facts) && !hasFrozen(before));
    const isTold = isLouder || isToldEachTime(alert.facts) || nowMs - open.told_at >= TELL_AGAIN_AFTER_MS;
    // A quieter verdict takes nothing away from what was said.
    const isNews = alert.level === "alert" || open.level === "notice";
    const level = isNews ? alert.level : open.level;
    const facts = isNews ? JSON.stringify(joined(before, alert.facts)) : open.facts;
    const changed = await transaction
      .updateTable("alert")
      .set({ level, facts, told_at: isTold ? nowMs : open.told_at })
      .where("id", "=", open.id)
      .returningAll()
      .executeTakeFirstOrThrow();
    return { alert: recordOf(changed), isTold };
  });
}

async function wasAnswered(db: Db, { userId, keyId, facts }: NewAlert, nowMs: number): Promise<boolean> {
  const rows = await db
    .selectFrom("alert")
    .select("facts")
    .where("user_id", "=", userId)
    .where("kind", "=", facts.kind)
    .where((eb) => (keyId === null ? eb("key_id", "is", null) : eb("key_id", "=", keyId)))
    .where("answer", "=", "me")
    .where("answered_at", ">", nowMs - QUIET_AFTER_ANSWER_MS)
    .execute();
  return rows.some((row) => isSameAgain(factsOf(row.facts), facts));
}

function rowOf({ userId, keyId, level, facts }: NewAlert, openAs: string, nowMs: number): Selectable<AlertTable> {
  return {
    id: newId("alert"),
    user_id: userId,
    key_id: keyId,
    kind: facts.kind,
    level,
    facts: JSON.stringify(facts),
    open_as: openAs,
    times: 1,
    created_at: nowMs,
    happened_at: nowMs,
    told_at: nowMs,
    answer: null,
    answered_at: null,
  };
}

function reading(db: Db) {
  return {
    /** Newest first. */
    async list(userId: string, { state, kind, keyId, maker, cursor, limit }: AlertFilter): Promise<AlertRecord[]> {
      let rows = db.selectFrom("alert").selectAll().where("user_id", "=", userId);
      if (state !== "all") rows = rows.where("open_as", state === "open" ? "is not" : "is", null);
      if (kind !== undefined) rows = rows.where("kind", "=", kind);
      if (keyId !== undefined) rows = rows.where("key_id", "=", keyId);
      if (maker != null) rows = rows.where(ofMaker(userId, maker));
      if (cursor !== undefined) rows = rows.where("id", "<", cursor);
      return (await rows.orderBy("id", "desc").limit(limit).execute()).map(recordOf);
    },

    async get(userId: string, id: string, maker: string | null = null): Promise<AlertRecord | null> {
      let rows = db.selectFrom("alert").selectAll().where("user_id", "=", userId).where("id", "=", id);
      if (maker !== null) rows = rows.where(ofMaker(userId, maker));
      const row = await rows.executeTakeFirst();
      return row ? recordOf(row) : null;
    },

    /** Keys of which there are alerts, those with the newest first, up to a bound. */
    async keyIds(userId: string, maker: string | null = null): Promise<string[]> {
      let alerts = db
        .selectFrom("alert")
        .select(["key_id", (eb) => eb.fn.max("id").as("newest")])
        .where("user_id", "=", userId)
        .where("key_id", "is not", null);
      if (maker !== null) alerts = alerts.where(ofMaker(userId, maker));
      const rows = await alerts.groupBy("key_id").orderBy("newest", "desc").limit(MOST_KEYS).execute();
      return rows.flatMap(({ key_id }) => key_id ?? []);
    },

    /** Whether an open alert has frozen this key by itself. */
    async hasFrozen({ userId, id }: { userId: string; id: string }): Promise<boolean> {
      const open = await db
        .selectFrom("alert")
        .select("facts")
        .where("user_id", "=", userId)
        .where("key_id", "=", id)
        .where("kind", "=", "unusual_use")
        .where("open_as", "is not", null)
        .executeTakeFirst();
      return open !== undefined && hasFrozen(factsOf(open.facts));
    },

    /** Open alerts of keys that still work, that have frozen none, and whose owner wants them to. */
    async mayFreeze(nowMs: number): Promise<AlertRecord[]> {
      const rows = await db
        .selectFrom("alert")
        .innerJoin("alert_setting", "alert_setting.user_id", "alert.user_id")
        .innerJoin("api_key", "api_key.id", "alert.key_id")
        .selectAll("alert")
        .where("alert_setting.auto_freeze", "=", 1)
        .where("api_key.disabled_at", "is", null)
        .where("api_key.deleted_at", "is", null)
        .where("alert.open_as", "is not", null)
        .where("alert.kind", "=", "unusual_use")
        .where("alert.level", "=", "alert")
        .where("alert.happened_at", ">", nowMs - DAY_MS)
        .execute();
      return rows.map(recordOf).filter(({ facts }) => !hasFrozen(facts));
    },

    async countOpen(userId: string, maker: string | null = null): Promise<number> {
      let rows = db
        .selectFrom("alert")
        .select((eb) => eb.fn.countAll().as("count"))
        .where("user_id", "=", userId)
        .where("open_as", "is not", null);
      if (maker !== null) rows = rows.where(ofMaker(userId, maker));
      return Number((await rows.executeTakeFirstOrThrow()).count);
    },
  };
}

function ofMaker(userId: string, maker: string) {
  return sql<SqlBool>`alert.key_id in (${keysMadeBy(userId, maker)})`;
}

function answering(db: Db) {
  return {
    /** The closed alert; null when it was closed already, or is none of this person's. */
    async answer(
      userId: string,
      id: string,
      { answer, nowMs }: { answer: AlertAnswer; nowMs: number },
    ): Promise<AlertRecord | null> {
      const row = await db
        .updateTable("alert")
        .set({ answer, answered_at: nowMs, open_as: null })
        .where("id", "=", id)
        .where("user_id", "=", userId)
        .where("open_as", "is not", null)
        .returningAll()
        .executeTakeFirst();
      return row ? recordOf(row) : null;
    },

    async prune(nowMs: number): Promise<void> {
      await db
        .deleteFrom("alert")
        .where("happened_at", "<", nowMs - KEEP_MS)
        .execute();
    },
  };
}

function recordOf(row: Selectable<AlertTable>): AlertRecord {
  return {
    id: row.id,
    userId: row.user_id,
    keyId: row.key_id,
    level: row.level === "alert" ? "alert" : "notice",
    facts: factsOf(row.facts),
    isOpen: row.open_as !== null,
    times: row.times,
    createdAt: row.created_at,
    happenedAt: row.happened_at,
    answer: row.answer,
    answeredAt: row.answered_at,
  };
}

/** What this store has written itself. */
function factsOf(text: string): AlertFacts {
  const parsed = parseJson(text);
  if (!parsed.ok || !isJsonObject(parsed.value)) throw new Error("the facts of an alert cannot be read");
  return asChecked<AlertFacts>(parsed.value);
}
