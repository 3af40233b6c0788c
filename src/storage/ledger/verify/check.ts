/** What every check of the ledger's invariants is made of. */
import type { Engine } from "../../engine.ts";
import type { Db } from "../../open.ts";

export interface CheckPlace {
  /** One moment of the database. */
  db: Db;
  engine: Engine;
  /** The whole books, or only what moved last. */
  isFull: boolean;
}

/** One invariant. `breaches` names what breaks it, at most MOST_BREACHES; none is what one wants to hear. */
export interface Check {
  /** As in docs/ledger.md. */
  id: string;
  breaches(place: CheckPlace): Promise<string[]>;
}

export const MOST_BREACHES = 10;
/** How many of the newest rows a check looks at when it does not look at all. */
export const SAMPLE = 2_000;
