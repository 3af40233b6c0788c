/**
 * Checks the ledger's invariants on one moment of the database, while everything goes on. Reads and changes nothing.
 *
 * The numbers are those of docs/ledger.md. Looked at in full, every row counts; else the newest rows and whatever is in
 * motion, so that a check costs the same however much there is.
 */
import { Database } from "bun:sqlite";
import { Kysely, sql } from "kysely";
import type { Storage } from "../../open.ts";
import { PlainIntegers } from "../../plain-integers.ts";
import type { Schema } from "../../schema.ts";
import { sqliteDialect } from "../../sqlite.ts";
import { booksChecks } from "./books-checks.ts";
import type { Check, CheckPlace } from "./check.ts";
import { limitsChecks } from "./limits-checks.ts";
import { usageChecks } from "./usage-checks.ts";

export interface Breach {
  /** Which invariant: "I1" to "I11". */
  invariant: string;
  /** What breaks it, for the operator. */
  text: string;
}

export interface Verdict {
  isFull: boolean;
  breaches: Breach[];
}

/** Up to so many records and transfers a check without other wishes looks at all of them. */
const SMALL = 20_000;

const CHECKS: readonly Check[] = [...booksChecks, ...limitsChecks, ...usageChecks];

/** `isFull` left out, a small database is checked in full. */
export function verifyLedger(storage: Pick<Storage, "db" | "engine" | "file">, isFull?: boolean): Promise<Verdict> {
  return atOneMoment(storage, async (db) => {
    const place: CheckPlace = { db, engine: storage.engine, isFull: isFull ?? (await isSmall(db)) };
    const breaches: Breach[] = [];
    for (const { id, breaches: find } of CHECKS) {
      for (const text of await find(place)) breaches.push({ invariant: id, text });
    }
    return { isFull: place.isFull, breaches };
  });
}

/** Nothing is counted further than it takes to know. */
async function isSmall(db: Kysely<Schema>): Promise<boolean> {
  const { rows } = await sql<{ rows_there: number }>`
    select (select count(*) from (select 1 from usage limit ${SMALL + 1}) as u)
      + (select count(*) from (select 1 from transfer limit ${SMALL + 1}) as t) as rows_there`.execute(db);
  return (rows[0]?.rows_there ?? 0) <= SMALL;
}

/** A snapshot that no writer waits for. */
async function atOneMoment<Result>(
  { db, file }: Pick<Storage, "db" | "file">,
  look: (db: Kysely<Schema>) => Promise<Result>,
): Promise<Result> {
  if (file === null) return db.transaction().setIsolationLevel("repeatable read").execute(look);
  const database = new Database(file, { readonly: true, safeIntegers: true });
  const reader = new Kysely<Schema>({ dialect: sqliteDialect(database), plugins: [new PlainIntegers()] });
  try {
    await sql`begin deferred`.execute(reader);
    return await look(reader);
  } finally {
    await reader.destroy();
  }
}
