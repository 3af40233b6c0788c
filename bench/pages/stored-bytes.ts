import { statSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import type { Storage } from "../../src/storage/open.ts";

/** The room of one request with its indexes and its share of the sums. */
export async function storedBytes({ db, sqlite }: Storage, dataDir: string, requests: number): Promise<number> {
  if (sqlite !== null) {
    sqlite.run("PRAGMA wal_checkpoint(TRUNCATE)");
    return statSync(join(dataDir, "gapura.db")).size / requests;
  }
  const { rows } = await sql<{ bytes: number }>`
    select pg_total_relation_size('usage') + pg_total_relation_size('usage_hour') + pg_total_relation_size('usage_day')
      + pg_total_relation_size('key_day') as bytes`.execute(db);
  return (rows[0]?.bytes ?? Number.NaN) / requests;
}
