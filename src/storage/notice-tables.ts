/** The tables of notices about limits, as Kysely sees them. */
import type { NanoUsd } from "../kernel/money.ts";

/** One person was told one thing of one limit in one window. */
export interface LimitNoticeTable {
  id: string;
  /** Who is told. */
  user_id: string;
  /** The row of `spend_limit`. */
  limit_id: string;
  /** The limit that held then: of another one the same can be told again. */
  limit_nano: NanoUsd;
  /** How much was used, in percent; 0 for a forecast. */
  mark: number;
  spent_nano: NanoUsd;
  /** For a forecast: when nothing will be left. */
  ends_at: number | null;
  created_at: number;
  /** 1 when a mail is to say it, or has. */
  by_mail: number;
  mailed_at: number | null;
  dismissed_at: number | null;
}

/** What somebody wants to be told, as 1 and 0; without a row everything. */
export interface NoticeSettingTable {
  user_id: string;
  mail: number;
  dashboard: number;
  forecast: number;
}
