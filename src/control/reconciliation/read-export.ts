/**
 * Reads a provider's export: CSV with a heading, or JSON lines. Which provider's it is, its columns say.
 *
 * Invariants: either every line was understood, or the first that was not is named and nothing is compared.
 */
import { CsvError, parse } from "csv-parse/sync";
import { isJsonObject, parseJson } from "../../kernel/json.ts";
import { CellProblem, Cells, type ExportFormat, type ProviderEntry } from "./entry.ts";
import { anthropicCosts, anthropicUsage } from "./formats/anthropic.ts";
import { openaiCosts, openaiUsage } from "./formats/openai.ts";
import { openrouterActivity } from "./formats/openrouter.ts";
import { plainUsage } from "./formats/plain.ts";

/** The plain one is last: its few columns might stand in another's. */
const FORMATS: readonly ExportFormat[] = [
  openrouterActivity,
  openaiUsage,
  openaiCosts,
  anthropicUsage,
  anthropicCosts,
  plainUsage,
];

export interface ReadExport {
  format: Pick<ExportFormat, "name" | "provider">;
  entries: ProviderEntry[];
}

/** A file that cannot be compared; the message is for whoever has it. */
export class ExportProblem extends Error {}

/** Throws ExportProblem. */
export function readExport(text: string): ReadExport {
  const plainText = text.replace(/^\uFEFF/, "");
  if (plainText.trim() === "") throw new ExportProblem("The file is empty.");
  const read = plainText.trimStart().startsWith("{") ? readLines(plainText) : readTable(plainText);
  if (read.entries.length === 0) throw new ExportProblem("The file lists no use at all.");
  return read;
}

function readTable(text: string): ReadExport {
  const [heading, ...rows] = tableOf(text);
  const columns = (heading?.cells ?? []).map((column) => column.trim().toLowerCase());
  const format = FORMATS.find((known) => known.columns.every((column) => columns.includes(column)));
  if (format === undefined) {
    const known = FORMATS.map(({ name, columns: needed }) => `${name} (${needed.join(", ")})`).join("; ");
    throw new ExportProblem(`The columns are of no known export. Known are: ${known}.`);
  }
  const entries = rows.flatMap(({ cells: values, line }) => {
    const cells = new Cells(new Map(columns.map((column, place) => [column, values[place] ?? ""])));
    return readLine(format, cells, line);
  });
  return { format, entries };
}

interface TableRow {
  cells: string[];
  line: number;
}

function tableOf(text: string): TableRow[] {
  const rows: TableRow[] = [];
  const delimiter = text.slice(0, text.search(/[\r\n]|$/)).includes("\t") ? "\t" : ",";
  try {
    parse(text, {
      delimiter,
      relax_column_count: true,
      skip_empty_lines: true,
      on_record: (cells: string[], { lines }) => {
        rows.push({ cells, line: lines });
        return null;
      },
    });
    return rows;
  } catch (error) {
    if (error instanceof CsvError) throw new ExportProblem(`This is no CSV: ${error.message}.`);
    throw error;
  }
}

function readLines(text: string): ReadExport {
  const entries = text.split(/\r?\n/).flatMap((line, index) => {
    if (line.trim() === "") return [];
    const parsed = parseJson(line);
    if (!parsed.ok || !isJsonObject(parsed.value)) throw new ExportProblem(`Line ${index + 1} is no JSON object.`);
    const values = Object.entries(parsed.value).map(([name, value]): [string, string] => [name, cellText(value)]);
    return readLine(plainUsage, new Cells(new Map(values)), index + 1);
  });
  return { format: plainUsage, entries };
}

function cellText(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

function readLine(format: ExportFormat, cells: Cells, line: number): ProviderEntry[] {
  try {
    const entry = format.read(cells);
    return entry === null ? [] : [entry];
  } catch (error) {
    if (error instanceof CellProblem) throw new ExportProblem(`Line ${line}: ${error.message}.`);
    throw error;
  }
}
