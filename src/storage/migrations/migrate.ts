/**
 * Forward-only migrations, one list for both engines. A database that a newer release has already migrated is refused
 * rather than guessed at.
 */
import { type Kysely, type Migration, Migrator } from "kysely";
import type { Engine } from "../engine.ts";
import type { Schema } from "../schema.ts";
import { StorageError } from "../sqlite.ts";
import { foundation } from "./0001-foundation.ts";

/** Every migration in order. Released ones never change; a new one goes to the end. */
export function migrations(engine: Engine): Record<string, Migration> {
  return { "0001-foundation": foundation(engine) };
}

/** Brings the schema up to date; safe when several processes start at once (Kysely holds a lock). */
export async function migrate(db: Kysely<Schema>, engine: Engine): Promise<void> {
  const known = migrations(engine);
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(known) },
    migrationTableName: "schema_migration",
    migrationLockTableName: "schema_migration_lock",
  });
  const applied = (await migrator.getMigrations()).filter((migration) => migration.executedAt !== undefined);
  if (applied.length === Object.keys(known).length) return;
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StorageError(`The database schema could not be brought up to date: ${reason}`);
  }
}
