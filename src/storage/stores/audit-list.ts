/**
 * Pages of the audit log.
 *
 * Invariant: what concerns one account is found through the indexes, so that whoever has few rows cannot make the whole log
 * be read, which would hold up everybody else.
 */
import { sql } from "kysely";
import type { Db } from "../open.ts";
import type { AuditRow } from "./audit-chain.ts";

export interface AuditFilter {
  /** Rows with a smaller number: the last of the page before. */
  beforeSeq?: number | undefined;
  action?: string | undefined;
  actorId?: string | undefined;
  targetId?: string | undefined;
  /** Only what this account or one of its keys did, or what was done to them. */
  concerns?: string | undefined;
  /** Rows with a greater number, the smallest first: for reading all of it in order. */
  afterSeq?: number | undefined;
  /** Inclusive, epoch milliseconds. */
  fromMs?: number | undefined;
  /** Exclusive, epoch milliseconds. */
  toMs?: number | undefined;
  limit: number;
}

export function listAudit(db: Db, filter: AuditFilter): Promise<AuditRow[]> {
  const { concerns } = filter;
  return concerns === undefined
    ? page(matching(db, filter), filter).execute()
    : concerning(db, filter, concerns).execute();
}

function matching(db: Db, { beforeSeq, afterSeq, action, actorId, targetId, fromMs, toMs }: AuditFilter) {
  let rows = db.selectFrom("audit").selectAll("audit");
  if (beforeSeq !== undefined) rows = rows.where("audit.seq", "<", beforeSeq);
  if (afterSeq !== undefined) rows = rows.where("audit.seq", ">", afterSeq);
  if (action !== undefined) rows = rows.where("action", "=", action);
  if (actorId !== undefined) rows = rows.where("actor_id", "=", actorId);
  if (targetId !== undefined) rows = rows.where("target_id", "=", targetId);
  if (fromMs !== undefined) rows = rows.where("at", ">=", fromMs);
  if (toMs !== undefined) rows = rows.where("at", "<", toMs);
  return rows;
}

type Matching = ReturnType<typeof matching>;

function page(rows: Matching, filter: AuditFilter): Matching {
  return rows.orderBy("audit.seq", directionOf(filter)).limit(filter.limit);
}

function directionOf({ afterSeq }: AuditFilter): "asc" | "desc" {
  return afterSeq === undefined ? "desc" : "asc";
}

/** A branch for each index, each with no more rows than are wanted. */
export function concerning(db: Db, filter: AuditFilter, userId: string) {
  const keys = db.selectFrom("api_key").select("api_key.id").where("api_key.user_id", "=", userId);
  // Else the order would be taken from the index of all rows, and the keys be looked for in it.
  const pageOfThings = (rows: Matching) => rows.orderBy(sql`audit.seq + 0`, directionOf(filter)).limit(filter.limit);
  const byAccount = page(matching(db, filter).where("actor_id", "=", userId), filter);
  const toAccount = page(
    matching(db, filter).where("target_kind", "=", "account").where("target_id", "=", userId),
    filter,
  );
  const byKeys = pageOfThings(matching(db, filter).where("actor_kind", "=", "key").where("actor_id", "in", keys));
  const toKeys = pageOfThings(matching(db, filter).where("target_kind", "=", "key").where("target_id", "in", keys));
  const alerts = db.selectFrom("alert").select("alert.id").where("alert.user_id", "=", userId);
  const toAlerts = pageOfThings(
    matching(db, filter).where("target_kind", "=", "alert").where("target_id", "in", alerts),
  );
  const all = db
    .selectFrom(byAccount.as("branch"))
    .selectAll()
    .union(db.selectFrom(toAccount.as("branch")).selectAll())
    .union(db.selectFrom(byKeys.as("branch")).selectAll())
    .union(db.selectFrom(toKeys.as("branch")).selectAll())
    .union(db.selectFrom(toAlerts.as("branch")).selectAll());
  return db.selectFrom(all.as("found")).selectAll().orderBy("seq", directionOf(filter)).limit(filter.limit);
}
