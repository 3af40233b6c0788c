/**
 * Makes usage rows durable, many at a time. `record` resolves when the row and its sums are committed (with SQLite:
 * synced to disk), which is what lets an answer end.
 */
import type { Storage } from "../open.ts";
import type { UsageRow } from "../schema.ts";
import { Batcher } from "./batcher.ts";
import { writePostgresRows } from "./postgres-rows.ts";
import type { ThreadAnswer, ThreadRequest } from "./sqlite-thread.ts";

const MAX_BATCH = 500;
const MAX_WAITING = 50_000;
const RETRY_FOR_MS = 5_000;
const RETRY_EVERY_MS = 100;

export interface UsageWriter {
  record(row: UsageRow): Promise<void>;
  /** Writes what waits, then lets go of the database. */
  close(): Promise<void>;
}

interface Sink {
  flush(rows: UsageRow[]): Promise<void>;
  close(): void;
}

export function createUsageWriter(storage: Storage): UsageWriter {
  const sink = storage.file === null ? postgresSink(storage) : threadSink(storage.file);
  const limits = {
    maxBatch: MAX_BATCH,
    maxWaiting: MAX_WAITING,
    retryForMs: RETRY_FOR_MS,
    retryEveryMs: RETRY_EVERY_MS,
  };
  const batcher = new Batcher<UsageRow>({ flush: (rows) => sink.flush(rows), ...limits });
  return {
    record: (row) => batcher.add(row),
    close: async () => {
      await batcher.drain();
      sink.close();
    },
  };
}

function postgresSink(storage: Storage): Sink {
  return { flush: (rows) => writePostgresRows(storage.db, rows), close: () => {} };
}

function threadSink(file: string): Sink {
  const thread = new Worker(new URL("./sqlite-thread.ts", import.meta.url));
  const send = (request: ThreadRequest) => thread.postMessage(request);
  let batch = 0;
  let waiting: { batch: number; resolve(): void; reject(error: Error): void } | null = null;
  const settle = (error: string | null) => {
    if (error === null) waiting?.resolve();
    else waiting?.reject(new Error(error));
    waiting = null;
  };
  thread.onmessage = (event: MessageEvent<ThreadAnswer>) => {
    if (event.data.batch === waiting?.batch) settle(event.data.error);
  };
  thread.onerror = (event) => settle(`the usage writer stopped: ${event.message}`);
  thread.unref();
  send({ kind: "open", file });
  return {
    flush: (rows) =>
      new Promise((resolve, reject) => {
        batch++;
        waiting = { batch, resolve, reject };
        send({ kind: "write", batch, rows });
      }),
    close: () => send({ kind: "close" }),
  };
}
