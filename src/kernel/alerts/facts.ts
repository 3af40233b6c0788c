/** What an alert says, as parts: what kind it is, and the numbers and names behind it. Its sentences are made from them. */

/** What is kept as an alert and waits for an answer. */
export const ALERT_KINDS = [
  "unusual_use",
  "refused_burst",
  "dormant_key",
  "address_refused",
  "leak_report",
  "new_device",
  "limits_changed",
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

/** A `notice` stands on the dashboard; an `alert` is worth a message. */
export const ALERT_LEVELS = ["notice", "alert"] as const;
export type AlertLevel = (typeof ALERT_LEVELS)[number];

/** What somebody did about an alert. */
export const ALERT_ANSWERS = ["me", "freeze", "rotate", "limit"] as const;
export type AlertAnswer = (typeof ALERT_ANSWERS)[number];

/** Where messages go beside mail, which needs nothing to be set. */
export const ALERT_CHANNELS = ["webhook", "slack", "telegram"] as const;
export type AlertChannel = (typeof ALERT_CHANNELS)[number];

/** One unusual thing, with what is usual and what is happening now, so that a person can judge it. */
export type Evidence =
  | { what: "day-spend"; points: number; usualUsd: number; nowUsd: number }
  | { what: "hour-spend"; points: number; usualUsd: number; nowUsd: number }
  | { what: "hour-calls"; points: number; usual: number; now: number }
  /** `share` of the spending of the last hours, 0 to 1. */
  | { what: NewThing; points: number; names: string[]; share: number; usual: string[] }
  | { what: "many-networks"; points: number; usual: number; now: number }
  | { what: "odd-hours"; points: number; share: number };

export type NewThing = "new-network" | "new-program" | "new-model";

/** One limit that somebody else has changed; null for none. */
export interface LimitChange {
  field: string;
  before: string | null;
  after: string | null;
}

export type AlertFacts =
  | {
      kind: "unusual_use";
      score: number;
      evidence: Evidence[];
      /** Whether the key was frozen by itself for it. */
      isFrozen: boolean;
      /** How long the first of its limits lasts at this pace, where that is less than an hour. */
      limitLastsMinutes?: number | undefined;
    }
  | { kind: "refused_burst"; count: number; minutes: number; code: string; networks: string[] }
  /** `network` is null where it is not known. */
  | { kind: "dormant_key"; idleDays: number; network: string | null }
  /** Whose list did not hold the address; null for an address that could not be told. */
  | { kind: "address_refused"; address: string | null; list: "key" | "account" }
  | { kind: "leak_report"; foundAt: string | null }
  | { kind: "new_device"; address: string | null; isNewDevice: boolean }
  | { kind: "limits_changed"; by: "owner" | "management_key"; changes: LimitChange[] };
