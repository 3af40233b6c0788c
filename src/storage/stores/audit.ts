/**
 * The audit log: who changed what, when, from where, and what it was before. Rows are only ever added; the database
 * itself refuses to change or delete them, and `audit-chain.ts` makes it show when somebody does it all the same.
 *
 * Invariants: an entry that is recorded within a transaction is there exactly when its change is; entries have numbers
 * without gaps, in the order of their commits. The row of `audit_head` is the lock for that, so an entry is recorded as
 * the last thing in its transaction.
 * Failure mode: what cannot be recorded rejects, and takes the change of its transaction with it.
 */
import type { AuditEntry } from "../../kernel/audit.ts";
import { withoutSecrets } from "../../kernel/audit.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { JsonObject } from "../../kernel/json.ts";
import type { Secret } from "../../kernel/secret.ts";
import type { Db } from "../open.ts";
import { inTransaction } from "../transaction.ts";
import { type AuditKeys, type AuditRow, auditKeys, rowHash } from "./audit-chain.ts";
import { type AuditFilter, listAudit } from "./audit-list.ts";
import { type AuditReport, type VerifyOptions, verifyAudit } from "./audit-verify.ts";

const HEAD_ID = 1;

/** Records an entry within the transaction that it was given for. */
export type RecordEntry = (entry: AuditEntry) => Promise<void>;

export interface AuditHead {
  seq: number;
  hash: string;
}

export type AuditStore = ReturnType<typeof createAuditStore>;

export function createAuditStore(db: Db, { secret, clock }: { secret: Secret; clock: Clock }) {
  const keys = auditKeys(secret);
  return {
    keys,

    /** Adds an entry, in the transaction that `within` is, or in one of its own. */
    record: (entry: AuditEntry, within: Db = db): Promise<void> =>
      inTransaction(within, (transaction) => append(transaction, { keys, clock }, entry)),

    /** A change and its entries: all or nothing. `work` uses the database that it is given, and no other. */
    together: <Result>(work: (db: Db, record: RecordEntry) => Promise<Result>): Promise<Result> =>
      inTransaction(db, (transaction) => work(transaction, (entry) => append(transaction, { keys, clock }, entry))),

    /** Newest first. */
    list: (filter: AuditFilter): Promise<AuditRow[]> => listAudit(db, filter),

    head: (): Promise<AuditHead> =>
      db.selectFrom("audit_head").select(["seq", "hash"]).where("id", "=", HEAD_ID).executeTakeFirstOrThrow(),

    verify: (options: VerifyOptions = {}): Promise<AuditReport> => verifyAudit(db, keys, options),
  };
}

async function append(db: Db, { keys, clock }: { keys: AuditKeys; clock: Clock }, entry: AuditEntry): Promise<void> {
  const head = await db
    .updateTable("audit_head")
    .set((eb) => ({ seq: eb("seq", "+", 1) }))
    .where("id", "=", HEAD_ID)
    .returning(["seq", "hash"])
    .executeTakeFirstOrThrow();
  const row = {
    seq: head.seq,
    at: clock.nowMs(),
    actor_kind: entry.actor.kind,
    actor_id: entry.actor.id,
    address: entry.actor.address ?? null,
    action: entry.action,
    target_kind: entry.target.kind,
    target_id: entry.target.id,
    before: factsText(entry.before),
    after: factsText(entry.after),
    key_id: keys.id,
  };
  const hash = rowHash(keys, row, head.hash);
  await db
    .insertInto("audit")
    .values({ ...row, hash })
    .execute();
  await db.updateTable("audit_head").set({ hash }).where("id", "=", HEAD_ID).execute();
}

function factsText(facts: JsonObject | null | undefined): string | null {
  return facts === null || facts === undefined ? null : JSON.stringify(withoutSecrets(facts));
}
