/** What can be done to the books, and what comes of it. Many commands share one transaction. */
import type { NanoUsd } from "../../kernel/money.ts";
import type { SpendLimit } from "../../kernel/spend-limit.ts";
import type { UsageRow } from "../schema.ts";

/** A hold as the process that has it knows it: enough to end it. */
export interface HeldMoney {
  requestId: string;
  keyId: string;
  userId: string;
  startedAtMs: number;
  grantedNano: NanoUsd;
  /** The lease that it was taken from, or null. */
  leaseId: string | null;
  /** The limit rows in whose `pending_nano` it stands. */
  limitIds: readonly string[];
}

export interface ReserveCommand {
  kind: "reserve";
  requestId: string;
  keyId: string;
  userId: string;
  processId: string;
  startedAtMs: number;
  wantNano: NanoUsd;
  leastNano: NanoUsd;
  /** Asks for a lease (or a larger one) instead, if there is enough; null where none is wanted. */
  lease: LeaseWish | null;
}

export interface LeaseWish {
  leaseId: string;
  /** One more than the number of changes that the process has made to it. */
  serial: number;
  /** What all calls that wait for it need together. */
  waitingNano: NanoUsd;
  /** What the process knows of the limits. A lease is given only while that is true. */
  limits: readonly SpendLimit[];
}

/** What a running call has cost so far. */
export interface ProgressMark {
  hold: HeldMoney;
  costNano: NanoUsd;
  /** The usage row as of now, by `packRows`. */
  draft: string;
}

export type Command =
  | { kind: "settle"; row: UsageRow; hold: HeldMoney | null }
  | ReserveCommand
  | { kind: "release"; hold: HeldMoney }
  | { kind: "giveBack"; leaseId: string; limitIds: readonly string[]; serial: number; nano: NanoUsd }
  | { kind: "pulse"; processId: string; marks: readonly ProgressMark[] }
  /** For what a dead process left behind. */
  | { kind: "expire"; hold: HeldMoney }
  | { kind: "expireLease"; leaseId: string; limitIds: readonly string[] };

export type Outcome =
  /** `leftNano` is what the tightest limit of the hold has left; null without a limit. */
  | { kind: "settled"; chargedNano: NanoUsd | null; lossNano: NanoUsd; leftNano: NanoUsd | null }
  | { kind: "held"; grantedNano: NanoUsd; limitIds: readonly string[]; leftNano: NanoUsd | null }
  | { kind: "leased"; addedNano: NanoUsd; limitIds: readonly string[] }
  /** `heldNano` is set aside for running calls in the named limit, where nothing else is in the way; else zero. */
  | { kind: "refused"; limit: SpendLimit; leftNano: NanoUsd; heldNano: NanoUsd; resetsAtMs: number | null }
  /** The request has been held before, and that has ended. */
  | { kind: "ended" }
  /** There is no such key. */
  | { kind: "noKey" }
  /** The process was taken for dead, and what it held was given to others. */
  | { kind: "dead" }
  | { kind: "done" };
