/**
 * SQLite through `bun:sqlite`, behind Kysely's own SQLite dialect.
 *
 * Invariants: WAL with synchronous=FULL, so a commit survives a power cut; every transaction begins IMMEDIATE, so a
 * read can never fail half-way when it becomes a write; integers leave the driver as bigint (see PlainIntegers).
 * Failure modes: a damaged file is refused at start with what to do; a folder in use by another instance likewise.
 */
import { Database, type SQLQueryBindings } from "bun:sqlite";
import { chmodSync, existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SqliteDialect } from "kysely";

/** How long a writer waits for another process's commit before it gives up. */
const BUSY_TIMEOUT_MS = 5_000;
/** Files up to this size are checked whole before the first request; larger ones by `gapura doctor`. */
const CHECK_AT_START_BYTES = 64 * 1024 * 1024;

export function sqliteFile(dataDir: string): string {
  return join(dataDir, "gapura.db");
}

/** Opens (or creates) the database file with the pragmas every connection of this product uses. */
export function openSqliteFile(file: string): Database {
  const isNew = !existsSync(file);
  const database = new Database(file, { create: true, readwrite: true, safeIntegers: true });
  if (isNew) chmodSync(file, 0o600);
  database.run(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  database.run("PRAGMA journal_mode = WAL");
  database.run("PRAGMA synchronous = FULL");
  database.run("PRAGMA foreign_keys = ON");
  return database;
}

/**
 * Creates the data folder and opens its database, after a check that the file is whole.
 * Throws StorageError with a sentence for the operator when the file is no database or is damaged.
 */
export function openSqlite(dataDir: string): { dialect: SqliteDialect; database: Database } {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = sqliteFile(dataDir);
  let database: Database;
  try {
    database = openSqliteFile(file);
    if (statSync(file).size <= CHECK_AT_START_BYTES) checkIntegrity(database, file);
  } catch (error) {
    if (error instanceof StorageError) throw error;
    throw new StorageError(`The database ${file} cannot be opened: ${reasonOf(error)}. ${RESTORE_ADVICE}`);
  }
  return { dialect: new SqliteDialect({ database: asKyselyDatabase(database) }), database };
}

/** Throws StorageError when SQLite's own check finds damage. */
export function checkIntegrity(database: Database, file: string): void {
  const [row] = database.query<{ quick_check: string }, []>("PRAGMA quick_check(1)").all();
  if (row?.quick_check !== "ok") {
    throw new StorageError(`The database ${file} is damaged (${row?.quick_check ?? "no answer"}). ${RESTORE_ADVICE}`);
  }
}

/**
 * Claims the data folder for one instance until `release()` or the death of the process: the claim is an exclusive
 * lock held on a small database of its own, so the system frees it whatever happens. Worker processes of the instance
 * and the command line share the folder without claiming it.
 */
export function claimDataDir(dataDir: string): { release(): void } {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const claim = new Database(join(dataDir, "instance.lock"), { create: true });
  try {
    claim.run("PRAGMA busy_timeout = 0");
    claim.run("PRAGMA locking_mode = EXCLUSIVE");
    claim.run("BEGIN EXCLUSIVE");
  } catch {
    claim.close();
    throw new StorageError(
      `Another Gapura already uses the data folder ${dataDir}. Stop it first, or give this one its own folder with DATA_DIR.`,
    );
  }
  writeFileSync(join(dataDir, "instance.pid"), `${process.pid}\n`, { mode: 0o600 });
  return { release: () => claim.close() };
}

/** A refusal to start or to go on, in words for the operator. */
export class StorageError extends Error {
  override readonly name = "StorageError";
}

const RESTORE_ADVICE =
  "Stop Gapura, move the file away, and put back a copy made with `gapura backup` (docs/operations.md tells how).";

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The few methods that Kysely asks of a driver, over bun:sqlite's cached statements. */
function asKyselyDatabase(database: Database) {
  return {
    close: () => database.close(),
    prepare: (sql: string) => {
      const statement = database.query<unknown, SQLQueryBindings[]>(sql === "begin" ? "begin immediate" : sql);
      return {
        reader: statement.columnNames.length > 0,
        all: (parameters: readonly unknown[]) => statement.all(...bindings(parameters)),
        run: (parameters: readonly unknown[]) => statement.run(...bindings(parameters)),
        iterate: (parameters: readonly unknown[]) => statement.iterate(...bindings(parameters)),
      };
    },
  };
}

function bindings(parameters: readonly unknown[]): SQLQueryBindings[] {
  return parameters.map((value) => {
    if (value === null || value === undefined) return null;
    if (typeof value === "boolean") return value ? 1 : 0;
    if (typeof value === "string" || typeof value === "number" || typeof value === "bigint") return value;
    if (value instanceof Uint8Array) return value;
    if (value instanceof Date) return value.toISOString();
    throw new TypeError(`a ${typeof value} cannot be stored`);
  });
}
