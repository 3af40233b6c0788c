/** One attempt that is under way: what ends it, whoever wants it to end and whatever the adapter is waiting for. */
import { Stop, type StopSignal } from "../transport/stop-signal.ts";
import type { TransportError } from "../transport/transport.ts";

export class RunningAttempt {
  /** True for one that was ended because another was faster. */
  isLost = false;
  /** What it may have cost the operator then. */
  lostCostNano: bigint | null = null;
  readonly #stop = new Stop();
  #reject: ((reason: TransportError) => void) | undefined;

  get signal(): StopSignal {
    return this.#stop;
  }

  /** Ends it. Who waits for `bounded` hears so at once. */
  end(reason: TransportError): void {
    this.#stop.abort();
    this.#reject?.(reason);
  }

  /** What `work` gives, unless the attempt is ended before. What comes too late is given to `late`. */
  bounded<Result>(work: Promise<Result>, late: (result: Result) => void): Promise<Result> {
    return new Promise((resolve, reject) => {
      let isOver = false;
      this.#reject = (reason) => {
        isOver = true;
        reject(reason);
      };
      work.then((result) => (isOver ? late(result) : resolve(result)), reject);
    });
  }
}
