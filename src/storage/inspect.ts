/**
 * Looks at a database for `gapura doctor`: nothing is created, migrated or repaired. What stops the look itself (no
 * database file, no connection, a wrong password) is thrown as the driver says it.
 */
import { Database } from "bun:sqlite";
import { existsSync, statSync } from "node:fs";
import { Kysely, sql } from "kysely";
import type { NanoUsd } from "../kernel/money.ts";
import { createCreditStore } from "./ledger/credits.ts";
import { type Breach, verifyLedger } from "./ledger/verify/verify.ts";
import { schemaState } from "./migrations/migrate.ts";
import type { SchemaState } from "./migrations/schema-state.ts";
import type { StorageOptions } from "./open.ts";
import { PlainIntegers } from "./plain-integers.ts";
import { openPostgres } from "./postgres.ts";
import type { ProviderKeyRow, Schema } from "./schema.ts";
import { sqliteDialect, sqliteFile } from "./sqlite.ts";

const MOST_PROBLEMS = 3;

export interface SqliteReport {
  schema: SchemaState;
  sizeBytes: number;
  /** What SQLite's complete check found, in its own words; empty when the file is whole. */
  damage: string[];
}

/** Throws when the file cannot be opened or is no database. */
export async function inspectSqlite(file: string): Promise<SqliteReport> {
  const database = new Database(file, { readwrite: true, create: false, safeIntegers: true });
  const db = new Kysely<Schema>({ dialect: sqliteDialect(database) });
  try {
    const check = database.query<{ integrity_check: string }, []>(`PRAGMA integrity_check(${MOST_PROBLEMS})`);
    const said = check.all().map((row) => row.integrity_check);
    const orphans = database.query<{ table: string }, []>("PRAGMA foreign_key_check").all();
    const damage = [
      ...said.filter((line) => line !== "ok"),
      ...orphans.map(({ table }) => `a row of ${table} lost its parent`),
    ];
    return {
      schema: await schemaState(db, "sqlite"),
      sizeBytes: statSync(file).size,
      damage: damage.slice(0, MOST_PROBLEMS),
    };
  } finally {
    await db.destroy();
  }
}

export interface PostgresReport {
  schema: SchemaState;
  /** As the server gives it: `15.4`. */
  version: string;
  /** Other connections of Gapura to this database. */
  connections: number;
}

/** Throws the driver's error when the server does not let Gapura in. */
export async function inspectPostgres(databaseUrl: string): Promise<PostgresReport> {
  const { dialect } = openPostgres(databaseUrl, () => {});
  const db = new Kysely<Schema>({ dialect, plugins: [new PlainIntegers()] });
  try {
    const { rows } = await sql<{ version: string; connections: number }>`
      select split_part(current_setting('server_version'), ' ', 1) as version, count(a.pid) as connections
      from (select 1) as one left join pg_stat_activity a
      on a.datname = current_database() and a.application_name = 'gapura' and a.pid <> pg_backend_pid()`.execute(db);
    const [row] = rows;
    const schema = await schemaState(db, "postgres");
    return { schema, version: row?.version ?? "", connections: row?.connections ?? 0 };
  } finally {
    await db.destroy();
  }
}

/** The sealed keys of providers; null when there is no database yet, or one of an older release. */
export function inspectProviderKeys(place: StorageOptions): Promise<ProviderKeyRow[] | null> {
  return lookSince("0004-provider-keys", place, (db) =>
    db.selectFrom("provider_key").selectAll().orderBy("created_at").orderBy("id").execute(),
  );
}

/** What calls since then cost beyond what had been set aside for them; null when there is no database that knows. */
export function inspectOperatorLoss(
  place: StorageOptions,
  sinceMs: number,
): Promise<{ nano: NanoUsd; requests: number } | null> {
  const engine = place.databaseUrl === undefined ? "sqlite" : "postgres";
  return lookSince("0006-ledger", place, (db) => createCreditStore({ db, engine }).operatorLoss(sinceMs));
}

/** What breaks the books, looked at in full; null when there is no database that has them as this release keeps them. */
export function inspectBooks(place: StorageOptions): Promise<readonly Breach[] | null> {
  const engine = place.databaseUrl === undefined ? "sqlite" : "postgres";
  const file = place.databaseUrl === undefined ? sqliteFile(place.dataDir) : null;
  return lookSince("0006-ledger", place, async (db) => (await verifyLedger({ db, engine, file }, true)).breaches);
}

/** Looks at a database that has this migration; null when there is none, or one of an older release. */
async function lookSince<Found>(
  migration: string,
  place: StorageOptions,
  look: (db: Kysely<Schema>) => Promise<Found>,
): Promise<Found | null> {
  if (place.databaseUrl === undefined && !existsSync(sqliteFile(place.dataDir))) return null;
  const db = openUnmigrated(place);
  try {
    const state = await schemaState(db, place.databaseUrl === undefined ? "sqlite" : "postgres");
    return state.applied.includes(migration) ? await look(db) : null;
  } finally {
    await db.destroy();
  }
}

function openUnmigrated({ dataDir, databaseUrl }: StorageOptions): Kysely<Schema> {
  const plugins = [new PlainIntegers()];
  if (databaseUrl !== undefined)
    return new Kysely<Schema>({ dialect: openPostgres(databaseUrl, () => {}).dialect, plugins });
  const database = new Database(sqliteFile(dataDir), { readwrite: true, create: false, safeIntegers: true });
  return new Kysely<Schema>({ dialect: sqliteDialect(database), plugins });
}
