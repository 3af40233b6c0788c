/**
 * Makes usage rows durable, many at a time. `record` resolves when the row and its sums are committed (with SQLite:
 * synced to disk), which is what lets an answer end.
 */
import type { Storage } from "../open.ts";
import type { UsageRow } from "../schema.ts";
import { Batcher } from "./batcher.ts";
import { writePostgresRows } from "./postgres-rows.ts";
import { storable } from "./rows.ts";
import { createSqliteSink } from "./sqlite-sink.ts";

const LIMITS = { maxBatch: 500, maxWaiting: 50_000, retryForMs: 5_000, retryEveryMs: 100 };

export interface UsageWriter {
  record(row: UsageRow): Promise<void>;
  /** Writes what waits, then lets go of the database. */
  close(): Promise<void>;
}

/** Where batches go. */
export interface Sink {
  flush(rows: UsageRow[]): Promise<void>;
  isFaultOfRow(error: unknown): boolean;
  close(): Promise<void>;
}

export function createUsageWriter(storage: Storage): UsageWriter {
  const sink = storage.file === null ? postgresSink(storage) : createSqliteSink(storage.file);
  const batcher = new Batcher<UsageRow>({ flush: sink.flush, isFaultOfRow: sink.isFaultOfRow, ...LIMITS });
  return {
    record: (row) => batcher.add(storable(row)),
    close: async () => {
      await batcher.drain();
      await sink.close();
    },
  };
}

function postgresSink(storage: Storage): Sink {
  return {
    flush: (rows) => writePostgresRows(storage.db, rows),
    isFaultOfRow: (error) => error instanceof Error && "code" in error && DATA_ERROR.test(String(error.code)),
    close: () => Promise.resolve(),
  };
}

/** PostgreSQL's classes 22 (data exception) and 23 (integrity constraint violation). */
const DATA_ERROR = /^2[23][0-9A-Z]{3}$/;
