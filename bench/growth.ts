/**
 * What a request costs as an instance grows: keys, models, rules (addresses that a key may be used from), records of use. For each, several servers that differ in this
 * one number run side by side and take turns. A line that is flat is the promise; the ratio of the largest to the
 * smallest says how flat.
 */
import { type Bench, type BenchOptions, type BenchReport, type Figure, figureTable } from "./figure.ts";
import { FAKE_ANSWER } from "./support/fake-upstream.ts";
import { CHAT_PATH, chatBody, clientHeaders, connectedTo, createKey, startGapura } from "./support/gapura-server.ts";
import { keepFile, keepRun } from "./support/history.ts";
import { type Load, runLoad } from "./support/load.ts";
import { barPlot } from "./support/plot.ts";
import { cpuMicroseconds, requireProc } from "./support/process-stats.ts";
import { makeFolder, type Running } from "./support/processes.ts";
import { seedKeys, seedUsage } from "./support/seed.ts";
import { median } from "./support/statistics.ts";
import { startUpstream } from "./support/surroundings.ts";

const BODY_BYTES = 1024;
const ANSWER_BYTES = 1024;
const CONNECTIONS = 32;
const AFTERMATH_MS = 60;
/** Keys that are called in turns; with fewer there are, all of them. */
const CALLED_KEYS = 1_000;

interface Grown {
  size: number;
  server: Running;
  load: Omit<Load, "requests">;
}

interface Dimension {
  name: "keys" | "models" | "rules" | "rows";
  sizes: { full: readonly number[]; quick: readonly number[] };
}

const DIMENSIONS: readonly Dimension[] = [
  { name: "keys", sizes: { full: [10, 1_000, 100_000, 1_000_000], quick: [10, 20_000] } },
  { name: "models", sizes: { full: [1, 100, 5_000], quick: [1, 2_000] } },
  { name: "rules", sizes: { full: [1, 10, 100], quick: [1, 100] } },
  { name: "rows", sizes: { full: [0, 100_000, 1_000_000], quick: [0, 100_000] } },
];

export const growthBench: Bench = {
  name: "growth",
  summary: "CPU time for a chat request as keys, models, rules and records of use grow",
  run,
};

async function run({ quick, note }: BenchOptions): Promise<BenchReport> {
  requireProc();
  const figures: Figure[] = [];
  for (const dimension of DIMENSIONS) {
    const sizes = dimension.sizes[quick ? "quick" : "full"];
    note(`${dimension.name}: ${sizes.map((size) => size.toLocaleString("en-US")).join(", ")}.`);
    const grown: Grown[] = [];
    for (const size of sizes) grown.push(await grow(dimension.name, size));
    const measured = await measure(dimension.name, grown, quick ? { rounds: 3, requests: 1_500 } : FULL);
    note(figureTable(measured));
    figures.push(...measured);
    for (const { server } of grown) await server.stop();
  }
  if (!quick) {
    keepPlots(figures);
    keepRun("growth", figures);
  }
  return { figures, broken: [] };
}

const FULL = { rounds: 9, requests: 8_000 };

async function grow(name: Dimension["name"], size: number): Promise<Grown> {
  const upstream = await startUpstream({ answerBytes: ANSWER_BYTES, models: name === "models" ? size : 1 });
  const dataDir = makeFolder();
  const key = await createKey(dataDir, name === "rules" ? ["--allow", addresses(size)] : []);
  const keys = name === "keys" ? seedKeys(dataDir, { count: size, keep: Math.min(size, CALLED_KEYS) }) : [key];
  if (name === "rows" && size > 0) {
    const first = startGapura(dataDir, connectedTo(upstream.url));
    await runLoad({ ...loadOf(await first.listening(), [key]), connections: 1, requests: 1 });
    await first.stop();
    seedUsage(dataDir, size);
  }
  const server = startGapura(dataDir, connectedTo(upstream.url));
  return { size, server, load: loadOf(await server.listening(), keys) };
}

/** So many networks, of which the last holds the load. */
function addresses(count: number): string {
  const others = Array.from({ length: count - 1 }, (_, index) => `203.0.${index}.0/24`);
  return [...others, "127.0.0.1"].join(",");
}

function loadOf(origin: string, keys: readonly string[]): Omit<Load, "requests"> {
  const headers = clientHeaders(keys[0] ?? "");
  const body = chatBody(BODY_BYTES);
  return { url: origin + CHAT_PATH, headers, keys, body, expected: FAKE_ANSWER, connections: CONNECTIONS };
}

async function measure(
  name: Dimension["name"],
  grown: readonly Grown[],
  { rounds, requests }: { rounds: number; requests: number },
): Promise<Figure[]> {
  for (const { load } of grown) await runLoad({ ...load, requests: requests * 2 });
  const costs = new Map<Grown, number[]>(grown.map((each) => [each, []]));
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < grown.length; turn++) {
      const each = grown[(round + turn) % grown.length];
      if (each === undefined) continue;
      const before = cpuMicroseconds([each.server.pid]);
      await runLoad({ ...each.load, requests });
      await Bun.sleep(AFTERMATH_MS);
      costs.get(each)?.push((cpuMicroseconds([each.server.pid]) - before) / requests);
    }
  }
  const of = (each: Grown | undefined) => (each === undefined ? [] : (costs.get(each) ?? []));
  const smallest = of(grown[0]);
  const ratios = of(grown.at(-1)).map((cost, index) => cost / (smallest[index] ?? Number.NaN));
  return [
    ...grown.map((each) => {
      const figure = `${name}_${each.size}_cpu_us`;
      return { figure, value: median(of(each)), unit: "µs", n: rounds };
    }),
    { figure: `${name}_growth`, value: median(ratios), unit: "×", n: rounds },
  ];
}

/** One plot for each number that grows. */
function keepPlots(figures: readonly Figure[]): void {
  for (const { name } of DIMENSIONS) {
    const bars = figures.flatMap(({ figure, value }) => {
      const size = new RegExp(`^${name}_(\\d+)_cpu_us$`).exec(figure)?.[1];
      if (size === undefined || value === null) return [];
      return [{ label: `${Number(size).toLocaleString("en-US")} ${name}`, value, isOurs: true }];
    });
    keepFile(`growth-${name}.svg`, barPlot(`CPU time for a request, by ${name}`, "µs", bars));
  }
}
