/**
 * A usage writer in the test's own process that can be made to fail at any question of its next transaction, or after
 * the commit when nobody hears of it. Everything else is the product's: the books, the batches, the tries again.
 */
import { MissingLimits } from "../../../src/storage/ledger/books.ts";
import type { Command, Outcome } from "../../../src/storage/ledger/commands.ts";
import { type Conversation, dialectOf } from "../../../src/storage/ledger/conversation.ts";
import { keepBooks } from "../../../src/storage/ledger/keep-books.ts";
import { makeLimits } from "../../../src/storage/ledger/make-limits.ts";
import type { Storage } from "../../../src/storage/open.ts";
import { Batcher } from "../../../src/storage/usage-writer/batcher.ts";
import { converse } from "../../../src/storage/usage-writer/kysely-rows.ts";
import { storable } from "../../../src/storage/usage-writer/rows.ts";
import type { UsageWriter } from "../../../src/storage/usage-writer/usage-writer.ts";

/** Where the next transaction fails: at its k-th question, or after its commit. */
export type Fault = number | "after commit";

export interface FaultyWriter extends UsageWriter {
  /** Fails once. Forgotten when the next transaction asks fewer questions. */
  failNext(fault: Fault): void;
  /** How many questions were asked in all, and how many transactions there were. */
  readonly questions: number;
  readonly transactions: number;
}

/** `fail` is what happens at the place that was named; unless it ends the process, the transaction fails. */
export function createFaultyWriter(storage: Storage, clock: { nowMs(): number }, fail = () => {}): FaultyWriter {
  const dialect = dialectOf(storage.engine);
  let fault: Fault | null = null;
  let questions = 0;
  let transactions = 0;

  function failed(message: string): never {
    fail();
    throw new Error(message);
  }

  function* watched<Result>(conversation: Conversation<Result>): Conversation<Result> {
    let asked = 0;
    let step = conversation.next();
    while (!step.done) {
      if (fault === asked++) failed("the database failed");
      questions++;
      step = conversation.next(yield step.value);
    }
    return step.value;
  }

  async function transact<Result>(conversation: Conversation<Result>): Promise<Result> {
    transactions++;
    const armed = fault;
    try {
      const result = await converse(storage, watched(conversation));
      if (armed === "after commit") failed("the answer to the commit was lost");
      return result;
    } finally {
      fault = null;
    }
  }

  async function flush(commands: Command[]): Promise<Outcome[]> {
    for (;;) {
      try {
        return await transact(keepBooks(commands, { dialect, nowMs: clock.nowMs() }));
      } catch (error) {
        if (!(error instanceof MissingLimits)) throw error;
        await transact(makeLimits(dialect, error.ids));
      }
    }
  }

  const limits = { maxBatch: 500, maxWaiting: 50_000, gatherMs: 1, retryForMs: 5_000, retryEveryMs: 1 };
  const batcher = new Batcher<Command, Outcome>({ flush, isFaultOfRow: () => false, ...limits });
  return {
    record: async (row, hold = null) => {
      const outcome = await batcher.add({ kind: "settle", row: storable({ loss_nano: 0n, ...row }), hold });
      if (outcome.kind !== "settled") throw new Error(`a settlement was answered with ${outcome.kind}`);
      return outcome;
    },
    submit: (command) => batcher.add(command),
    trouble: () => null,
    close: () => batcher.drain(),
    failNext: (next) => {
      fault = next;
    },
    get questions() {
      return questions;
    },
    get transactions() {
      return transactions;
    },
  };
}
