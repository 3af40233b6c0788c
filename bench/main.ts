/**
 * `npm run bench -- NAME`: runs one benchmark and prints its figures, as a table or with --json as one line each. What
 * else there is to say goes to standard error. README.md says what the figures mean.
 *
 * Invariants: nothing that a benchmark started or wrote is left behind, whatever ends it. The exit code is 1 when it
 * could not run or when a promise did not hold, 2 for a wrong command line.
 */
import { parseArgs } from "node:util";
import { clientsBench } from "./clients.ts";
import { dialectsBench } from "./dialects.ts";
import { faultsBench } from "./faults.ts";
import { type Bench, figureLine, figureTable } from "./figure.ts";
import { fuzzBench } from "./fuzz.ts";
import { growthBench } from "./growth.ts";
import { killsBench } from "./kills.ts";
import { overheadBench } from "./overhead.ts";
import { pagesBench } from "./pages.ts";
import { peersBench } from "./peers.ts";
import { profileBench } from "./profile.ts";
import { racesBench } from "./races.ts";
import { revocationBench } from "./revocation.ts";
import { soakBench } from "./soak.ts";
import { startBench } from "./start.ts";
import { streamsBench } from "./streams.ts";
import { keepFigures } from "./support/history.ts";
import { cleanUp } from "./support/processes.ts";
import { watchBench } from "./watch.ts";
import { workersBench } from "./workers.ts";

const benches: readonly Bench[] = [
  startBench,
  overheadBench,
  profileBench,
  streamsBench,
  killsBench,
  racesBench,
  revocationBench,
  clientsBench,
  fuzzBench,
  faultsBench,
  dialectsBench,
  growthBench,
  pagesBench,
  peersBench,
  soakBench,
  watchBench,
  workersBench,
];

const USAGE = `npm run bench -- NAME [--json] [--quick] [--trace FILE] [--minutes N]

${benches.map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}`).join("\n")}

  --json     one line for each figure: {"figure","value","unit","n"}
  --quick    end within 45 seconds, with a smaller n
  --trace    for watch: a trace of calls that somebody else wrote, to be judged in place of our own
  --minutes  for soak: how long`;

const SIGNAL_EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

async function main(args: string[]): Promise<number> {
  const asked = readArguments(args);
  const bench = benches.find(({ name }) => name === asked?.name);
  if (asked === undefined || bench === undefined) {
    if (asked?.name !== undefined) console.error(`There is no benchmark "${asked.name}".\n`);
    console.error(USAGE);
    return 2;
  }
  const startedMs = performance.now();
  const { figures, broken } = await bench.run({
    quick: asked.quick,
    trace: asked.trace,
    minutes: asked.minutes,
    note: (line) => console.error(line),
  });
  if (asked.json) for (const figure of figures) console.log(figureLine(figure));
  else console.log(`\n${bench.name}: ${bench.summary}\n\n${figureTable(figures)}\n`);
  if (!asked.quick && asked.trace === null) keepFigures(bench.name, figures);
  for (const sentence of broken) console.error(`BROKEN: ${sentence}`);
  console.error(`${bench.name} took ${Math.round((performance.now() - startedMs) / 1000)} s.`);
  return broken.length === 0 ? 0 : 1;
}

interface Asked {
  name: string | undefined;
  json: boolean;
  quick: boolean;
  trace: string | null;
  minutes: number | null;
}

/** Undefined when the words cannot be meant. */
function readArguments(args: string[]): Asked | undefined {
  try {
    const options = {
      json: { type: "boolean" },
      quick: { type: "boolean" },
      trace: { type: "string" },
      minutes: { type: "string" },
    } as const;
    const { positionals, values } = parseArgs({ args, options, allowPositionals: true });
    const minutes = values.minutes === undefined ? null : Number(values.minutes);
    if (positionals.length > 1 || (minutes !== null && !(minutes > 0))) return undefined;
    return {
      name: positionals[0],
      json: values.json === true,
      quick: values.quick === true,
      trace: values.trace ?? null,
      minutes,
    };
  } catch (error) {
    console.error(error instanceof Error ? `${error.message}\n` : "");
    return undefined;
  }
}

for (const [signal, exitCode] of Object.entries(SIGNAL_EXIT_CODES)) {
  process.on(signal, () => {
    cleanUp();
    process.exit(exitCode);
  });
}
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  cleanUp();
}
process.exit();
