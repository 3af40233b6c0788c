/**
 * Whether a recorded commit costs more than those before it. Ratios of one run are compared, never times, and only with
 * runs on the same kind of machine that were measured in the same way; how a cost grows with an instance compares everywhere.
 */

/** The ratios of one commit. */
export interface Recorded {
  commit: string;
  machine: string;
  /** Which way of measuring it was. */
  method: number;
  ratios: ReadonlyMap<string, number>;
  /** Figures that somebody has looked at and given a reason for. */
  accepted: ReadonlySet<string>;
}

/** What a governed request costs over the floors, and over one without limits. */
const HELD = [
  "governed_over_bun",
  "governed_over_nginx",
  "governed_over_plain",
  "gapura_governed_over_bun_20k",
  "gapura_governed_over_bun_stream",
];
/** Runs of the same commit differ by a tenth. */
const NOISE = 1.2;
/** 1 is flat. */
const FLAT = ["keys_growth", "models_growth", "rules_growth", "rows_growth"];
const MOST_GROWTH = 1.3;

/** A sentence for each figure of the newest commit that is worse than the last one like it. The oldest comes first. */
export function regressions(runs: readonly Recorded[]): string[] {
  const newest = runs.at(-1);
  if (newest === undefined) return [];
  const earlier = runs
    .slice(0, -1)
    .filter(({ machine, method }) => machine === newest.machine && method === newest.method);
  const isOpen = (figure: string) => !newest.accepted.has(figure);
  const worse = HELD.filter(isOpen).flatMap((figure) => {
    const now = newest.ratios.get(figure);
    const last = earlier.findLast(({ ratios }) => ratios.has(figure));
    const then = last?.ratios.get(figure);
    if (last === undefined || then === undefined || now === undefined || now <= then * NOISE) return [];
    return [`${figure} went from ${then} (${last.commit}) to ${now} (${newest.commit}).`];
  });
  const grown = FLAT.filter(isOpen).flatMap((figure) => {
    const now = newest.ratios.get(figure) ?? 1;
    return now <= MOST_GROWTH ? [] : [`${figure} is ${now} (${newest.commit}).`];
  });
  return [...worse, ...grown];
}
