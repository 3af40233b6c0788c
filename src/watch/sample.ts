/** What is watched of a call, and what is said when something is unusual. Types only. */

export interface Sample {
  /** Epoch milliseconds. */
  atMs: number;
  keyId: string;
  /** The client's address, or null where it is unknown. */
  address: string | null;
  /** `author/slug` of what answered, or what was asked for. */
  model: string;
  /** US dollars. Statistics, not money: a double is enough. */
  costUsd: number;
  userAgent: string | null;
}

/** Independent ways to notice that a key is not used as usual: how much, and by whom. */
export type EvidenceKind = "volume" | "identity";

/** One unusual thing, with what is usual and what is happening now, so that a person can judge it. */
export type Evidence =
  | { what: "day-spend"; points: number; usualUsd: number; nowUsd: number }
  | { what: "hour-spend"; points: number; usualUsd: number; nowUsd: number }
  | { what: "hour-calls"; points: number; usual: number; now: number }
  /** `share` of the spending of the last hours, 0 to 1. */
  | { what: "new-network"; points: number; names: readonly string[]; share: number; usual: readonly string[] }
  | { what: "new-program"; points: number; names: readonly string[]; share: number; usual: readonly string[] }
  | { what: "new-model"; points: number; names: readonly string[]; share: number; usual: readonly string[] }
  | { what: "many-networks"; points: number; usual: number; now: number }
  | { what: "odd-hours"; points: number; share: number };

/** `notice` belongs on the dashboard and in a digest, `alert` is worth a mail. */
export type Level = "quiet" | "notice" | "alert";

export interface Verdict {
  level: Level;
  score: number;
  evidence: readonly Evidence[];
}
