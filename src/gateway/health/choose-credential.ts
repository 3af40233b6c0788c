/** Which of several credentials a request goes with. Pure. */

export interface Weighted {
  /** Lower is used first; a higher one only while none of the lower can be. */
  priority: number;
  /** Its share among those of the same priority. */
  weight: number;
}

/** Draws one of the usable by weight, among those of the lowest priority. `random` gives a number from 0 to 1. */
export function chooseCredential<One extends Weighted>(usable: readonly One[], random: () => number): One | undefined {
  const [first] = usable;
  if (usable.length < 2 || first === undefined) return first;
  const lowest = usable.reduce((least, { priority }) => Math.min(least, priority), first.priority);
  const drawn = usable.filter(({ priority }) => priority === lowest);
  let point = random() * drawn.reduce((sum, { weight }) => sum + weight, 0);
  for (const one of drawn) {
    point -= one.weight;
    if (point < 0) return one;
  }
  return drawn.at(-1);
}
