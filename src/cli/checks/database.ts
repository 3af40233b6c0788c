/**
 * The database: whether it can be opened, is whole, and fits this release. Nothing is created, migrated or repaired.
 * `isRunning` tells whether an instance works with it at this moment.
 */
import { accessSync, constants, existsSync } from "node:fs";
import { dirname } from "node:path";
import type { Config } from "../../config/schema.ts";
import { inspectPostgres, inspectSqlite } from "../../storage/inspect.ts";
import { type SchemaState, schemaProblem } from "../../storage/migrations/schema-state.ts";
import { dataDirClaim, sqliteFile } from "../../storage/sqlite.ts";
import { type Finding, fail, ok, warn } from "./finding.ts";

const MIB = 1024 * 1024;
const RESTORE = "Stop Gapura, move the file away, and put back a copy made with `gapura backup` (docs/operations.md).";

export interface DatabaseCheck {
  isRunning: boolean;
  findings: Finding[];
}

export async function checkDatabase(config: Config): Promise<DatabaseCheck> {
  return config.databaseUrl === null ? checkFile(config.dataDir) : checkServer(config.databaseUrl.reveal());
}

async function checkFile(dataDir: string): Promise<DatabaseCheck> {
  const file = sqliteFile(dataDir);
  if (!existsSync(file)) return { isRunning: false, findings: [checkPlace(dataDir, file)] };
  try {
    const { isClaimed, pid } = dataDirClaim(dataDir);
    const { schema, sizeBytes, damage } = await inspectSqlite(file);
    const running = isClaimed
      ? [ok("database", `in use by a running instance${pid === null ? "" : ` (process ${pid})`}`)]
      : [];
    if (damage.length > 0)
      return {
        isRunning: isClaimed,
        findings: [fail("database", `${file} is damaged: ${damage.join("; ")}`, RESTORE)],
      };
    const size = `${(sizeBytes / MIB).toFixed(1)} MiB`;
    return { isRunning: isClaimed, findings: [checkSchema(schema, `SQLite, ${file}, ${size}, whole`), ...running] };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { isRunning: false, findings: [fail("database", `${file} cannot be opened: ${reason}`, RESTORE)] };
  }
}

function checkPlace(dataDir: string, file: string): Finding {
  let folder = dataDir;
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  try {
    accessSync(folder, constants.W_OK);
    return ok("database", `none yet; the first start creates ${file}`);
  } catch {
    return fail(
      "database",
      `this user may not write to ${folder}`,
      "Give it the folder, or set DATA_DIR to another one.",
    );
  }
}

async function checkServer(databaseUrl: string): Promise<DatabaseCheck> {
  const { host, pathname } = new URL(databaseUrl);
  const place = `${host}${decodeURIComponent(pathname)}`;
  try {
    const { schema, version, connections } = await inspectPostgres(databaseUrl);
    const isRunning = connections > 0;
    const running = isRunning ? [ok("database", `in use by a running instance (${connections} connections)`)] : [];
    return { isRunning, findings: [checkSchema(schema, `PostgreSQL ${version}, ${place}`), ...running] };
  } catch (error) {
    return { isRunning: false, findings: [refusal(place, error)] };
  }
}

function checkSchema(schema: SchemaState, what: string): Finding {
  const problem = schemaProblem(schema, "it");
  if (problem !== null) return fail("database", `${what}; ${problem.text.replace(/\.$/, "")}`, problem.remedy);
  if (schema.pending.length === 0) return ok("database", `${what}, schema up to date`);
  if (schema.applied.length === 0) return ok("database", `${what}, empty; the first start fills it`);
  return warn(
    "database",
    `${what}; the next start changes its schema (${schema.pending.join(", ")})`,
    "Make a copy before that: gapura backup, or pg_dump with PostgreSQL.",
  );
}

/** By the error's code: its text may repeat what stands in the URL. */
function refusal(place: string, error: unknown): Finding {
  const code = error instanceof Error && "code" in error ? String(error.code) : "no answer";
  if (code === "28P01" || code === "28000") {
    return fail("database", `${place} does not accept the user name or password`, "Correct them in DATABASE_URL.");
  }
  if (code === "3D000") {
    return fail(
      "database",
      `the server has no such database: ${place}`,
      "Create it: CREATE DATABASE gapura, or correct DATABASE_URL.",
    );
  }
  return fail(
    "database",
    `${place} cannot be used (${code})`,
    "Check host and port in DATABASE_URL, and whether PostgreSQL is running there.",
  );
}
