/**
 * Fills the database of a stopped server with many rows like one that is there, whatever columns the table has: what the
 * server wrote itself is the pattern, so that no schema is repeated here.
 */
import { Database, type SQLQueryBindings } from "bun:sqlite";
import { join } from "node:path";
import { createApiKey } from "../../src/kernel/api-key.ts";

const ROWS_PER_TRANSACTION = 50_000;
const CACHE_KIB = 1_000_000;

/** Makes `count` keys of the person whose key is there already, and returns up to `keep` of them, spread evenly. */
export function seedKeys(dataDir: string, { count, keep }: { count: number; keep: number }): string[] {
  const every = Math.max(1, Math.floor(count / keep));
  const kept: string[] = [];
  const change = (index: number) => {
    const { key, publicId, hash, label } = createApiKey("inference");
    if (index % every === 0 && kept.length < keep) kept.push(key);
    return { id: publicId, hash, label };
  };
  copyRows(dataDir, { table: "api_key", count, change });
  return kept;
}

/** Makes `count` records of use, one a second back from now. */
export function seedUsage(dataDir: string, count: number): void {
  const nowMs = Date.now();
  const change = (index: number) => ({
    id: `gen-seed-${index}`,
    request_id: `req-seed-${index}`,
    created_at: nowMs - index * 1_000,
  });
  copyRows(dataDir, { table: "usage", count, change });
}

interface Copies {
  table: "api_key" | "usage";
  count: number;
  /** What of the pattern is another in this row. */
  change(index: number): Record<string, SQLQueryBindings>;
}

function copyRows(dataDir: string, { table, count, change }: Copies): void {
  const database = new Database(join(dataDir, "gapura.db"), { readwrite: true, safeIntegers: true });
  try {
    // Rows come in no order of their ids, so that nearly every page changes with each portion: the pages stay in memory, and
    // nothing is written twice. The server goes back to its own way of writing when it starts.
    for (const pragma of ["journal_mode = off", "synchronous = off", `cache_size = -${CACHE_KIB}`]) {
      database.run(`pragma ${pragma}`);
    }
    const pattern = database.query<Record<string, SQLQueryBindings>, []>(`select * from ${table} limit 1`).get();
    if (pattern === null) throw new Error(`${table} holds no row that could be the pattern`);
    const columns = Object.keys(pattern);
    const insert = database.query<unknown, SQLQueryBindings[]>(
      `insert into ${table} (${columns.join(", ")}) values (${columns.map(() => "?").join(", ")})`,
    );
    for (let from = 0; from < count; from += ROWS_PER_TRANSACTION) {
      database.transaction(() => {
        for (let index = from; index < Math.min(count, from + ROWS_PER_TRANSACTION); index++) {
          const row = { ...pattern, ...change(index) };
          insert.run(...columns.map((column) => row[column] ?? null));
        }
      })();
    }
  } finally {
    database.close();
  }
}
