/**
 * SQLite through `bun:sqlite`, behind Kysely's own SQLite dialect.
 *
 * Invariants: WAL with synchronous=FULL, so a commit survives a power cut; every transaction begins IMMEDIATE, so a
 * read can never fail half-way when it becomes a write; integers leave the driver as bigint (see PlainIntegers).
 * Failure modes: a damaged file is refused at start with what to do; a folder in use by another instance likewise.
 */
import { Database, type SQLQueryBindings } from "bun:sqlite";
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SqliteAdapter, SqliteDialect } from "kysely";
import { foreignProblem, foreignTables } from "./migrations/schema-state.ts";

/** How long a writer waits for another process's commit before it gives up. */
const BUSY_TIMEOUT_MS = 5_000;
/** How soon a file that was busy is opened again. */
const TRY_AGAIN_MS = 20;
/** Files up to this size are checked whole before the first request; larger ones by `gapura doctor`. */
const CHECK_AT_START_BYTES = 64 * 1024 * 1024;

/** How long a start waits for somebody who only looks whether the folder is claimed. */
const CLAIM_TIMEOUT_MS = 250;
const LOCK_FILE = "instance.lock";
const PID_FILE = "instance.pid";

export function sqliteFile(dataDir: string): string {
  return join(dataDir, "gapura.db");
}

/** Opens (or creates) the database file with the pragmas every connection of this product uses. */
export function openSqliteFile(file: string): Database {
  return withPragmas(connect(file));
}

/**
 * Creates the data folder and opens its database, after a check that the file is Gapura's and whole.
 * Throws StorageError with a sentence for the operator when it is no database, another application's, or damaged; the
 * file is left as it was found.
 */
export function openSqlite(dataDir: string): { dialect: SqliteDialect; database: Database } {
  const file = sqliteFile(dataDir);
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const database = openPatiently(file);
    return { dialect: sqliteDialect(database), database };
  } catch (error) {
    throw error instanceof StorageError ? error : new StorageError(cannotOpen(file, error));
  }
}

/**
 * Of several processes that turn a new file to WAL at the same moment SQLite lets one win and tells the others at once that
 * it is busy, whatever its timeout says: they try again.
 */
function openPatiently(file: string): Database {
  const endsAtMs = performance.now() + BUSY_TIMEOUT_MS;
  for (;;) {
    try {
      return openChecked(file);
    } catch (error) {
      if (!isBusy(error) || performance.now() > endsAtMs) throw error;
      Bun.sleepSync(TRY_AGAIN_MS);
    }
  }
}

function openChecked(file: string): Database {
  const database = connect(file);
  try {
    refuseForeign(database, file);
    withPragmas(database);
    if (statSync(file).size <= CHECK_AT_START_BYTES) checkIntegrity(database, file);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function connect(file: string): Database {
  const isNew = !existsSync(file);
  const database = new Database(file, { create: true, readwrite: true, safeIntegers: true });
  if (isNew) chmodSync(file, 0o600);
  database.run(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  return database;
}

function withPragmas(database: Database): Database {
  database.run("PRAGMA journal_mode = WAL");
  database.run("PRAGMA synchronous = FULL");
  database.run("PRAGMA foreign_keys = ON");
  return database;
}

/** Before the first pragma that would change the file. */
function refuseForeign(database: Database, file: string): void {
  const query = database.query<{ name: string }, []>("select name from sqlite_master where type = 'table'");
  const names = query.all().map(({ name }) => name);
  const foreign = foreignTables(names.filter((name) => !name.startsWith("sqlite_")));
  if (foreign.length === 0) return;
  const { text, remedy } = foreignProblem(foreign, `The file ${file}`);
  throw new StorageError(`${text} ${remedy}`);
}

function cannotOpen(file: string, error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (/^(?:EACCES|EROFS|EPERM|ENOTDIR|EEXIST|SQLITE_(?:CANTOPEN|READONLY|PERM))/.test(code)) {
    return `The database ${file} cannot be opened (${reasonOf(error)}). Check that this user may write to the folder and the files in it.`;
  }
  if (code.startsWith("SQLITE_FULL")) return `The disk that holds ${file} is full. Make room, then start again.`;
  if (isBusy(error)) return `The database ${file} is locked by another program. End it, then start again.`;
  return `The database ${file} cannot be opened: ${reasonOf(error)}. ${RESTORE_ADVICE}`;
}

/** Kysely's dialect over an open connection, which it closes when it is destroyed. */
export function sqliteDialect(database: Database): SqliteDialect {
  return new TransactionalSqliteDialect({ database: asKyselyDatabase(database) });
}

/**
 * Kysely holds that SQLite cannot change a schema inside a transaction. It can, and has to: a process that is killed
 * half-way through a migration must leave nothing behind, and the transaction is also the lock between processes.
 */
class TransactionalSqliteDialect extends SqliteDialect {
  override createAdapter(): SqliteAdapter {
    return new TransactionalSqliteAdapter();
  }
}

class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
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
 * and the command line share the folder without claiming it. Throws StorageError when another instance has it.
 */
export function claimDataDir(dataDir: string): { release(): void } {
  const lock = join(dataDir, LOCK_FILE);
  let claim: Database | undefined;
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    claim = new Database(lock, { create: true });
    claim.run(`PRAGMA busy_timeout = ${CLAIM_TIMEOUT_MS}`);
    claim.run("PRAGMA locking_mode = EXCLUSIVE");
    claim.run("BEGIN EXCLUSIVE");
    writeFileSync(join(dataDir, PID_FILE), `${process.pid}\n`, { mode: 0o600 });
  } catch (error) {
    claim?.close();
    throw new StorageError(isBusy(error) ? alreadyClaimed(dataDir) : cannotOpen(lock, error));
  }
  return { release: () => claim.close() };
}

/** Whether an instance has the data folder at this moment, and its process id. Creates and changes nothing. */
export function dataDirClaim(dataDir: string): { isClaimed: boolean; pid: number | null } {
  const lock = join(dataDir, LOCK_FILE);
  if (!existsSync(lock)) return { isClaimed: false, pid: null };
  const database = new Database(lock, { readonly: true });
  try {
    database.query("select count(*) from sqlite_master").get();
    return { isClaimed: false, pid: null };
  } catch (error) {
    if (!isBusy(error)) throw error;
    return { isClaimed: true, pid: readPid(join(dataDir, PID_FILE)) };
  } finally {
    database.close();
  }
}

function readPid(file: string): number | null {
  const pid = existsSync(file) ? Number.parseInt(readFileSync(file, "utf8"), 10) : Number.NaN;
  return Number.isSafeInteger(pid) ? pid : null;
}

function alreadyClaimed(dataDir: string): string {
  return `Another Gapura already uses the data folder ${dataDir}. Stop it first, or give this one its own folder with DATA_DIR.`;
}

/** Another process or connection is writing. */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && "code" in error && String(error.code).startsWith("SQLITE_BUSY");
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
