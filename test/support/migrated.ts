/**
 * Databases that are migrated already, because doing that anew for each of a thousand tests is most of what they would
 * take. SQLite's is a file kept in memory. PostgreSQL's is a template on the server of the tests, named after the
 * migrations, so that another run finds it; it appears whole or not at all.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Glob } from "bun";
import { openStorage } from "../../src/storage/open.ts";
import { sqliteFile } from "../../src/storage/sqlite.ts";
import { createPostgresDatabase, type PostgresDatabase, postgresStatement } from "./postgres.ts";

const MIGRATIONS = join(import.meta.dir, "../../src/storage/migrations");
const DUPLICATE_DATABASE = "42P04";

let file: Promise<Buffer> | undefined;
let template: Promise<string> | undefined;

/** Puts the embedded database's file, migrated and otherwise empty, into a folder that has none. */
export async function migratedFile(dataDir: string): Promise<void> {
  file ??= makeFile();
  writeFileSync(sqliteFile(dataDir), await file, { mode: 0o600 });
}

/** A database of PostgreSQL, migrated and otherwise empty. */
export async function migratedPostgres(): Promise<PostgresDatabase> {
  template ??= makeTemplate();
  return await createPostgresDatabase(await template);
}

async function makeFile(): Promise<Buffer> {
  const dataDir = mkdtempSync(join(tmpdir(), "gapura-migrated-"));
  try {
    await (await openStorage({ dataDir })).close();
    return readFileSync(sqliteFile(dataDir));
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function makeTemplate(): Promise<string> {
  const name = `gapura_migrated_${migrationsDigest()}`;
  const { rows } = await postgresStatement("select 1 from pg_database where datname = $1", [name]);
  if (rows.length > 0) return name;
  const made = await createPostgresDatabase();
  await (await openStorage({ dataDir: tmpdir(), databaseUrl: made.url })).close();
  try {
    await postgresStatement(`alter database ${new URL(made.url).pathname.slice(1)} rename to ${name}`);
  } catch (error) {
    await made.drop();
    if (!(error instanceof Error && "code" in error && error.code === DUPLICATE_DATABASE)) throw error;
  }
  return name;
}

function migrationsDigest(): string {
  const hash = new Bun.CryptoHasher("sha256");
  for (const path of [...new Glob("*.ts").scanSync(MIGRATIONS)].sort()) {
    hash.update(path).update(readFileSync(join(MIGRATIONS, path)));
  }
  return hash.digest("hex").slice(0, 16);
}
