/** The tables of the ledger, as Kysely sees them; `../schema.ts` says how their columns come back. */
import type { NanoUsd } from "../../kernel/money.ts";

/** A budget of the instance or of an account, for one way of beginning anew, as one of them has set it. */
export interface BudgetTable {
  /** "instance" or "account". */
  scope: string;
  /** The account; empty for the instance. */
  owner_id: string;
  /** "daily", "weekly", "monthly" or "total". */
  reset: string;
  /** "owner" for the owner of the instance, "self" for the account itself. The lesser of the two holds. */
  set_by: string;
  limit_nano: NanoUsd;
  updated_at: number;
}

/** How an account pays; without a row it is unmetered. */
export interface BillingTable {
  user_id: string;
  /** "prepaid" or "unmetered". */
  mode: string;
  updated_at: number;
}

/** The answer to a request that must not happen twice, kept under the name that its sender gave it. */
export interface IdempotentAnswerTable {
  principal: string;
  name: string;
  request_hash: string;
  /** JSON. */
  answer: string;
  created_at: number;
}

/** What is left of one limit in one window: `lim - posted - pending`. The authority for every reservation. */
export interface SpendLimitTable {
  /** `scope/owner/reset/first day`. */
  id: string;
  /** "instance", "account", "credit" or "key". */
  scope: string;
  owner_id: string;
  /** "daily", "weekly", "monthly" or "total". */
  reset: string;
  /** The window's first day since 1970-01-01 UTC; -1 for all time. */
  first_day: number;
  /** What was charged in the window: always what the usage rows say, for credit what was paid from it. */
  posted_nano: NanoUsd;
  /** What is set aside: held reservations and open leases. */
  pending_nano: NanoUsd;
  lim_nano: NanoUsd;
  /** What `posted + pending` could ever have reached by the rules; for the check that it never went beyond. */
  ceiling_nano: NanoUsd;
}

/** A slice of limits that one process reserves from in memory. */
export interface LeaseTable {
  id: string;
  process_id: string;
  /** JSON: ids of the limit rows in whose `pending_nano` it stands. */
  limits: string;
  /** What of it is neither charged nor given back. */
  amount_nano: NanoUsd;
  /** What its last growth added. */
  added_nano: NanoUsd;
  /** Counts the process's own changes, so that none is made twice. */
  serial: number;
  /** "open", "closed" while it is empty, or "expired" for ever. */
  state: string;
  created_at: number;
}

/** Money set aside for one call. Leaves "held" exactly once. */
export interface ReservationTable {
  request_id: string;
  /** "held", "posted", "voided" or "expired". */
  state: string;
  process_id: string;
  /** The lease whose money it is; null when it stands in `pending_nano` by itself. */
  lease_id: string | null;
  limits: string;
  key_id: string;
  user_id: string;
  granted_nano: NanoUsd;
  /** What the answer had cost at the last mark. */
  progress_nano: NanoUsd;
  /** JSON: the usage row as of the last mark, for a process that dies. */
  draft: string | null;
  started_at: number;
  ended_at: number | null;
}

/** A process that holds money. It is dead when `beat` stands still. */
export interface LedgerProcessTable {
  id: string;
  beat: number;
  /** "alive" or "dead". */
  state: string;
  started_at: number;
}

/** One movement of money; its postings add up to zero. Append-only. */
export interface TransferTable {
  id: string;
  /** "top_up", "grant", "refund", "charge", "loss" or "correction". */
  kind: string;
  /** What must not be moved twice: the request, or the name of the top-up. Unique for each kind. */
  request_id: string;
  user_id: string;
  /** The generation that was charged. */
  usage_id: string | null;
  reverses: string | null;
  /** Who did it; null for the gateway itself. */
  actor_id: string | null;
  note: string | null;
  created_at: number;
}

/** One side of a transfer. Append-only. */
export interface PostingTable {
  transfer_id: string;
  /** `user:…`, or one of the house's own accounts. */
  account_id: string;
  /** The transfer's. */
  kind: string;
  amount_nano: NanoUsd;
  /** The account's balance after it. */
  balance_nano: NanoUsd;
  /** Counts the postings of the account. */
  version: number;
  created_at: number;
}

/** The sum of an account's postings, kept with them. */
export interface BalanceTable {
  account_id: string;
  balance_nano: NanoUsd;
  version: number;
}
