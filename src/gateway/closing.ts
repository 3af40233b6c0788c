/** Calls that have not begun to answer, for the moment when the process can wait for them no longer. */
import type { GapuraError } from "../kernel/errors.ts";
import { Roster, type Seated } from "../kernel/roster.ts";

/** A call that can be stopped. */
export interface Stoppable extends Seated {
  stop(): void;
}

export class Closing {
  readonly #calls = new Roster<Stoppable>();
  /** Why everything ends; null while nothing does. */
  reason: GapuraError | null = null;

  /** Where everything ends already, the call is stopped at once. */
  add(call: Stoppable): void {
    this.#calls.add(call);
    if (this.reason !== null) call.stop();
  }

  remove(call: Stoppable): void {
    this.#calls.delete(call);
  }

  /** Stops everything that was added and is not over. */
  end(reason: GapuraError): void {
    this.reason = reason;
    for (const call of this.#calls.all()) call.stop();
  }
}
