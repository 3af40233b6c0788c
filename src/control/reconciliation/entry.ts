/** What a provider's export says, whatever its columns are called. */
import type { NanoUsd } from "../../kernel/money.ts";

/** One line: a request where the export lists requests, else a sum of them. */
export interface ProviderEntry {
  /** The provider's id of the answer; null where the line is a sum. */
  id: string | null;
  /** When the request was, or when the time that was summed begins. */
  atMs: number;
  /** As the provider calls it; null where it does not say. */
  model: string | null;
  /** Null where the export does not count them. */
  requests: number | null;
  /** All of them, read from a cache or not. */
  inputTokens: number | null;
  outputTokens: number | null;
  costNano: NanoUsd | null;
}

export interface ExportFormat {
  /** As people know it. */
  name: string;
  /** The slug that such a provider usually has here; null where nobody can tell. */
  provider: string | null;
  /** A file with all of these columns is of this format. */
  columns: readonly string[];
  /** One line, or null for one that says nothing. Throws CellProblem. */
  read(row: Cells): ProviderEntry | null;
}

/** A cell that cannot be read; in words for whoever has the file. */
export class CellProblem extends Error {}

/** The cells of one line by the names of their columns. */
export class Cells {
  readonly #values: ReadonlyMap<string, string>;

  constructor(values: ReadonlyMap<string, string>) {
    this.#values = values;
  }

  /** Null for an empty cell and for a column that is not there. */
  text(column: string): string | null {
    const value = this.#values.get(column)?.trim() ?? "";
    return value === "" ? null : value;
  }

  columns(): string[] {
    return [...this.#values.keys()];
  }

  /** A whole number; null for none. */
  count(column: string): number | null {
    const value = this.text(column);
    if (value === null) return null;
    if (/^\d{1,15}(?:\.0+)?$/.test(value)) return Number(value);
    throw new CellProblem(`${column} must be a whole number, not "${value.slice(0, 40)}"`);
  }

  /** Dollars; what is finer than a nano-dollar is rounded to the nearest. Null for none. */
  amount(column: string): NanoUsd | null {
    const value = this.text(column);
    if (value === null) return null;
    const nano = nearestNano(value);
    if (nano === undefined) throw new CellProblem(`${column} must be an amount, not "${value.slice(0, 40)}"`);
    return nano;
  }

  /** Epoch milliseconds of a day, of a time (UTC where it does not say), or of epoch seconds. */
  time(column: string): number {
    const value = this.text(column) ?? "";
    const timeMs = /^\d{9,11}$/.test(value) ? Number(value) * 1000 : Date.parse(asUtc(value));
    if (!Number.isNaN(timeMs)) return timeMs;
    throw new CellProblem(`${column} must be a day or a time, not "${value.slice(0, 40)}"`);
  }
}

/** `2027-03-01`, `2027-03-01 02:37`, `2027-03-01T02:37:51.271+00:00`: what JavaScript would take for local time is UTC. */
function asUtc(text: string): string {
  const match = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d:?\d\d| UTC)?)?$/.exec(text);
  if (!match) return "";
  const [, day = "", clock, zone = "Z"] = match;
  if (clock === undefined) return `${day}T00:00:00Z`;
  return `${day}T${clock.length === 5 ? `${clock}:00` : clock}${zone === " UTC" ? "Z" : zone}`;
}

/** A decimal amount of dollars as nano-dollars, the half rounded up; undefined for no number. */
export function nearestNano(text: string): NanoUsd | undefined {
  const match = /^(-?)\$?(\d{1,12})(?:\.(\d{1,40}))?(?:[eE]([+-]?\d{1,2}))?$/.exec(text);
  if (!match) return undefined;
  const [, sign, whole = "0", fraction = "", exponent = "0"] = match;
  const shift = 9 + Number(exponent) - fraction.length;
  const digits = BigInt(whole + fraction);
  const nano =
    shift >= 0 ? digits * 10n ** BigInt(shift) : (digits * 2n + 10n ** BigInt(-shift)) / (2n * 10n ** BigInt(-shift));
  return sign === "-" ? -nano : nano;
}
