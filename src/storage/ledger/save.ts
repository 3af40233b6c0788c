/** Writes back what a batch of commands has changed. */
import type { Books, LeaseRow, ReservationRow } from "./books.ts";
import { type Conversation, type Dialect, query, rowsParameter } from "./conversation.ts";

type Columns = Record<string, "text" | "bigint">;

const LIMIT: Columns = {
  id: "text",
  posted_nano: "bigint",
  pending_nano: "bigint",
  lim_nano: "bigint",
  ceiling_nano: "bigint",
};
const PROCESS: Columns = { id: "text", beat: "bigint", state: "text" };
const LEASE: Columns = {
  id: "text",
  process_id: "text",
  limits: "text",
  amount_nano: "bigint",
  added_nano: "bigint",
  serial: "bigint",
  state: "text",
  created_at: "bigint",
};
const RESERVATION: Columns = {
  request_id: "text",
  state: "text",
  process_id: "text",
  lease_id: "text",
  limits: "text",
  key_id: "text",
  user_id: "text",
  granted_nano: "bigint",
  progress_nano: "bigint",
  draft: "text",
  started_at: "bigint",
  ended_at: "bigint",
};
const TRANSFER: Columns = {
  id: "text",
  kind: "text",
  request_id: "text",
  user_id: "text",
  usage_id: "text",
  reverses: "text",
  actor_id: "text",
  note: "text",
  created_at: "bigint",
};
const POSTING: Columns = {
  transfer_id: "text",
  account_id: "text",
  kind: "text",
  amount_nano: "bigint",
  balance_nano: "bigint",
  version: "bigint",
  created_at: "bigint",
};
const BALANCE: Columns = { account_id: "text", balance_nano: "bigint", version: "bigint" };

export function* save(dialect: Dialect, books: Books): Conversation<void> {
  yield* insert(dialect, "ledger_process", {
    columns: { ...PROCESS, started_at: "bigint" },
    rows: books.processes.made().map((row) => ({ ...row, started_at: books.nowMs })),
  });
  yield* update(dialect, "ledger_process", { columns: PROCESS, rows: books.processes.changed() });
  yield* update(dialect, "spend_limit", { columns: LIMIT, rows: books.limits.changed() });
  yield* insert(dialect, "lease", { columns: LEASE, rows: books.leases.made().map(withLimitText) });
  yield* update(dialect, "lease", {
    columns: { id: "text", amount_nano: "bigint", added_nano: "bigint", serial: "bigint", state: "text" },
    rows: books.leases.changed(),
  });
  yield* insert(dialect, "reservation", { columns: RESERVATION, rows: books.reservations.made().map(withLimitText) });
  yield* update(dialect, "reservation", {
    columns: { request_id: "text", state: "text", progress_nano: "bigint", draft: "text", ended_at: "bigint" },
    rows: books.reservations.changed(),
  });
  yield* insert(dialect, "transfer", { columns: TRANSFER, rows: books.transfers });
  yield* insert(dialect, "posting", { columns: POSTING, rows: books.postings });
  yield* insert(dialect, "balance", { columns: BALANCE, rows: books.balances.made() });
  yield* update(dialect, "balance", { columns: BALANCE, rows: books.balances.changed() });
}

function withLimitText<Row extends LeaseRow | ReservationRow>({ limitIds, ...row }: Row) {
  return { ...row, limits: JSON.stringify(limitIds) };
}

interface Rows {
  /** The first is the key. */
  columns: Columns;
  rows: readonly object[];
}

function* insert(dialect: Dialect, table: string, { columns, rows }: Rows): Conversation<void> {
  if (rows.length === 0) return;
  const names = Object.keys(columns).join(", ");
  yield* query(`insert into ${table} (${names}) select ${names} from ${dialect.rows(columns)}`, rowsParameter(rows));
}

function* update(dialect: Dialect, table: string, { columns, rows }: Rows): Conversation<void> {
  if (rows.length === 0) return;
  const [key, ...others] = Object.keys(columns);
  const changes = others.map((name) => `${name} = v.${name}`).join(", ");
  const sql = `update ${table} set ${changes} from ${dialect.rows(columns)} where ${table}.${key} = v.${key}`;
  yield* query(sql, rowsParameter(rows));
}
