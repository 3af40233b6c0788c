/**
 * The database for one command, beside a running server or without one. SQLite's write-ahead log lets both work on the
 * same file; the server sees the change with its next look-up.
 */
import type { Config } from "../config/schema.ts";
import { openStorage, type Storage } from "../storage/open.ts";

export async function withStorage<Result>(
  config: Config,
  work: (storage: Storage) => Promise<Result>,
): Promise<Result> {
  const storage = await openStorage({ dataDir: config.dataDir, databaseUrl: config.databaseUrl?.reveal() });
  try {
    return await work(storage);
  } finally {
    await storage.close();
  }
}
