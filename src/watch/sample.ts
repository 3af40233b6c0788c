/** What is watched of calls, and what is said when something is unusual. Types only. */
import type { Evidence } from "../kernel/alerts/facts.ts";

/** One call, when it is over. */
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

/** A call that was refused although it named a key. */
export interface Refusal {
  atMs: number;
  keyId: string;
  address: string | null;
  /** The code of the error. */
  code: string;
}

/** What a key was used for within a few seconds, by one program from one network: all that is ever kept of calls. */
export interface Use {
  keyId: string;
  /** Of the last call. */
  atMs: number;
  /** Null where it is unknown. */
  network: string | null;
  program: string | null;
  /** Empty for calls that were all refused. */
  model: string;
  calls: number;
  costUsd: number;
  refused: number;
  /** Why the last of them was refused. */
  code: string | null;
}

/** Independent ways to notice that a key is not used as usual: how much, and by whom. */
export type EvidenceKind = "volume" | "identity";

/** `notice` belongs on the dashboard and in a digest, `alert` is worth a mail. */
export type Level = "quiet" | "notice" | "alert";

export interface Verdict {
  level: Level;
  score: number;
  evidence: readonly Evidence[];
}
