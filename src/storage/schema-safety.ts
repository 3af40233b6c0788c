/** The tables of the audit log. */

/** Who changed what. Rows are only ever added; each carries a keyed hash over itself and the one before it. */
export interface AuditTable {
  /** 1, 2, 3, without gaps. */
  seq: number;
  at: number;
  /** "person", "key", "cli" or "system". */
  actor_kind: string;
  actor_id: string | null;
  address: string | null;
  action: string;
  target_kind: string;
  target_id: string | null;
  /** JSON. */
  before: string | null;
  after: string | null;
  /** Which key made the hash. */
  key_id: string;
  hash: string;
}

/** One row: where the chain of the audit log ends. */
export interface AuditHeadTable {
  id: number;
  seq: number;
  hash: string;
}
