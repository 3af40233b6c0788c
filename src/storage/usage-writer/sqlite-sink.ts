/**
 * The way to the thread that writes to SQLite. A thread that stops fails the batch that it had, and the next batch
 * starts another one.
 */
import type { Clock } from "../../kernel/clock.ts";
import type { Command, Outcome } from "../ledger/commands.ts";
import type { Storage } from "../open.ts";
import { packCommands, unpackOutcomes } from "./packing.ts";
import type { ThreadAnswer, ThreadBatch, ThreadFailure, ThreadRequest } from "./sqlite-thread.ts";
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
  resolve(outcomes: Outcome[]): void;
  reject(error: Error): void;
}

/** Values that SQLite or its driver refuses, whenever they come. */
const VALUE_ERROR = /^(?:SQLITE_(?:CONSTRAINT|TOOBIG|MISMATCH|RANGE)|TypeError|RangeError)/;

type Place = Pick<Storage, "mostPages"> & { file: string };

/** One batch at a time: the batcher sees to that. */
export function createSqliteSink({ file, mostPages }: Place, clock: Clock): Sink {
  let thread: Worker | null = null;
  let batch = 0;
  let waiting: Waiting | null = null;

  const settle = (answer: { outcomes: string } | { failure: ThreadFailure }) => {
    const settled = waiting;
    waiting = null;
    if ("failure" in answer) settled?.reject(new WriteError(answer.failure));
    else settled?.resolve(unpackOutcomes(answer.outcomes));
  };
  const start = (): Worker => {
    const started = new Worker(new URL("./sqlite-thread.ts", import.meta.url));
    const stopped = (message: string) => {
      if (thread === started) thread = null;
      settle({ failure: { message: `the usage writer stopped${message}`, code: "" } });
    };
    started.onmessage = ({ data }: MessageEvent<ThreadAnswer>) => {
      if (data.batch === waiting?.batch) settle(data);
    };
    started.onerror = (event) => stopped(`: ${event.message}`);
    started.addEventListener("close", () => stopped(""));
    started.unref();
    return started;
  };
  const send = (to: Worker, request: ThreadRequest) => to.postMessage(request);
  thread = start();
  const ask = (packed: ThreadBatch["packed"]) =>
    new Promise<Outcome[]>((resolve, reject) => {
      thread ??= start();
      batch++;
      waiting = { batch, resolve, reject };
      send(thread, { batch, file, nowMs: clock.nowMs(), mostPages: mostPages?.() ?? null, packed });
    });

  return {
    flush: (commands: Command[]) => ask(packCommands(commands)),
    askForRoom: async () => {
      await ask(null);
    },
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
