/**
 * Whether the writer can write: known without asking, so that a call can be refused before a provider works for it.
 *
 * Invariants: a full disk is believed at once, anything else when it fails twice in a row or gives no answer for a while,
 * because one broken connection is replaced unnoticed; whatever is written ends it. While it lasts somebody looks every
 * second, since refused calls write nothing that could show that all is well again.
 */
import { type StorageTrouble, troubleOf } from "../../kernel/storage-trouble.ts";

const FAILURES_UNTIL_GONE = 2;

export interface TroubleOptions {
  /** Tries to write. Called while there is trouble, and not again before it has come back. */
  look(): Promise<void>;
  lookEveryMs: number;
  /** A batch that gives no answer for so long is trouble. */
  patienceMs: number;
}

export class WriteTrouble {
  current: StorageTrouble | null = null;
  readonly #options: TroubleOptions;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isOver = false;

  constructor(options: TroubleOptions) {
    this.#options = options;
  }

  /** Does it, and learns from what comes of it. What is the fault of the values says nothing of the database. */
  async watch<Result>(write: () => Promise<Result>, isFaultOfRow: (error: unknown) => boolean): Promise<Result> {
    const late = setTimeout(() => this.#begin("gone"), this.#options.patienceMs);
    late.unref();
    try {
      const result = await write();
      this.#end();
      return result;
    } catch (error) {
      if (isFaultOfRow(error)) this.#end();
      else this.#failed(error);
      throw error;
    } finally {
      clearTimeout(late);
    }
  }

  /** Looks no more. */
  close(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  #failed(error: unknown): void {
    this.#failures++;
    const trouble = troubleOf(error);
    if (trouble === "full" || this.#failures >= FAILURES_UNTIL_GONE) this.#begin(trouble);
  }

  #begin(trouble: StorageTrouble): void {
    this.current = trouble;
    this.#lookLater();
  }

  #end(): void {
    this.current = null;
    this.#failures = 0;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #lookLater(): void {
    if (this.#timer !== undefined || this.#isOver) return;
    this.#timer = setTimeout(() => void this.#look(), this.#options.lookEveryMs);
    this.#timer.unref();
  }

  async #look(): Promise<void> {
    await this.#options.look();
    this.#timer = undefined;
    if (this.current !== null) this.#lookLater();
  }
}
