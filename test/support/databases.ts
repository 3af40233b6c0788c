/**
 * The same tests on both databases. Each call of `open` or `options` gives a database that nobody else has; all of them
 * are closed and removed after the test.
 */
import { afterEach, describe } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Engine } from "../../src/storage/engine.ts";
import { openStorage, type Storage, type StorageOptions } from "../../src/storage/open.ts";
import { migratedFile, migratedPostgres } from "./migrated.ts";
import { createPostgresDatabase, type PostgresDatabase } from "./postgres.ts";

export interface Databases {
  engine: Engine;
  /** An open, migrated database: a fresh one, or the one of `options` once more. */
  open(options?: StorageOptions): Promise<Storage>;
  /** Where a fresh database is to be; there is nothing yet. Its data folder is empty on either engine. */
  options(): Promise<StorageOptions>;
  /** The same, migrated already. */
  migrated(): Promise<StorageOptions>;
  /** Does something after the test, before the databases that were made until now are removed. */
  afterwards(undo: () => unknown): void;
}

/** `eachEngine((databases) => { test("…", async () => { const { db } = await databases.open(); … }); });` */
export function eachEngine(describeTests: (databases: Databases) => void): void {
  describe("SQLite", () => describeTests(databasesOf("sqlite")));
  describe("PostgreSQL", () => describeTests(databasesOf("postgres")));
}

/** For tests of one engine alone, inside a `describe` or at the top of a file. */
export function databasesOf(engine: Engine): Databases {
  const afterwards: (() => unknown)[] = [];
  afterEach(async () => {
    // The last opened is closed first, and a database is removed when nobody is connected any more.
    for (const undo of afterwards.splice(0).reverse()) await undo();
  });
  const folder = () => {
    const dataDir = mkdtempSync(join(tmpdir(), "gapura-data-"));
    afterwards.push(() => rmSync(dataDir, { recursive: true, force: true }));
    return dataDir;
  };
  const on = (dataDir: string, { url, drop }: PostgresDatabase): StorageOptions => {
    afterwards.push(drop);
    return { dataDir, databaseUrl: url };
  };
  const options = async () => {
    const dataDir = folder();
    return engine === "sqlite" ? { dataDir } : on(dataDir, await createPostgresDatabase());
  };
  const migrated = async () => {
    const dataDir = folder();
    if (engine === "postgres") return on(dataDir, await migratedPostgres());
    await migratedFile(dataDir);
    return { dataDir };
  };
  return {
    engine,
    options,
    migrated,
    afterwards: (undo) => void afterwards.push(undo),
    open: async (place) => {
      const storage = await openStorage(place ?? (await migrated()));
      afterwards.push(() => storage.close());
      return storage;
    },
  };
}
