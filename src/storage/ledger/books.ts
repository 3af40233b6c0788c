/** The rows that a batch of commands works on, in memory, with a note of what has to be written back. */
import type { Selectable } from "kysely";
import { lesserOf, type NanoUsd } from "../../kernel/money.ts";
import type { SpendLimit } from "../../kernel/spend-limit.ts";
import type { UsageRow } from "../schema.ts";
import type { BalanceTable, SpendLimitTable } from "./tables.ts";

export type LimitRow = Selectable<SpendLimitTable>;
export type BalanceRow = Selectable<BalanceTable>;

export interface LeaseRow {
  id: string;
  process_id: string;
  limitIds: readonly string[];
  amount_nano: NanoUsd;
  added_nano: NanoUsd;
  serial: number;
  state: "open" | "closed" | "expired";
  created_at: number;
}

export interface ReservationRow {
  request_id: string;
  state: "held" | "posted" | "voided" | "expired";
  process_id: string;
  lease_id: string | null;
  limitIds: readonly string[];
  key_id: string;
  user_id: string;
  granted_nano: NanoUsd;
  progress_nano: NanoUsd;
  draft: string | null;
  started_at: number;
  ended_at: number | null;
}

export interface ProcessRow {
  id: string;
  beat: number;
  state: "alive" | "dead";
}

/** What the database says of a key at this moment. */
export interface KeyTerms {
  keyId: string;
  userId: string;
  /** In the order of SPEND_SCOPES. For credit, what was paid in. */
  limits: readonly SpendLimit[];
}

export interface TransferRow {
  id: string;
  kind: string;
  request_id: string;
  user_id: string;
  usage_id: string | null;
  reverses: string | null;
  actor_id: string | null;
  note: string | null;
  created_at: number;
}

export interface PostingRow {
  transfer_id: string;
  account_id: string;
  kind: string;
  amount_nano: NanoUsd;
  balance_nano: NanoUsd;
  version: number;
  created_at: number;
}

/** Rows by id; `put` notes that a row is to be written. */
export class Shelf<Row extends object> {
  readonly #rows = new Map<string, Row>();
  readonly #changed = new Set<string>();
  readonly #made = new Set<string>();

  load(rows: Iterable<readonly [string, Row]>): void {
    for (const [id, row] of rows) this.#rows.set(id, row);
  }

  get(id: string): Row | undefined {
    return this.#rows.get(id);
  }

  /** Replaces a row, or makes it. */
  put(id: string, row: Row): Row {
    if (!this.#rows.has(id)) this.#made.add(id);
    else if (!this.#made.has(id)) this.#changed.add(id);
    this.#rows.set(id, row);
    return row;
  }

  made(): Row[] {
    return this.#pick(this.#made);
  }

  changed(): Row[] {
    return this.#pick(this.#changed);
  }

  #pick(ids: ReadonlySet<string>): Row[] {
    // Sorted, so that two transactions write in the same order.
    return [...ids].sort().flatMap((id) => this.#rows.get(id) ?? []);
  }
}

export interface Books {
  nowMs: number;
  terms: ReadonlyMap<string, KeyTerms>;
  limits: Shelf<LimitRow>;
  leases: Shelf<LeaseRow>;
  reservations: Shelf<ReservationRow>;
  processes: Shelf<ProcessRow>;
  balances: Shelf<BalanceRow>;
  transfers: TransferRow[];
  postings: PostingRow[];
  /** Usage rows that were inserted. */
  fresh: UsageRow[];
}

export function emptyBooks(nowMs: number): Books {
  return {
    nowMs,
    terms: new Map(),
    limits: new Shelf(),
    leases: new Shelf(),
    reservations: new Shelf(),
    processes: new Shelf(),
    balances: new Shelf(),
    transfers: [],
    postings: [],
    fresh: [],
  };
}

/** A limit row that a conversation has not loaded, because it does not exist yet. It is made in a transaction of its own. */
export class MissingLimits extends Error {
  override readonly name = "MissingLimits";
  readonly ids: readonly string[];

  constructor(ids: readonly string[]) {
    super(`limit rows are missing: ${ids.join(", ")}`);
    this.ids = ids;
  }
}

/** What is left of a limit; below zero when it was lowered. */
export function leftOf({ lim_nano, posted_nano, pending_nano }: LimitRow): NanoUsd {
  return lim_nano - posted_nano - pending_nano;
}

/** What all of these rows have left; null without a row. Rows that are not loaded do not bind. */
export function leftOfAll(books: Books, limitIds: readonly string[]): NanoUsd | null {
  let least: NanoUsd | null = null;
  for (const id of limitIds) {
    const row = books.limits.get(id);
    if (!row) continue;
    const left = leftOf(row);
    least = least === null ? left : lesserOf(least, left);
  }
  return least;
}

/** Changes `pending_nano` of all of them. */
export function addPending(books: Books, limitIds: readonly string[], nano: NanoUsd): void {
  if (nano === 0n) return;
  for (const id of limitIds) {
    const row = books.limits.get(id);
    if (row) books.limits.put(id, { ...row, pending_nano: row.pending_nano + nano });
  }
}
