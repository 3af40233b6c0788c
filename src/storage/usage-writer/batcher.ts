/**
 * Group commit: rows that arrive while a batch is being written wait for it and go together in the next one, so a
 * durable write is shared by all requests that end in the same moment. Where many rows come close together, a batch waits
 * a few milliseconds for as many as there were lately: half of what a row costs is the commit that it shares.
 *
 * Invariants: one batch in flight; a row's promise resolves only when its batch is durable; at most `maxWaiting` rows
 * wait, more are refused at once. A batch that fails is tried again until `retryForMs` has passed; writing must
 * therefore be harmless when repeated. A row that the database can never take is refused alone: its neighbours in the
 * batch are written.
 */
export interface BatcherOptions<Row, Result> {
  /** Makes the rows durable, all or none, and says of each what came of it. */
  flush(rows: Row[]): Promise<Result[]>;
  /** Whether an error is the fault of what a row holds, so that trying again cannot help. */
  isFaultOfRow(error: unknown): boolean;
  maxBatch: number;
  maxWaiting: number;
  /** How long a batch waits for company, in busy times. */
  gatherMs: number;
  retryForMs: number;
  retryEveryMs: number;
}

/** A batch of fewer was written in no busy time. */
const BUSY_ROWS = 4;
/** Nor was one that is longer ago. */
const BUSY_WITHIN_MS = 20;

interface Waiting<Row, Result> {
  row: Row;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

export class Batcher<Row, Result> {
  readonly #options: BatcherOptions<Row, Result>;
  #waiting: Waiting<Row, Result>[] = [];
  #running: Promise<void> | null = null;
  /** Rows of the last batch, and when it was written. */
  #lastRows = 0;
  #lastMs = 0;
  /** Calls off the wait of a batch that has the company it waits for. */
  #gathering: { rows: number; enough(): void } | null = null;

  constructor(options: BatcherOptions<Row, Result>) {
    this.#options = options;
  }

  /** Resolves when the row is durable. */
  add(row: Row): Promise<Result> {
    if (this.#waiting.length >= this.#options.maxWaiting) {
      return Promise.reject(new Error(`${this.#options.maxWaiting} records wait to be written; no more are taken`));
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ row, resolve, reject });
      if (this.#gathering && this.#waiting.length >= this.#gathering.rows) this.#gathering.enough();
      this.#running ??= this.#run();
    });
  }

  /** Does something before the next batch, if none is under way. Its failure is nobody's. */
  async whenIdle(work: () => Promise<unknown>): Promise<void> {
    if (this.#running) return;
    this.#running = work()
      .catch(() => undefined)
      .then(() => this.#run());
    await this.#running;
  }

  /** Resolves when nothing waits any more. */
  async drain(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async #run(): Promise<void> {
    // Let every request that ends in this turn of the loop join the first batch.
    await new Promise<void>((resolve) => setImmediate(resolve));
    // Who comes after a moment of rest is one of those that the last batch has answered, where the same callers come again.
    let expected = this.#lastRows;
    while (this.#waiting.length > 0) {
      if (this.#isBusy()) await this.#gather(Math.min(expected, this.#options.maxBatch));
      const batch = this.#waiting.splice(0, this.#options.maxBatch);
      await this.#settle(batch);
      this.#lastRows = batch.length;
      this.#lastMs = performance.now();
      // And who waits by now is somebody else.
      expected = batch.length + this.#waiting.length;
    }
    this.#running = null;
  }

  #isBusy(): boolean {
    return this.#lastRows >= BUSY_ROWS && performance.now() - this.#lastMs < BUSY_WITHIN_MS;
  }

  /** Resolves when so many rows wait, or soon. */
  async #gather(rows: number): Promise<void> {
    if (this.#waiting.length >= rows) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, this.#options.gatherMs);
    this.#gathering = { rows, enough: resolve };
    await promise;
    this.#gathering = null;
    clearTimeout(timer);
  }

  async #settle(batch: Waiting<Row, Result>[]): Promise<void> {
    try {
      const results = await this.#write(batch.map((waiting) => waiting.row));
      if (results.length !== batch.length) throw new Error("a batch was written without saying what came of each row");
      for (const [index, result] of results.entries()) batch[index]?.resolve(result);
    } catch (error) {
      if (batch.length > 1 && this.#options.isFaultOfRow(error)) {
        for (const waiting of batch) await this.#settle([waiting]);
      } else for (const waiting of batch) waiting.reject(error);
    }
  }

  async #write(rows: Row[]): Promise<Result[]> {
    const giveUpAtMs = performance.now() + this.#options.retryForMs;
    for (;;) {
      try {
        return await this.#options.flush(rows);
      } catch (error) {
        if (this.#options.isFaultOfRow(error)) throw error;
        if (performance.now() + this.#options.retryEveryMs >= giveUpAtMs) throw error;
        await new Promise((resolve) => setTimeout(resolve, this.#options.retryEveryMs));
      }
    }
  }
}
