/** The tables of watching and alerts, as Kysely sees them. */
import type { NanoUsd } from "../kernel/money.ts";

/** What processes have summed up and nobody has judged yet. */
export interface WatchUseTable {
  id: string;
  key_id: string;
  at: number;
  network: string | null;
  program: string | null;
  /** Empty for calls that were all refused. */
  model: string;
  calls: number;
  cost_nano: NanoUsd;
  refused: number;
  code: string | null;
  /** 1 where the owner has said that what happened until now is usual: nothing else of the row counts then. */
  learn: number;
}

/** What is remembered of one key. */
export interface WatchProfileTable {
  key_id: string;
  /** JSON, as src/watch writes it. */
  state: string;
  updated_at: number;
}

/** Which process judges, until when; and how far it has read the audit log. One row. */
export interface WatchJudgeTable {
  id: number;
  holder: string;
  until: number;
  audit_seq: number;
}

export interface AlertTable {
  id: string;
  user_id: string;
  /** Null for what concerns the account. */
  key_id: string | null;
  kind: string;
  level: string;
  /** JSON, as kernel/alerts/facts.ts has it. */
  facts: string;
  /** What there may be only one open alert of; null once it is answered. */
  open_as: string | null;
  /** How often it has happened. */
  times: number;
  created_at: number;
  happened_at: number;
  /** When its owner was last told. */
  told_at: number;
  answer: string | null;
  answered_at: number | null;
}

/** A message that waits to be delivered, or was given up: delivered ones are deleted. */
export interface AlertDeliveryTable {
  id: string;
  user_id: string;
  channel: string;
  /** JSON: what happened, without any secret. */
  event: string;
  created_at: number;
  attempts: number;
  /** Null once it was given up. */
  next_attempt_at: number | null;
  last_error: string | null;
}

/** What somebody wants to be told and done; without a row mail for everything, and nothing is frozen. */
export interface AlertSettingTable {
  user_id: string;
  mail: number;
  auto_freeze: number;
  /** The kinds that are not told, with commas between them. */
  muted: string;
}

export interface AlertChannelTable {
  user_id: string;
  channel: string;
  /** What may be shown: a host, or the id of a chat. */
  shown: string;
  /** Address and secret, sealed. */
  sealed: string;
  updated_at: number;
  delivered_at: number | null;
  failed_at: number | null;
  last_error: string | null;
}
