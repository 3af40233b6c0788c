import { isNumeric } from "../../../src/kernel/money-text.ts";

export type CsvRow = readonly (string | number | null)[];

/** Rows as CSV, for spreadsheets. What would be taken for a formula there is kept from being one. */
export function csvText(rows: readonly CsvRow[]): string {
  return `${rows.map((row) => row.map(cellText).join(",")).join("\r\n")}\r\n`;
}

function cellText(value: string | number | null): string {
  if (value === null) return "";
  // An amount below nothing is a number and no formula.
  const isFormula = typeof value === "string" && /^[=+\-@\t\r]/.test(value) && !isNumeric(value);
  const text = isFormula ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
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
