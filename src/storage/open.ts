/**
 * Opens the one database of an instance: SQLite in the data folder, or PostgreSQL when a URL is given. Everything above
 * sees the same Kysely handle, the same schema and the same value types.
 */
import type { Database } from "bun:sqlite";
import { Kysely, sql } from "kysely";
import type { Engine } from "./engine.ts";
import { migrate } from "./migrations/migrate.ts";
import { PlainIntegers } from "./plain-integers.ts";
import { openPostgres } from "./postgres.ts";
import type { Schema } from "./schema.ts";
import { openSqlite, sqliteFile } from "./sqlite.ts";

export type Db = Kysely<Schema>;

/** One batch is written at a time; the second connection is for the moment when the first has broken. */
const BOOKS_CONNECTIONS = 2;

export interface StorageOptions {
  /** The folder of the embedded database. Unused with a database URL. */
  dataDir: string;
  /** `postgres://…`; absent means SQLite. Holds a password: never log it. */
  databaseUrl?: string | undefined;
  onConnectionError?: (error: Error) => void;
  /** How many pages the embedded database's file may have, asked before each batch: what a full disk does, for tests. */
  mostPages?: (() => number) | undefined;
}

export interface Storage {
  engine: Engine;
  db: Db;
  /** For the usage writer: with PostgreSQL over connections of its own, so that no page makes a settlement wait. */
  books: Db;
  /** The embedded database's file; null with PostgreSQL. */
  file: string | null;
  /** The embedded database's connection, for what Kysely cannot say (backup, pragmas); null with PostgreSQL. */
  sqlite: Database | null;
  mostPages: (() => number) | null;
  /** Rejects when the database does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens and migrates. Throws StorageError (a sentence for the operator) for a damaged or foreign file, and the
 * driver's own error when PostgreSQL cannot be reached.
 */
export async function openStorage(options: StorageOptions): Promise<Storage> {
  const storage = options.databaseUrl === undefined ? openEmbedded(options) : openServer(options, options.databaseUrl);
  try {
    await migrate(storage.db, storage.engine);
  } catch (error) {
    await storage.close();
    throw error;
  }
  return storage;
}

function openEmbedded(options: StorageOptions): Storage {
  const { dialect, database } = openSqlite(options.dataDir);
  const db: Db = new Kysely<Schema>({ dialect, plugins: [new PlainIntegers()] });
  const mostPages = options.mostPages ?? null;
  const file = sqliteFile(options.dataDir);
  return { engine: "sqlite", db, books: db, file, sqlite: database, mostPages, ...lifecycle(db) };
}

function openServer(options: StorageOptions, databaseUrl: string): Storage {
  const connect = (connections?: number): Db => {
    const { dialect } = openPostgres(databaseUrl, options.onConnectionError ?? (() => {}), connections);
    return new Kysely<Schema>({ dialect, plugins: [new PlainIntegers()] });
  };
  const db = connect();
  const books = connect(BOOKS_CONNECTIONS);
  const close = async () => {
    await Promise.all([db.destroy(), books.destroy()]);
  };
  return { engine: "postgres", db, books, file: null, sqlite: null, mostPages: null, ...lifecycle(db), close };
}

function lifecycle(db: Db): Pick<Storage, "ping" | "close"> {
  return {
    ping: async () => {
      await sql`select 1`.execute(db);
    },
    close: () => db.destroy(),
  };
}
