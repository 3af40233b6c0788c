/**
 * Writes very many usage rows past the writer: for a seed. Neither the sums nor the ledger know of them; `rebuildSums`
 * makes the sums afterwards.
 */
import type { SQLQueryBindings } from "bun:sqlite";
import { CompiledQuery } from "kysely";
import type { Storage } from "./open.ts";
import type { UsageRow } from "./schema.ts";
import { USAGE_COLUMNS } from "./usage-writer/rows.ts";

const MONEY = /_nano$/;
/** Every other column holds text. */
const NUMBERS = /_(?:nano|at|ms|tokens|estimated)$|^(?:streamed|cancelled|status)$|media|audio/;

/** All or none of them. */
export async function writeUsageInBulk(storage: Storage, rows: readonly UsageRow[]): Promise<void> {
  if (rows.length === 0) return;
  if (storage.sqlite === null) return writeToPostgres(storage, rows);
  const insert = storage.sqlite.query<unknown, SQLQueryBindings[]>(
    `insert into usage (${USAGE_COLUMNS.join(", ")}) values (${USAGE_COLUMNS.map(() => "?").join(", ")})`,
  );
  storage.sqlite.transaction(() => {
    for (const row of rows) insert.run(...USAGE_COLUMNS.map((column) => row[column] ?? null));
  })();
}

/** One array for each column: a statement of its own size, however many rows there are. */
async function writeToPostgres({ db }: Storage, rows: readonly UsageRow[]): Promise<void> {
  const places = USAGE_COLUMNS.map((name, index) => `$${index + 1}::${NUMBERS.test(name) ? "bigint" : "text"}[]`);
  const values = USAGE_COLUMNS.map((name) =>
    rows.map((row) => (MONEY.test(name) ? (row[name]?.toString() ?? null) : (row[name] ?? null))),
  );
  const text = `insert into usage (${USAGE_COLUMNS.join(", ")}) select * from unnest(${places.join(", ")})`;
  await db.executeQuery(CompiledQuery.raw(text, values));
}
