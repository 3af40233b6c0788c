/** What was moved on a prepaid account, each with the balance after it. */
import type { NanoUsd } from "../../kernel/money.ts";
import type { Db } from "../open.ts";
import { userAccount } from "./movements.ts";

export interface StatementFilter {
  kind?: string | undefined;
  fromMs?: number | undefined;
  /** The first millisecond that is left out. */
  toMs?: number | undefined;
}

export interface StatementEntry {
  transferId: string;
  kind: string;
  createdAtMs: number;
  /** Above zero where the account got something. */
  amountNano: NanoUsd;
  balanceNano: NanoUsd;
  /** The request that was charged and its generation; null for everything else. */
  requestId: string | null;
  usageId: string | null;
  note: string | null;
  /** Null for the gateway itself and the command line. */
  actorId: string | null;
}

export interface StatementPage {
  entries: StatementEntry[];
  /** Null at the end. */
  nextCursor: string | null;
}

/** How many rows an export has in memory at once. */
const PORTION = 1_000;

export type StatementStore = ReturnType<typeof createStatementStore>;

export function createStatementStore(db: Db) {
  return {
    /** Newest first. A cursor that cannot be read begins at the beginning. */
    async page(
      userId: string,
      { cursor, limit, ...filter }: StatementFilter & { cursor?: string | undefined; limit: number },
    ): Promise<StatementPage> {
      const before = /^\d{1,15}$/.test(cursor ?? "") ? Number(cursor) : Number.MAX_SAFE_INTEGER;
      const rows = await entries(db, userId, filter)
        .where("posting.version", "<", before)
        .orderBy("posting.version", "desc")
        .limit(limit + 1)
        .execute();
      const shown = rows.slice(0, limit);
      const last = shown.at(-1);
      return { entries: shown.map(entryOf), nextCursor: rows.length > limit && last ? String(last.version) : null };
    },

    /** All of it, oldest first, in portions. */
    async *all(userId: string, filter: StatementFilter): AsyncGenerator<StatementEntry[]> {
      for (let after = 0; ; ) {
        const rows = await entries(db, userId, filter)
          .where("posting.version", ">", after)
          .orderBy("posting.version")
          .limit(PORTION)
          .execute();
        if (rows.length > 0) yield rows.map(entryOf);
        const last = rows.at(-1);
        if (rows.length < PORTION || !last) return;
        after = last.version;
      }
    },

    async balance(userId: string): Promise<NanoUsd> {
      const row = await db
        .selectFrom("balance")
        .select("balance_nano")
        .where("account_id", "=", userAccount(userId))
        .executeTakeFirst();
      return row?.balance_nano ?? 0n;
    },
  };
}

function entries(db: Db, userId: string, { kind, fromMs, toMs }: StatementFilter) {
  let found = db
    .selectFrom("posting")
    .innerJoin("transfer", "transfer.id", "posting.transfer_id")
    .select([
      "transfer.id",
      "transfer.kind",
      "transfer.created_at",
      "posting.amount_nano",
      "posting.balance_nano",
      "posting.version",
      "transfer.request_id",
      "transfer.usage_id",
      "transfer.note",
      "transfer.actor_id",
    ])
    .where("posting.account_id", "=", userAccount(userId));
  if (kind !== undefined) found = found.where("posting.kind", "=", kind);
  if (fromMs !== undefined) found = found.where("posting.created_at", ">=", fromMs);
  if (toMs !== undefined) found = found.where("posting.created_at", "<", toMs);
  return found;
}

interface EntryRow {
  id: string;
  kind: string;
  created_at: number;
  amount_nano: NanoUsd;
  balance_nano: NanoUsd;
  version: number;
  request_id: string;
  usage_id: string | null;
  note: string | null;
  actor_id: string | null;
}

function entryOf(row: EntryRow): StatementEntry {
  return {
    transferId: row.id,
    kind: row.kind,
    createdAtMs: row.created_at,
    amountNano: row.amount_nano,
    balanceNano: row.balance_nano,
    requestId: row.usage_id === null ? null : row.request_id,
    usageId: row.usage_id,
    note: row.note,
    actorId: row.actor_id,
  };
}
