/** Time as an argument: everything that decides by time takes a Clock, so tests can hold it still. */
export interface Clock {
  /** Wall clock, epoch milliseconds. For stamps and windows. */
  nowMs(): number;
  /** Monotonic milliseconds with a fraction. For durations only; its zero means nothing. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};
