/** What a database holds, and whether this release may work with it. Reads only. */
import { type Kysely, sql } from "kysely";
import type { Engine } from "../engine.ts";
import type { Schema } from "../schema.ts";

export const MIGRATION_TABLE = "schema_migration";

/** A database's schema, compared with what this release knows. */
export interface SchemaState {
  applied: string[];
  /** Known here, not applied there. */
  pending: string[];
  /** Applied there by a release that is newer than this one. */
  newer: string[];
  /** Tables in a database where no migration was ever applied: another application's. */
  foreignTables: string[];
}

/** Reads and changes nothing. */
export async function readSchemaState(
  db: Kysely<Schema>,
  { engine, known }: { engine: Engine; known: readonly string[] },
): Promise<SchemaState> {
  const tables = await tableNames(db, engine);
  if (!tables.includes(MIGRATION_TABLE)) {
    return { applied: [], pending: [...known], newer: [], foreignTables: foreignTables(tables) };
  }
  const rows = await sql<{ name: string }>`select name from ${sql.table(MIGRATION_TABLE)} order by name`.execute(db);
  const applied = rows.rows.map(({ name }) => name);
  return {
    applied,
    pending: known.filter((name) => !applied.includes(name)),
    newer: applied.filter((name) => !known.includes(name)),
    foreignTables: [],
  };
}

/** Something that has to be put right by a person: what it is, and what to do. Whole sentences. */
export interface Problem {
  text: string;
  remedy: string;
}

/** Why a database in this state is refused, or null. `what` names it at the beginning of a sentence. */
export function schemaProblem({ newer, foreignTables }: SchemaState, what: string): Problem | null {
  if (newer.length > 0) {
    return {
      text: `${what} was made by a newer Gapura (with ${newer.join(", ")}).`,
      remedy: "Start that version or a newer one; or put back the copy made before the upgrade (docs/operations.md).",
    };
  }
  return foreignTables.length > 0 ? foreignProblem(foreignTables, what) : null;
}

/** The tables that show that a database belongs to somebody else; none when Gapura has been there. */
export function foreignTables(names: readonly string[]): string[] {
  return names.includes(MIGRATION_TABLE) ? [] : names.filter((name) => !name.startsWith(MIGRATION_TABLE)).sort();
}

export function foreignProblem(tables: readonly string[], what: string): Problem {
  const shown = tables.length > 3 ? `${tables.slice(0, 3).join(", ")}, …` : tables.join(", ");
  return {
    text: `${what} holds the tables of another application (${shown}).`,
    remedy: "Gapura needs one of its own: set DATA_DIR to another folder, or DATABASE_URL to an empty database.",
  };
}

async function tableNames(db: Kysely<Schema>, engine: Engine): Promise<string[]> {
  // What an extension brings along (such as PostGIS) belongs to the database, not to an application.
  const query =
    engine === "sqlite"
      ? sql<{
          name: string;
        }>`select name from sqlite_master where type = 'table' and name not like 'sqlite\\_%' escape '\\'`
      : sql<{ name: string }>`
          select c.relname as name from pg_class c
          where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')
          and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype = 'e')`;
  return (await query.execute(db)).rows.map(({ name }) => name);
}
