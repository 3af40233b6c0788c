/**
 * PostgreSQL through `pg`, behind Kysely's own dialect. 64-bit integers leave the driver as bigint, as with SQLite.
 * Failure modes: a server that cannot be reached makes queries reject after CONNECT_TIMEOUT_MS; callers answer 503.
 */
import { PostgresDialect } from "kysely";
import pg from "pg";

const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 15_000;
const POOL_CONNECTIONS = 10;
const INT8_OID = 20;

export interface PostgresHandle {
  dialect: PostgresDialect;
  pool: pg.Pool;
}

/** Makes the pool; connects with the first query. `onIdleError` hears of connections that the server dropped. */
export function openPostgres(databaseUrl: string, onIdleError: (error: Error) => void): PostgresHandle {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: POOL_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    application_name: "gapura",
    types: {
      getTypeParser: (oid: number, format?: "text" | "binary") =>
        oid === INT8_OID ? (text: string) => BigInt(text) : pg.types.getTypeParser(oid, format ?? "text"),
    },
  });
  pool.on("error", onIdleError);
  return { dialect: new PostgresDialect({ pool }), pool };
}
