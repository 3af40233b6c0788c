/**
 * Looks at a database for `gapura doctor`: nothing is created, migrated or repaired. What stops the look itself (no
 * database file, no connection, a wrong password) is thrown as the driver says it.
 */
import { Database } from "bun:sqlite";
import { existsSync, statSync } from "node:fs";
import { Kysely, sql } from "kysely";
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
export async function inspectProviderKeys(place: StorageOptions): Promise<ProviderKeyRow[] | null> {
  if (place.databaseUrl === undefined && !existsSync(sqliteFile(place.dataDir))) return null;
  const db = openUnmigrated(place);
  try {
    const state = await schemaState(db, place.databaseUrl === undefined ? "sqlite" : "postgres");
    if (!state.applied.includes("0004-provider-keys")) return null;
    return await db.selectFrom("provider_key").selectAll().orderBy("created_at").orderBy("id").execute();
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
