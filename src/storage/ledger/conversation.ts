/**
 * Bookkeeping as a conversation: a generator that asks a database one thing after the other and decides between the
 * answers. It knows no driver, so the same lines run in SQLite's writer thread, where every answer is there at once, and
 * against PostgreSQL, where each is waited for; and a test can end the conversation at any question.
 */
import { asChecked } from "../../kernel/json.ts";
import type { Engine } from "../engine.ts";
import { packMoney } from "../money-json.ts";
import type { UsageRow } from "../schema.ts";

export type Parameter = string | number | bigint | null;
/** A row as both drivers hand it out: bigint where the name ends in `_nano`, number for every other integer. */
export type AnswerRow = Record<string, unknown>;

export type Ask =
  | { kind: "query"; sql: string; parameters: readonly Parameter[] }
  /** Inserts usage rows; the answer names the ids that were not there before. */
  | { kind: "insertUsage"; rows: readonly UsageRow[] }
  /** Adds fresh usage rows to the sums that are kept with them. */
  | { kind: "addSums"; rows: readonly UsageRow[] };

/** Runs inside one transaction. */
export type Conversation<Result> = Generator<Ask, Result, readonly AnswerRow[]>;

/** Asks one query, with `?` for each parameter. `Row` is what its columns hold. */
export function* query<Row>(sql: string, ...parameters: readonly Parameter[]): Conversation<Row[]> {
  return asChecked<Row[]>(yield { kind: "query", sql, parameters });
}

type ColumnType = "text" | "bigint";

/** Where the two databases say the same thing differently. */
export interface Dialect {
  /** A table `v` of these columns; its rows come as one parameter, written by `rowsParameter`. */
  rows(columns: Record<string, ColumnType>): string;
  /** Locks the rows of a table that a query reads, until the transaction ends. */
  lock(table: string): string;
  /** Keeps limit rows from being made while usage is being added to them, and the other way round. Null for no need. */
  guard: { adding: string; making: string } | null;
}

/** Any number that nothing else in this database locks. */
const GUARD = 4_718_201;

const DIALECTS: Record<Engine, Dialect> = {
  sqlite: {
    rows: (columns) => {
      const read = Object.entries(columns).map(([name, type]) =>
        type === "text" ? `value->>'${name}' as ${name}` : `cast(value->>'${name}' as integer) as ${name}`,
      );
      return `(select ${read.join(", ")} from json_each(?)) as v`;
    },
    // A transaction that writes has the whole file to itself.
    lock: () => "",
    guard: null,
  },
  postgres: {
    rows: (columns) => {
      const read = Object.entries(columns).map(([name, type]) => `${name} ${type}`);
      return `jsonb_to_recordset(?::jsonb) as v(${read.join(", ")})`;
    },
    lock: (table) => ` for update of ${table}`,
    guard: {
      adding: `select pg_advisory_xact_lock_shared(${GUARD})`,
      making: `select pg_advisory_xact_lock(${GUARD})`,
    },
  },
};

export function dialectOf(engine: Engine): Dialect {
  return DIALECTS[engine];
}

/** Rows for `Dialect.rows`. */
export function rowsParameter(rows: readonly object[]): string {
  return packMoney(rows);
}

/** `?` as PostgreSQL counts them. */
export function numbered(sql: string): string {
  const known = numberedSql.get(sql);
  if (known !== undefined) return known;
  let place = 0;
  const text = sql.replace(/\?/g, () => `$${++place}`);
  numberedSql.set(sql, text);
  return text;
}

/** The queries are a few dozen constants, so this never grows beyond them. */
const numberedSql = new Map<string, string>();
