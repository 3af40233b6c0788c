import { csvLine } from "../../../src/kernel/csv.ts";

export type CsvRow = readonly (string | number | null)[];

/** Rows as CSV, for spreadsheets: what would be taken for a formula there is kept from being one. */
export function csvText(rows: readonly CsvRow[]): string {
  return rows.map(csvLine).join("");
}

/** A time as every spreadsheet reads it, in UTC. */
export function csvTime(timeMs: number | null): string | null {
  return timeMs === null ? null : new Date(timeMs).toISOString();
}

/** Gives the browser a file to keep. */
export function saveFile(name: string, type: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
