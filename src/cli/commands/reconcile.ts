/** Compares a provider's exported usage with what was recorded here, and says what explains each difference. */
import { readFileSync, statSync } from "node:fs";
import type { Reason } from "../../control/reconciliation/compare.ts";
import { ExportProblem } from "../../control/reconciliation/read-export.ts";
import { type Reconciliation, reconcile } from "../../control/reconciliation/reconcile.ts";
import { reconciliationView } from "../../control/reconciliation/reconciliation-handlers.ts";
import type { Sums } from "../../control/reconciliation/sums.ts";
import { usdString } from "../../kernel/money.ts";
import { DAY_MS } from "../../kernel/windows.ts";
import { answeredRows } from "../../storage/stores/answered-usage.ts";
import { type Command, type CommandInput, textOption } from "../command.ts";
import { exitCodes, failure, usageError } from "../exit.ts";
import { withStorage } from "../storage.ts";
import { table } from "../terminal.ts";

const MOST_BYTES = 256 * 1024 * 1024;
const MOST_LINES = 20;

export const reconcileCommand: Command = {
  words: ["reconcile"],
  summary: "Compare a provider's exported usage with the records here",
  positionals: ["file"],
  options: {
    provider: {
      type: "string",
      placeholder: "<slug>",
      summary: "Which connection it is; else what the export suggests",
    },
    from: { type: "string", placeholder: "<day>", summary: "The first day, UTC; else the first of the file" },
    to: { type: "string", placeholder: "<day>", summary: "The last day, UTC; else the last of the file" },
  },
  examples: [
    { line: "reconcile openrouter_activity.csv", meaning: "Every request of the file, by its id" },
    { line: "reconcile costs.csv --from 2027-03-01 --to 2027-03-31", meaning: "A month of costs, day by day" },
    { line: "reconcile usage.jsonl --provider my-server --json", meaning: "Any provider, for a program" },
  ],
  takesSettings: true,
  run: async (input) => {
    const file = input.positionals[0] ?? "";
    const text = readExportFile(file);
    const request = {
      text,
      provider: textOption(input, "provider") ?? null,
      fromMs: dayOption(input, "from"),
      toMs: mapped(dayOption(input, "to"), (ms) => ms + DAY_MS),
    };
    const found = await withStorage(input.config(), ({ db }) =>
      reconcile(request, { of: (provider, fromMs, toMs) => answeredRows(db, { provider, fromMs, toMs }) }),
    ).catch((error: unknown) => {
      if (error instanceof ExportProblem) throw failure(`${file}: ${error.message}`, ...hintsOf(error));
      throw error;
    });
    if (input.json) input.terminal.out(JSON.stringify(reconciliationView(found)));
    else print(input, found);
    return exitCodes.ok;
  },
};

function hintsOf({ message }: ExportProblem): string[] {
  return /Name the provider/.test(message) ? ["Add --provider with the slug of the connection."] : [];
}

function readExportFile(file: string): string {
  try {
    if (statSync(file).size > MOST_BYTES) throw failure(`${file} is larger than 256 MiB. Split it by days.`);
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code === "ENOENT") throw failure(`There is no file ${file}.`);
    if (code === "EISDIR") throw failure(`${file} is a folder.`);
    throw error;
  }
}

function dayOption(input: CommandInput, name: string): number | null {
  const text = textOption(input, name);
  if (text === undefined) return null;
  const timeMs = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(timeMs)) throw usageError(`--${name} must be a day.`, `For example: --${name} 2027-03-01`);
  return timeMs;
}

function mapped(value: number | null, map: (value: number) => number): number | null {
  return value === null ? null : map(value);
}

const WORDS: Record<Reason, string> = {
  notOurs: "more at the provider: other programs with its key, or attempts that failed over to another provider",
  notTheirs: "more here: the export ends before, or leaves something out",
  estimated: "tokens were counted here, because the provider had not said them",
  unpriced: "no price was known here",
  loss: "a part was borne by the operator",
  price: "the same tokens at another price",
  tokens: "nothing known here explains it",
};

function print({ terminal }: CommandInput, found: Reconciliation): void {
  const { format, provider, fromMs, toMs, by, theirs, ours, said, agreeing, differing } = found;
  terminal.out(`${format}, compared with ${provider} by ${by}, ${day(fromMs)} to ${day(toMs - 1)} (UTC)`);
  terminal.out("");
  const rows = [
    ["", "REQUESTS", "INPUT TOKENS", "OUTPUT TOKENS", "USD"],
    ["provider", ...cells(theirs, said)],
    ["here", ...cells(ours, { requests: true, tokens: true, cost: true })],
  ];
  for (const line of table(rows)) terminal.out(line);
  if (found.lossNano > 0n) terminal.out(`of which the operator bore ${usdString(found.lossNano)} USD`);
  terminal.out("");
  const what = by === "request" ? "requests" : "days and models";
  terminal.out(differing === 0 ? `All ${agreeing} ${what} agree.` : `${agreeing} ${what} agree, ${differing} differ:`);
  for (const [reason, count] of Object.entries(found.reasons)) {
    if (count > 0) terminal.out(`  ${count}  ${wordsOf(reason)}`);
  }
  if (differing > 0) printDifferences(terminal, found);
}

function wordsOf(reason: string): string {
  return Object.entries(WORDS).find(([known]) => known === reason)?.[1] ?? reason;
}

function printDifferences(terminal: CommandInput["terminal"], { differences, said, differing }: Reconciliation): void {
  const shown = differences.slice(0, MOST_LINES);
  terminal.out("");
  const value = (sums: Sums | null) => {
    if (sums === null) return "none";
    if (said.cost) return usdString(sums.costNano);
    return said.tokens ? `${sums.inputTokens} + ${sums.outputTokens}` : String(sums.requests);
  };
  const unit = said.cost ? "USD" : said.tokens ? "TOKENS" : "REQUESTS";
  const head = ["DAY", "ID OR MODEL", `PROVIDER ${unit}`, `HERE ${unit}`, "WHY"];
  const rows = shown.map(({ atMs, id, model, theirs, ours, reasons }) => [
    day(atMs),
    id ?? model ?? "all models",
    value(theirs),
    value(ours),
    reasons.join(", "),
  ]);
  for (const line of table([head, ...rows])) terminal.out(line);
  if (differing > shown.length) terminal.out(`… and ${differing - shown.length} more; --json has up to 500.`);
}

function cells({ requests, inputTokens, outputTokens, costNano }: Sums, said: Reconciliation["said"]): string[] {
  return [
    said.requests ? String(requests) : "–",
    said.tokens ? String(inputTokens) : "–",
    said.tokens ? String(outputTokens) : "–",
    said.cost ? usdString(costNano) : "–",
  ];
}

function day(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}
