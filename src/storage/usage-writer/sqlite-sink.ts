/**
 * The way to the thread that writes to SQLite. A thread that stops fails the batch that it had, and the next batch
 * starts another one.
 */
import type { UsageRow } from "../schema.ts";
import { packRows } from "./rows.ts";
import type { ThreadAnswer, ThreadFailure, ThreadRequest } from "./sqlite-thread.ts";
import type { Sink } from "./usage-writer.ts";

class WriteError extends Error {
  override readonly name = "WriteError";
  readonly code: string;

  constructor({ message, code }: ThreadFailure) {
    super(message);
    this.code = code;
  }
}

interface Waiting {
  batch: number;
  resolve(): void;
  reject(error: Error): void;
}

/** Values that SQLite or its driver refuses, whenever they come. */
const VALUE_ERROR = /^(?:SQLITE_(?:CONSTRAINT|TOOBIG|MISMATCH|RANGE)|TypeError|RangeError)/;

/** One batch at a time: the batcher sees to that. */
export function createSqliteSink(file: string): Sink {
  let thread: Worker | null = null;
  let batch = 0;
  let waiting: Waiting | null = null;

  const settle = (failure: ThreadFailure | null) => {
    const settled = waiting;
    waiting = null;
    if (failure === null) settled?.resolve();
    else settled?.reject(new WriteError(failure));
  };
  const start = (): Worker => {
    const started = new Worker(new URL("./sqlite-thread.ts", import.meta.url));
    const stopped = (message: string) => {
      if (thread === started) thread = null;
      settle({ message: `the usage writer stopped${message}`, code: "" });
    };
    started.onmessage = ({ data }: MessageEvent<ThreadAnswer>) => {
      if (data.batch === waiting?.batch) settle(data.failure);
    };
    started.onerror = (event) => stopped(`: ${event.message}`);
    started.addEventListener("close", () => stopped(""));
    started.unref();
    return started;
  };
  const send = (to: Worker, request: ThreadRequest) => to.postMessage(request);
  thread = start();

  return {
    flush: (rows: UsageRow[]) =>
      new Promise((resolve, reject) => {
        thread ??= start();
        batch++;
        waiting = { batch, resolve, reject };
        send(thread, { batch, file, rows: packRows(rows) });
      }),
    isFaultOfRow: (error) => error instanceof WriteError && VALUE_ERROR.test(error.code),
    close: () =>
      new Promise((resolve) => {
        if (thread === null) return resolve();
        thread.ref();
        thread.addEventListener("close", () => resolve());
        send(thread, "close");
      }),
  };
}
