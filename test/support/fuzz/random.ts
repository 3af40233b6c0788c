/** Randomness that a number repeats. */
export interface Random {
  /** From 0 up to, but without, 1. */
  next(): number;
  /** From 0 up to, but without, `below`. */
  whole(below: number): number;
  pick<Value>(values: readonly Value[]): Value;
  chance(share: number): boolean;
}

/** Mulberry32: 32 bits of state, good enough to choose rubbish with. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const whole = (below: number) => Math.floor(next() * below);
  return {
    next,
    whole,
    pick: <Value>(values: readonly Value[]) => values[whole(values.length)] as Value,
    chance: (share) => next() < share,
  };
}
