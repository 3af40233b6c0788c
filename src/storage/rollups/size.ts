/**
 * How much room the records of single requests take, and from when on they have to be kept to take no more than that.
 * Estimated: from the newest records and from what the database knows of its own size, without reading all rows.
 */
import { sql } from "kysely";
import { DAY_MS } from "../../kernel/windows.ts";
import type { Db, Storage } from "../open.ts";

const SAMPLE = 200;
/** A row's and its index entries' own room, beside the values. */
const OVERHEAD_BYTES = 60;
/** Numbers are kept in as few bytes as they need. */
const NUMBER_BYTES = 3;
/** Its ids stand in three indexes as well. */
const INDEX_BYTES = 3 * 40 + 2 * 40;
/** Rows of which PostgreSQL tells the time below which a share of them lies. */
const BORDER_SAMPLE = 20_000;

export interface UsageSize {
  rows: number;
  bytes: number;
}

export async function usageSize({ db, engine }: Pick<Storage, "db" | "engine">): Promise<UsageSize> {
  const rows = engine === "sqlite" ? await countedBySqlite(db) : await guessedByPostgres(db);
  return { rows, bytes: Math.round(rows * (await bytesOfOne(db))) };
}

/** The time before which everything must go, at the end of a UTC day; null while there is room. */
export async function borderForBytes(
  storage: Pick<Storage, "db" | "engine">,
  maxBytes: number,
): Promise<number | null> {
  const { rows, bytes } = await usageSize(storage);
  if (bytes <= maxBytes) return null;
  // A little more than must be, so that this does not come back at once.
  const share = Math.min(1, 1 - (0.97 * maxBytes) / bytes);
  const newest = await newestOf(storage, rows, share);
  return newest === null ? null : (Math.floor(newest / DAY_MS) + 1) * DAY_MS;
}

/** About the time below which this share of all rows lies. */
function newestOf({ db, engine }: Pick<Storage, "db" | "engine">, rows: number, share: number): Promise<number | null> {
  return engine === "sqlite" ? newestBySqlite(db, rows, share) : newestByPostgres(db, rows, share);
}

/** Rows are numbered as they come, and the oldest go first. */
async function countedBySqlite(db: Db): Promise<number> {
  const { rows } = await sql<{ rows: number | null }>`
    select (select max(rowid) from usage) - (select min(rowid) from usage) + 1 as rows`.execute(db);
  return rows[0]?.rows ?? 0;
}

async function newestBySqlite(db: Db, rows: number, share: number): Promise<number | null> {
  const found = await sql<{ created_at: number }>`
    select created_at from usage where rowid >= (select min(rowid) from usage) + ${Math.floor(rows * share)}
    order by rowid limit 1`.execute(db);
  return found.rows[0]?.created_at ?? null;
}

async function guessedByPostgres(db: Db): Promise<number> {
  const { rows } = await sql<{ rows: number }>`
    select greatest(reltuples, 0)::bigint as rows from pg_class where oid = 'usage'::regclass`.execute(db);
  return rows[0]?.rows ?? 0;
}

async function newestByPostgres(db: Db, rows: number, share: number): Promise<number | null> {
  const percent = Math.min(100, (BORDER_SAMPLE * 100) / Math.max(rows, 1));
  const { rows: found } = await sql<{ at: number | null }>`
    select percentile_disc(${sql.lit(share)}) within group (order by created_at) as at
    from usage tablesample system (${sql.lit(percent)})`.execute(db);
  return found[0]?.at ?? null;
}

async function bytesOfOne(db: Db): Promise<number> {
  const newest = await db.selectFrom("usage").selectAll().orderBy("id", "desc").limit(SAMPLE).execute();
  if (newest.length === 0) return 0;
  const bytesOf = (value: unknown) =>
    typeof value === "string" ? Buffer.byteLength(value) : value === null ? 1 : NUMBER_BYTES;
  const values = newest.reduce(
    (sum, row) => sum + Object.values(row).reduce<number>((all, one) => all + bytesOf(one), 0),
    0,
  );
  return values / newest.length + OVERHEAD_BYTES + INDEX_BYTES;
}
