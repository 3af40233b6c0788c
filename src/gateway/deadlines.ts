/**
 * What must have happened by when, for all calls together: one ticking clock instead of a timer for each phase of each
 * attempt. A deadline is noticed at most one tick late.
 */
import type { Clock } from "../kernel/clock.ts";
import { Roster, type Seated } from "../kernel/roster.ts";

export const DEADLINE_TICK_MS = 100;
/** How long it goes on ticking when there is nothing to wait for: calls come one after the other. */
const IDLE_TICKS = 100;

export interface Deadline extends Seated {
  /** Monotonic. May be moved while it is waited for. */
  dueMs: number;
  /** Called once, unless the deadline was moved or removed before. */
  onDue(): void;
}

export class Deadlines {
  readonly #waiting = new Roster<Deadline>();
  readonly #clock: Pick<Clock, "monotonicMs">;
  #timer: ReturnType<typeof setInterval> | undefined;
  #idleTicks = 0;

  constructor(clock: Pick<Clock, "monotonicMs">) {
    this.#clock = clock;
  }

  add(deadline: Deadline): void {
    this.#waiting.add(deadline);
    if (this.#timer !== undefined) return;
    this.#timer = setInterval(() => this.tick(), DEADLINE_TICK_MS);
    this.#timer.unref();
  }

  remove(deadline: Deadline): void {
    this.#waiting.delete(deadline);
  }

  /** Looks at every deadline once. Called by the timer; public so that a test need not wait for it. */
  tick(): void {
    const nowMs = this.#clock.monotonicMs();
    this.#idleTicks = this.#waiting.size === 0 ? this.#idleTicks + 1 : 0;
    if (this.#idleTicks >= IDLE_TICKS) {
      clearInterval(this.#timer);
      this.#timer = undefined;
      this.#idleTicks = 0;
    }
    for (const deadline of this.#waiting.filter(({ dueMs }) => dueMs <= nowMs)) {
      // Moved or removed by one before it.
      if (nowMs < deadline.dueMs || !this.#waiting.has(deadline)) continue;
      this.#waiting.delete(deadline);
      deadline.onDue();
    }
  }
}
