/** Calls that have not begun to answer, for the moment when the process can wait for them no longer. */
import type { GapuraError } from "../kernel/errors.ts";

export class Closing {
  readonly #stops = new Set<() => void>();
  /** Why everything ends; null while nothing does. */
  reason: GapuraError | null = null;

  /** Keeps what stops a call until the returned function is called. */
  add(stop: () => void): () => void {
    this.#stops.add(stop);
    if (this.reason !== null) stop();
    return () => this.#stops.delete(stop);
  }

  /** Stops everything that was added and is not over. */
  end(reason: GapuraError): void {
    this.reason = reason;
    for (const stop of [...this.#stops]) stop();
  }
}
