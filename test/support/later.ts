import { type Clock, systemClock } from "../../src/kernel/clock.ts";

/** Longer than any provider is left alone. */
export const FORGIVEN_MS = 2 * 60_000;

/** The system's clock, whose durations a test can lengthen: what is waited out has then passed. */
export function movableClock(): { clock: Clock; pass(ms: number): void; hold(): void } {
  let passedMs = 0;
  let heldMs: number | null = null;
  return {
    clock: {
      nowMs: () => heldMs ?? systemClock.nowMs(),
      monotonicMs: () => systemClock.monotonicMs() + passedMs,
    },
    pass: (ms) => {
      passedMs += ms;
    },
    hold: () => {
      heldMs = systemClock.nowMs();
    },
  };
}
