/**
 * What full runs leave in `bench/history`: for each commit a file of ratios, because ratios within one run are all that
 * compares between machines; over them a table and a plot; and the tables and plots of single benchmarks.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { dirname, join } from "node:path";
import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  objectField,
  parseJson,
  stringField,
} from "../../src/kernel/json.ts";
import { type Figure, shown } from "../figure.ts";
import { barPlot } from "./plot.ts";
import { ROOT } from "./processes.ts";
import type { Recorded } from "./regressions.ts";

const FOLDER = join(ROOT, "bench/history");
const RATIO = "×";
/** Raised whenever something is measured in another way: 2 lets programs warm up four times as long. */
const METHOD = 2;
/** What the table shows of a commit. */
const COLUMNS = [
  ["overhead", "governed_over_bun"],
  ["overhead", "gapura_over_bun"],
  ["overhead", "governed_over_nginx"],
  ["peers", "gapura_governed_over_bun"],
  ["peers", "gapura_governed_over_bun_stream"],
  ["growth", "keys_growth"],
  ["growth", "models_growth"],
  ["growth", "rules_growth"],
  ["growth", "rows_growth"],
  ["workers", "workers_2_over_1_per_second"],
] as const;
const PLOTTED = ["overhead", "governed_over_bun"] as const;

/** Writes a file beside those of the commits. */
export function keepFile(name: string, text: string): void {
  const file = join(FOLDER, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** All figures of the last full run of a benchmark, as a table. */
export function keepFigures(bench: string, figures: readonly Figure[]): void {
  const { id, date } = commitNow();
  const rows = figures.map(
    ({ figure, value, unit, n, missing }) =>
      `| \`${figure}\` | ${value === null ? `missing: ${missing ?? ""}` : `${shown(value)} ${unit}`} | ${n} |`,
  );
  const head = `Written by \`npm run bench -- ${bench}\` for ${id} of ${date.slice(0, 10)}, on ${machine()}.`;
  keepFile(`figures/${bench}.md`, [head, "", "| Figure | Value | n |", "|---|--:|--:|", ...rows, ""].join("\n"));
}

/** Adds the ratios of a full run to the file of this commit, and writes table and plot anew. */
export function keepRun(bench: string, figures: readonly Figure[]): void {
  const commit = commitNow();
  const name = `${commit.id}.json`;
  const before = readRuns().find((run) => run.name === name)?.content ?? {};
  const ratios = figures.flatMap(({ figure, value, unit }) =>
    unit === RATIO && value !== null ? [[figure, Number(value.toPrecision(3))] as const] : [],
  );
  const run = { command: `npm run bench -- ${bench}`, ratios: Object.fromEntries(ratios) };
  const runs = { ...objectField(before, "runs"), [bench]: run };
  const accepted = objectField(before, "accepted");
  const content = {
    version: version(),
    committed: commit.date,
    machine: machine(),
    method: METHOD,
    ...(accepted && { accepted }),
    runs,
  };
  keepFile(name, `${JSON.stringify(content, null, 2)}\n`);
  keepOverview();
}

interface Run {
  name: string;
  content: JsonObject;
}

/** What the files say, the oldest first. */
export function recordedRuns(): Recorded[] {
  return readRuns().map(({ name, content }) => ({
    commit: name.replace(".json", ""),
    machine: stringField(content, "machine") ?? "",
    method: typeof content.method === "number" ? content.method : 1,
    ratios: new Map(Object.values(objectField(content, "runs") ?? {}).flatMap(ratiosOf)),
    accepted: new Set(Object.keys(objectField(content, "accepted") ?? {})),
  }));
}

function ratiosOf(run: JsonValue): [string, number][] {
  const ratios = isJsonObject(run) ? (objectField(run, "ratios") ?? {}) : {};
  return Object.entries(ratios).flatMap(([figure, value]) => (typeof value === "number" ? [[figure, value]] : []));
}

/** The oldest first. */
function readRuns(): Run[] {
  if (!existsSync(FOLDER)) return [];
  const names = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));
  const runs = names.flatMap((name) => {
    const parsed = parseJson(readFileSync(join(FOLDER, name), "utf8"));
    return parsed.ok && isJsonObject(parsed.value) ? [{ name, content: parsed.value }] : [];
  });
  return runs.sort((one, other) => (dateOf(one) < dateOf(other) ? -1 : 1));
}

function dateOf({ content }: Run): string {
  return stringField(content, "committed") ?? "";
}

function ratioOf({ content }: Run, [bench, figure]: readonly [string, string]): number | null {
  const value = objectField(objectField(objectField(content, "runs") ?? {}, bench) ?? {}, "ratios")?.[figure];
  return typeof value === "number" ? value : null;
}

function keepOverview(): void {
  const runs = readRuns();
  const rows = runs.map((run) => {
    const cells = COLUMNS.map((column) => ratioOf(run, column) ?? "");
    return `| ${run.name.replace(".json", "")} | ${dateOf(run).slice(0, 10)} | ${cells.join(" | ")} |`;
  });
  const lines = [
    "Written by full runs of `npm run bench -- overhead`, `peers`, `growth` and `workers`: ratios within one run, a line for each commit.",
    "To take them again, check the commit out and run the command that its file names, on a machine with nothing else to do.",
    "All figures of the last full run of each benchmark are in [figures](figures), the table of peers is [peers.md](peers.md).",
    "",
    `| commit | date | ${COLUMNS.map(([bench, figure]) => `${bench}: ${figure}`).join(" | ")} |`,
    `|---|---|${COLUMNS.map(() => "--:|").join("")}`,
    ...rows,
    "",
  ];
  keepFile("README.md", lines.join("\n"));
  const bars = runs.flatMap((run) => {
    const value = ratioOf(run, PLOTTED);
    return value === null ? [] : [{ label: run.name.replace(".json", ""), value, isOurs: true }];
  });
  if (bars.length > 0) keepFile("history.svg", barPlot("A governed request over the bare proxy", "×", bars));
}

function machine(): string {
  const { model = "unknown" } = cpus()[0] ?? {};
  return `${cpus().length} × ${model}`;
}

function version(): string {
  const parsed = parseJson(readFileSync(join(ROOT, "package.json"), "utf8"));
  return parsed.ok && isJsonObject(parsed.value) ? (stringField(parsed.value, "version") ?? "") : "";
}

/** Of the tree that is checked out; with changes that are in no commit, the id says so. */
function commitNow(): { id: string; date: string } {
  const git = (...words: string[]) =>
    Bun.spawnSync(["git", ...words], { cwd: ROOT })
      .stdout.toString()
      .trim();
  const isChanged = git("status", "--porcelain", "--", "src") !== "";
  const id = git("rev-parse", "--short=10", "HEAD") || "unknown";
  return { id: isChanged ? `${id}-changed` : id, date: git("show", "-s", "--format=%cI", "HEAD") };
}
