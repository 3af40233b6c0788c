/** Reads an export and our rows of the same provider and time, and compares the two. */
import { DAY_MS } from "../../kernel/windows.ts";
import { Comparer, type Comparison, type OurRow } from "./compare.ts";
import type { ProviderEntry } from "./entry.ts";
import { ExportProblem, readExport } from "./read-export.ts";

export interface ReconcileRequest {
  text: string;
  /** The slug of the connection; null for the one that the export's format suggests. */
  provider: string | null;
  /** Epoch milliseconds; null for where the export begins and ends. */
  fromMs: number | null;
  toMs: number | null;
}

export interface Reconciliation extends Comparison {
  format: string;
  provider: string;
  fromMs: number;
  /** The first millisecond that is not looked at. */
  toMs: number;
}

/** Our rows that a provider answered, in portions. */
export interface OurRows {
  of(provider: string, fromMs: number, toMs: number): AsyncIterable<readonly OurRow[]>;
}

/** Throws ExportProblem. */
export async function reconcile(request: ReconcileRequest, rows: OurRows): Promise<Reconciliation> {
  const { format, entries } = readExport(request.text);
  const provider = request.provider ?? format.provider;
  if (provider === null) throw new ExportProblem("The file does not say whose it is. Name the provider.");
  const { fromMs, toMs } = periodOf(entries, request);
  const within = entries.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
  if (within.length === 0) throw new ExportProblem("The file lists no use in this time.");
  const comparer = new Comparer(within);
  for await (const portion of rows.of(provider, fromMs, toMs)) comparer.addOurs(portion);
  return { format: format.name, provider, fromMs, toMs, ...comparer.result() };
}

/** Whole UTC days, because that is how providers add up. */
function periodOf(entries: readonly ProviderEntry[], { fromMs, toMs }: ReconcileRequest) {
  const times = entries.map(({ atMs }) => atMs);
  const first = times.reduce((least, atMs) => Math.min(least, atMs), Number.POSITIVE_INFINITY);
  const last = times.reduce((most, atMs) => Math.max(most, atMs), Number.NEGATIVE_INFINITY);
  return {
    fromMs: fromMs ?? Math.floor(first / DAY_MS) * DAY_MS,
    toMs: toMs ?? (Math.floor(last / DAY_MS) + 1) * DAY_MS,
  };
}
