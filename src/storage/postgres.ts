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

/** Makes the pool; connects with the first query. `onConnectionError` hears of connections that broke, maybe twice. */
export function openPostgres(
  databaseUrl: string,
  onConnectionError: (error: Error) => void,
  connections = POOL_CONNECTIONS,
): PostgresHandle {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: connections,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    application_name: "gapura",
    types: {
      getTypeParser: (oid: number, format?: "text" | "binary") =>
        oid === INT8_OID ? (text: string) => BigInt(text) : pg.types.getTypeParser(oid, format ?? "text"),
    },
  });
  pool.on("error", onConnectionError);
  // A connection that breaks while a query holds it also emits an error of its own, which ends the process unheard.
  pool.on("connect", (client) => client.on("error", onConnectionError));
  return { dialect: new PostgresDialect({ pool }), pool };
}
