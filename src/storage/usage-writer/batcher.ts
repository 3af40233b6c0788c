/**
 * Group commit: rows that arrive while a batch is being written wait for it and go together in the next one, so a
 * durable write is shared by all requests that end in the same moment.
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
  retryForMs: number;
  retryEveryMs: number;
}

interface Waiting<Row, Result> {
  row: Row;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

export class Batcher<Row, Result> {
  readonly #options: BatcherOptions<Row, Result>;
  #waiting: Waiting<Row, Result>[] = [];
  #running: Promise<void> | null = null;

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
    while (this.#waiting.length > 0) {
      await this.#settle(this.#waiting.splice(0, this.#options.maxBatch));
    }
    this.#running = null;
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
