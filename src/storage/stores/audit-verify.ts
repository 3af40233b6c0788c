/** Reads the whole audit log and says where it is not what was written. Reads only, in pages. */
import type { Db } from "../open.ts";
import { type AuditKeys, type AuditRow, BEGINNING, type Checkpoint, isSigned, rowHash } from "./audit-chain.ts";

const PAGE_ROWS = 2_000;
const MOST_PROBLEMS = 20;

export type AuditProblem =
  /** The row is not what was written there, or does not follow the one before it. */
  | "changed"
  /** One row or more are missing before this one. */
  | "gap"
  /** The chain ends otherwise than its head says. */
  | "head"
  /** The log is shorter, or another one, than a signed checkpoint says. */
  | "checkpoint"
  /** A checkpoint that no known secret has signed. */
  | "forged_checkpoint";

export interface AuditReport {
  /** True when every row is what was written. */
  ok: boolean;
  rows: number;
  lastHash: string;
  /** The first of them, with the number of the row. */
  problems: { seq: number; problem: AuditProblem }[];
  checkpoints: number;
  /** Rows of a secret that is not known here. Nobody can tell whether they are what was written. */
  unverifiable: number;
}

export interface VerifyOptions {
  /** The keys of secrets that were in force before. */
  olderKeys?: readonly AuditKeys[] | undefined;
  checkpoints?: readonly Checkpoint[] | undefined;
  /** The row after which to begin, with its hash; from the beginning without it. */
  after?: { seq: number; hash: string } | undefined;
}

export async function verifyAudit(db: Db, keys: AuditKeys, options: VerifyOptions): Promise<AuditReport> {
  const head = await db.selectFrom("audit_head").select(["seq", "hash"]).executeTakeFirst();
  const walk = new Walk(keys, options);
  const lastSeq = head?.seq ?? 0;
  for (;;) {
    const rows = await db
      .selectFrom("audit")
      .selectAll()
      .where("seq", ">", walk.seq)
      .where("seq", "<=", lastSeq)
      .orderBy("seq")
      .limit(PAGE_ROWS)
      .execute();
    for (const row of rows) walk.see(row);
    if (rows.length < PAGE_ROWS) break;
  }
  for (const seq of await outside(db, lastSeq)) walk.wrong(seq, "gap");
  return walk.report(head ?? { seq: 0, hash: BEGINNING });
}

/** Rows before the beginning or behind the end. What was added meanwhile lies behind the end of then, not of now. */
async function outside(db: Db, lastSeq: number): Promise<number[]> {
  const rows = await db
    .selectFrom("audit")
    .select("seq")
    .where((eb) => eb.or([eb("seq", "<", 1), eb("seq", ">", lastSeq)]))
    .orderBy("seq")
    .limit(PAGE_ROWS)
    .execute();
  const head = await db.selectFrom("audit_head").select("seq").executeTakeFirst();
  return rows.map(({ seq }) => seq).filter((seq) => seq < 1 || seq > (head?.seq ?? 0));
}

class Walk {
  seq: number;
  readonly #keys: ReadonlyMap<string, AuditKeys>;
  readonly #problems: AuditReport["problems"] = [];
  readonly #awaited: Map<number, Checkpoint[]>;
  #hash: string;
  #rows = 0;
  #unverifiable = 0;
  #checkpoints = 0;

  constructor(keys: AuditKeys, { olderKeys = [], checkpoints = [], after }: VerifyOptions) {
    this.#keys = new Map([...olderKeys, keys].map((one) => [one.id, one]));
    this.seq = after?.seq ?? 0;
    this.#hash = after?.hash ?? BEGINNING;
    this.#awaited = new Map();
    for (const checkpoint of checkpoints) this.#await(checkpoint);
    this.#meet();
  }

  see(row: AuditRow): void {
    if (row.seq !== this.seq + 1) this.wrong(row.seq, "gap");
    const keys = this.#keys.get(row.key_id);
    if (!keys) this.#unverifiable++;
    else if (rowHash(keys, row, this.#hash) !== row.hash) this.wrong(row.seq, "changed");
    this.seq = row.seq;
    this.#hash = row.hash;
    this.#rows++;
    this.#meet();
  }

  report(head: { seq: number; hash: string }): AuditReport {
    if (head.seq !== this.seq || head.hash !== this.#hash) this.wrong(head.seq, "head");
    for (const seq of this.#awaited.keys()) this.wrong(seq, "checkpoint");
    return {
      ok: this.#problems.length === 0 && this.#unverifiable === 0,
      rows: this.#rows,
      lastHash: this.#hash,
      problems: this.#problems,
      checkpoints: this.#checkpoints,
      unverifiable: this.#unverifiable,
    };
  }

  #await(checkpoint: Checkpoint): void {
    if (checkpoint.seq < this.seq) return;
    this.#checkpoints++;
    const keys = this.#keys.get(checkpoint.keyId);
    if (!keys || !isSigned(keys, checkpoint)) {
      this.wrong(checkpoint.seq, "forged_checkpoint");
      return;
    }
    this.#awaited.set(checkpoint.seq, [...(this.#awaited.get(checkpoint.seq) ?? []), checkpoint]);
  }

  /** Compares what was just read with the checkpoints that were made there. */
  #meet(): void {
    for (const { hash } of this.#awaited.get(this.seq) ?? []) {
      if (hash !== this.#hash) this.wrong(this.seq, "checkpoint");
    }
    this.#awaited.delete(this.seq);
  }

  wrong(seq: number, problem: AuditProblem): void {
    if (this.#problems.length < MOST_PROBLEMS) this.#problems.push({ seq, problem });
  }
}
