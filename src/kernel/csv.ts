import { isNumeric } from "./money-text.ts";

/** One line of CSV after RFC 4180. A cell that a spreadsheet would take for a formula begins with an apostrophe. */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(cellOf).join(",")}\r\n`;
}

/** What the makers of spreadsheets let a formula begin with; and what lets it begin after nothing that one sees. */
const FORMULA = /^[\s\0]*[=+\-@\t\r\n|%\0\uFF0B\uFF0D\uFF1D\uFF20]/;

function cellOf(cell: string | number | null): string {
  if (cell === null) return "";
  const text = String(cell);
  const safe = FORMULA.test(text) && !isNumeric(text) ? `'${text}` : text;
  return /[",\r\n\0]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
