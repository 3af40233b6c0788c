/**
 * Makes usage rows durable, many at a time, and keeps the ledger's books in the same transactions. `record` resolves when
 * the row, its sums and the end of its hold are committed (with SQLite: synced to disk), which is what lets an answer end.
 */
import { type Clock, systemClock } from "../../kernel/clock.ts";
import type { Command, HeldMoney, Outcome } from "../ledger/commands.ts";
import type { Storage } from "../open.ts";
import type { UsageRow } from "../schema.ts";
import { Batcher } from "./batcher.ts";
import { keepKyselyBooks } from "./kysely-rows.ts";
import { storable } from "./rows.ts";
import { createSqliteSink } from "./sqlite-sink.ts";

const LIMITS = { maxBatch: 500, maxWaiting: 50_000, retryForMs: 5_000, retryEveryMs: 100 };

export type SettledOutcome = Extract<Outcome, { kind: "settled" }>;

export interface UsageWriter {
  /** Keeps the row and ends the hold. */
  record(row: UsageRow, hold?: HeldMoney | null): Promise<SettledOutcome>;
  /** Any other bookkeeping, in the same transactions. */
  submit(command: Command): Promise<Outcome>;
  /** Writes what waits, then lets go of the database. */
  close(): Promise<void>;
}

/** Where batches go. */
export interface Sink {
  flush(commands: Command[]): Promise<Outcome[]>;
  isFaultOfRow(error: unknown): boolean;
  close(): Promise<void>;
}

export function createUsageWriter(storage: Storage, clock: Clock = systemClock): UsageWriter {
  const sink = storage.file === null ? postgresSink(storage, clock) : createSqliteSink(storage.file, clock);
  const batcher = new Batcher<Command, Outcome>({ flush: sink.flush, isFaultOfRow: sink.isFaultOfRow, ...LIMITS });
  return {
    record: async (row, hold = null) => {
      const outcome = await batcher.add({ kind: "settle", row: storable({ loss_nano: 0n, ...row }), hold });
      if (outcome.kind !== "settled") throw new Error(`a settlement was answered with ${outcome.kind}`);
      return outcome;
    },
    submit: (command) => batcher.add(command),
    close: async () => {
      await batcher.drain();
      await sink.close();
    },
  };
}

function postgresSink({ books, engine }: Storage, clock: Clock): Sink {
  return {
    flush: (commands) => keepKyselyBooks({ db: books, engine }, commands, clock.nowMs()),
    isFaultOfRow: (error) => error instanceof Error && "code" in error && DATA_ERROR.test(String(error.code)),
    close: () => Promise.resolve(),
  };
}

/** PostgreSQL's classes 22 (data exception) and 23 (integrity constraint violation). */
const DATA_ERROR = /^2[23][0-9A-Z]{3}$/;
