/** How the work that comes back is doing: when each job ran, when it runs next, and what it failed with. */
import type { Clock } from "../kernel/clock.ts";

export interface JobState {
  name: string;
  everyMs: number;
  isRunning: boolean;
  /** When the last run that has ended began, and how long it took. */
  lastRunAt: number | null;
  lastRunMs: number | null;
  /** Null while it is running. */
  nextRunAt: number | null;
  /** Null where the last run went well. */
  error: { at: number; text: string } | null;
}

const LONGEST_ERROR = 500;

export class JobBoard {
  readonly #clock: Clock;
  readonly #jobs = new Map<string, JobState>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The same work, watched. What it throws it still throws. */
  watched(name: string, everyMs: number, work: () => Promise<void>): () => Promise<void> {
    const first = { isRunning: false, lastRunAt: null, lastRunMs: null, nextRunAt: this.#clock.nowMs() + everyMs };
    const state: JobState = { name, everyMs, ...first, error: null };
    this.#jobs.set(name, state);
    return async () => {
      const startedAt = this.#clock.nowMs();
      const startedMs = this.#clock.monotonicMs();
      Object.assign(state, { isRunning: true, nextRunAt: null });
      try {
        await work();
        state.error = null;
      } catch (error) {
        const text = error instanceof Error ? error.message : String(error);
        state.error = { at: this.#clock.nowMs(), text: text.slice(0, LONGEST_ERROR) };
        throw error;
      } finally {
        const lastRunMs = Math.round(this.#clock.monotonicMs() - startedMs);
        const nextRunAt = this.#clock.nowMs() + everyMs;
        Object.assign(state, { isRunning: false, lastRunAt: startedAt, lastRunMs, nextRunAt });
      }
    };
  }

  /** In the order of their names. */
  states(): JobState[] {
    return [...this.#jobs.values()]
      .map((job) => ({ ...job }))
      .toSorted((one, other) => (one.name < other.name ? -1 : 1));
  }
}
