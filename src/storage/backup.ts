/**
 * A copy of the embedded database, made while the server goes on working.
 *
 * Invariants: the copy is one moment of the database, whole and checked; it appears under its name only when it is
 * complete and on the disk; nothing that exists is written over; the database is read and never migrated, so that a
 * copy can be made before an upgrade by the new version.
 * Failure modes: StorageError with a sentence when there is nothing to copy, the name is taken, or the disk is full.
 */
import { Database } from "bun:sqlite";
import { randomBytes } from "node:crypto";
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { checkIntegrity, StorageError, sqliteFile } from "./sqlite.ts";

const BUSY_TIMEOUT_MS = 5_000;

/** Writes the copy to the file `target` and returns its size in bytes. */
export function backupSqlite(dataDir: string, target: string): number {
  const file = sqliteFile(dataDir);
  if (!existsSync(file)) throw new StorageError(`There is no database in ${dataDir}, so there is nothing to copy.`);
  if (existsSync(target)) throw alreadyThere(target);
  const draft = `${target}.${process.pid}.${randomBytes(4).toString("hex")}`;
  try {
    // SQLite writes into an empty file that exists; made here, nobody else can read it.
    closeSync(openSync(draft, "wx", 0o600));
    copyInto(file, draft);
    checkCopy(draft);
    syncToDisk(draft, "r+");
    takeName(draft, target);
    syncToDisk(dirname(target), "r");
    return statSync(target).size;
  } catch (error) {
    rmSync(draft, { force: true });
    throw error instanceof StorageError ? error : new StorageError(explain(target, error));
  }
}

function copyInto(file: string, draft: string): void {
  const database = new Database(file, { readwrite: true, create: false });
  try {
    database.run(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    database.query<unknown, [string]>("VACUUM INTO ?").run(draft);
  } finally {
    database.close();
  }
}

function checkCopy(draft: string): void {
  const copy = new Database(draft, { readonly: true });
  try {
    checkIntegrity(copy, draft);
  } finally {
    copy.close();
  }
}

function syncToDisk(path: string, flags: "r" | "r+"): void {
  const handle = openSync(path, flags);
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** The name is taken first, in one step that fails when it exists; the complete copy then replaces the empty file. */
function takeName(draft: string, target: string): void {
  try {
    closeSync(openSync(target, "wx", 0o600));
  } catch (error) {
    throw codeOf(error) === "EEXIST" ? alreadyThere(target) : error;
  }
  renameSync(draft, target);
}

function alreadyThere(target: string): StorageError {
  return new StorageError(`${target} exists already and is not written over. Choose another name, or move it away.`);
}

function explain(target: string, error: unknown): string {
  const code = codeOf(error);
  if (code === "ENOENT") return `The folder ${dirname(target)} does not exist. Create it first.`;
  if (code === "EACCES" || code === "EPERM" || code === "EROFS")
    return `This user may not write to ${dirname(target)}.`;
  if (code === "ENOSPC" || code.startsWith("SQLITE_FULL")) return `The disk that holds ${dirname(target)} is full.`;
  return `The copy could not be made: ${error instanceof Error ? error.message : String(error)}`;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
