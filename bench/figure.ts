/** What a benchmark hands back: figures with their unit and sample size, as a table for people or a line each for programs. */

export interface Figure {
  figure: string;
  /** Null when it could not be measured; `missing` then says why. */
  value: number | null;
  unit: string;
  /** How many measurements stand behind the value. */
  n: number;
  missing?: string;
}

export interface BenchOptions {
  /** End within 45 seconds, with a smaller n. */
  quick: boolean;
  /** A file of recorded calls to judge, for the benchmark that can; null for its own. */
  trace: string | null;
  /** How long a benchmark that lasts goes on; null for its own measure. */
  minutes: number | null;
  /** Tells people what is going on; never part of the result. */
  note(line: string): void;
}

export interface BenchReport {
  figures: Figure[];
  /** Promises that did not hold during the run, a sentence each. Any of them makes the command fail. */
  broken: string[];
}

export interface Bench {
  name: string;
  /** One line for the list of names. */
  summary: string;
  run(options: BenchOptions): Promise<BenchReport>;
}

/** One JSON object, without a line break. */
export function figureLine({ figure, value, unit, n, missing }: Figure): string {
  return JSON.stringify({
    figure,
    value: value === null ? null : rounded(value),
    unit,
    n,
    ...(missing && { missing }),
  });
}

/** The figures under each other, values aligned at their last digit. */
export function figureTable(figures: readonly Figure[]): string {
  const rows = figures.map(({ figure, value, unit, n, missing }) => ({
    figure,
    value: value === null ? "missing" : shown(value),
    rest: `${unit.padEnd(10)} n = ${n}${missing === undefined ? "" : `   ${missing}`}`,
  }));
  const nameWidth = Math.max(...rows.map((row) => row.figure.length));
  const valueWidth = Math.max(...rows.map((row) => row.value.length));
  return rows
    .map((row) => `  ${row.figure.padEnd(nameWidth)}  ${row.value.padStart(valueWidth)} ${row.rest}`)
    .join("\n");
}

/** Three significant digits say all that a machine with neighbours can know; whole numbers stay whole. */
function rounded(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}

/** The value as people read it. */
export function shown(value: number): string {
  return rounded(value).toLocaleString("en-US", { maximumFractionDigits: 3 });
}
