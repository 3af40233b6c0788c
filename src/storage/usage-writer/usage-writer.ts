/**
 * Makes usage rows durable, many at a time, and keeps the ledger's books in the same transactions. `record` resolves when
 * the row, its sums and the end of its hold are committed (with SQLite: synced to disk), which is what lets an answer end.
 */
import { type Clock, systemClock } from "../../kernel/clock.ts";
import type { StorageTrouble } from "../../kernel/storage-trouble.ts";
import type { Command, HeldMoney, Outcome } from "../ledger/commands.ts";
import type { Storage } from "../open.ts";
import type { UsageRow } from "../schema.ts";
import { Batcher } from "./batcher.ts";
import { askKyselyForRoom, keepKyselyBooks } from "./kysely-rows.ts";
import { storable } from "./rows.ts";
import { createSqliteSink } from "./sqlite-sink.ts";
import { WriteTrouble } from "./write-trouble.ts";

const LIMITS = { maxBatch: 500, maxWaiting: 50_000, gatherMs: 3, retryForMs: 5_000, retryEveryMs: 100 };
/** A statement is ended by the server sooner than a batch is waited for; calls are let go sooner still. */
const TROUBLE = { lookEveryMs: 1_000, patienceMs: 5_000 };

export type SettledOutcome = Extract<Outcome, { kind: "settled" }>;

export interface UsageWriter {
  /** Keeps the row and ends the hold. */
  record(row: UsageRow, hold?: HeldMoney | null): Promise<SettledOutcome>;
  /** Any other bookkeeping, in the same transactions. */
  submit(command: Command): Promise<Outcome>;
  /** Why nothing can be written at this moment; null while it can. */
  trouble(): StorageTrouble | null;
  /** Writes what waits, then lets go of the database. */
  close(): Promise<void>;
}

/** Where batches go. */
export interface Sink {
  flush(commands: Command[]): Promise<Outcome[]>;
  /** Writes something that needs room, and nothing that counts. Not while a batch is flushed. */
  askForRoom(): Promise<void>;
  isFaultOfRow(error: unknown): boolean;
  close(): Promise<void>;
}

export function createUsageWriter(storage: Storage, clock: Clock = systemClock): UsageWriter {
  const sink =
    storage.file === null ? postgresSink(storage, clock) : createSqliteSink({ ...storage, file: storage.file }, clock);
  const { isFaultOfRow } = sink;
  const flush = (commands: Command[]) => trouble.watch(() => sink.flush(commands), isFaultOfRow);
  const batcher = new Batcher<Command, Outcome>({ flush, isFaultOfRow, ...LIMITS });
  const look = () => batcher.whenIdle(() => trouble.watch(sink.askForRoom, isFaultOfRow));
  const trouble = new WriteTrouble({ look, ...TROUBLE });
  return {
    record: (row, hold = null) => batcher.add({ kind: "settle", row: storable(row), hold }).then(settledOnly),
    submit: (command) => batcher.add(command),
    trouble: () => trouble.current,
    close: async () => {
      trouble.close();
      await batcher.drain();
      await sink.close();
    },
  };
}

function settledOnly(outcome: Outcome): SettledOutcome {
  if (outcome.kind !== "settled") throw new Error(`a settlement was answered with ${outcome.kind}`);
  return outcome;
}

function postgresSink({ books, engine }: Storage, clock: Clock): Sink {
  return {
    flush: (commands) => keepKyselyBooks({ db: books, engine }, commands, clock.nowMs()),
    askForRoom: () => askKyselyForRoom(books, clock.nowMs()),
    isFaultOfRow: (error) => error instanceof Error && "code" in error && DATA_ERROR.test(String(error.code)),
    close: () => Promise.resolve(),
  };
}

/** PostgreSQL's classes 22 (data exception) and 23 (integrity constraint violation). */
const DATA_ERROR = /^2[23][0-9A-Z]{3}$/;
