/**
 * `npm run mutate`: changes one thing in the code that decides about money and rates, runs its tests, and tells whether
 * they noticed; then the next. What survives is a gap in the tests, or a change that makes no difference.
 *
 * Every change is made in a copy of the tree in a temporary folder, never here. It counts as noticed when a test fails or
 * the time is up, and the tests have to pass unchanged first. SQLite only; the model tries few sequences, always the same.
 */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { isEquivalent } from "./mutate/equivalents.ts";
import { applied, type Mutant, mutantsOf } from "./mutate/mutants.ts";
import { DECIDING_FILES, sampled, type TestRun, testsFor } from "./mutate/plan.ts";

const ROOT = dirname(import.meta.dir);
const COPIED = ["src", "test", "tools", "bench", "docs", "package.json", "tsconfig.json"];
const MODEL = { MODEL_SEQUENCES: "20", MODEL_SEED: "1" };
const USAGE = `npm run mutate -- [FILE…] [--sample N] [--seed S] [--least PERCENT] [--minutes M] [--workers W]

--sample   so many mutants, chosen by the seed; without it all of them
--seed     1 unless given
--least    exit code 1 when fewer percent of the mutants are killed
--minutes  no new mutant is begun after this time; 60 unless given
--workers  how many run at the same time; 2 unless given`;
const MUTANT_LIMIT_MS = 40_000;

type Fate = "killed" | "survived";

interface Options {
  files: readonly string[];
  sample: number;
  seed: number;
  leastPercent: number;
  endsAtMs: number;
  workers: number;
}

function readOptions(args: readonly string[]): Options | null {
  const text = { type: "string" } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { sample: text, seed: text, least: text, minutes: text, workers: text, help: { type: "boolean" } },
  });
  if (values.help) return null;
  const number = (value: string | undefined, otherwise: number) => (value === undefined ? otherwise : Number(value));
  const options = {
    files: positionals.length > 0 ? positionals : DECIDING_FILES.filter((file) => existsSync(join(ROOT, file))),
    sample: number(values.sample, Number.POSITIVE_INFINITY),
    seed: number(values.seed, 1),
    leastPercent: number(values.least, 0),
    endsAtMs: performance.now() + number(values.minutes, 60) * 60_000,
    workers: number(values.workers, 2),
  };
  return Object.values(options).some(Number.isNaN) ? null : options;
}

function copyTree(): string {
  const copy = mkdtempSync(join(tmpdir(), "gapura-mutate-"));
  for (const name of COPIED) cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
  return copy;
}

async function passes(copy: string, tests: TestRun): Promise<boolean> {
  const only = ["--test-name-pattern", "^(?!.*PostgreSQL)"];
  const child = Bun.spawn(
    [
      process.execPath,
      "test",
      "--no-env-file",
      "--no-orphans",
      "--bail",
      `--timeout=${MUTANT_LIMIT_MS}`,
      ...only,
      ...tests,
    ],
    {
      cwd: copy,
      env: { ...process.env, ...MODEL, NODE_ENV: "test" },
      stdout: "ignore",
      stderr: "ignore",
      timeout: MUTANT_LIMIT_MS,
      killSignal: "SIGKILL",
    },
  );
  return (await child.exited) === 0;
}

/** Tests that fail without any change would kill everything. */
async function requireSoundTests(copy: string, files: readonly string[]): Promise<void> {
  const runs = new Map(files.flatMap((file) => testsFor(file)).map((run) => [run.join(" "), run]));
  for (const [name, run] of runs) if (!(await passes(copy, run))) throw new Error(`${name} fails without a mutant.`);
}

async function fateOf(copy: string, mutant: Mutant): Promise<Fate> {
  const path = join(copy, mutant.file);
  const text = readFileSync(path, "utf8");
  writeFileSync(path, applied(mutant, text));
  try {
    for (const tests of testsFor(mutant.file)) if (!(await passes(copy, tests))) return "killed";
    return "survived";
  } finally {
    writeFileSync(path, text);
  }
}

function shown({ file, line, before, after }: Mutant): string {
  const short = (text: string) => text.replace(/\s+/g, " ").slice(0, 80);
  return `${file}:${line}  ${short(before)}  →  ${short(after) || "(nothing)"}`;
}

async function run({ files, sample, seed, endsAtMs, workers }: Options): Promise<Record<Fate, number>> {
  const all = files.flatMap((file) => {
    const text = readFileSync(join(ROOT, file), "utf8");
    return mutantsOf(file, text).filter((mutant) => !isEquivalent(mutant, text));
  });
  const name = ({ file, start, before, after }: Mutant) => `${file}:${start}:${before}:${after}`;
  const waiting = sampled(all, { sample, seed, name });
  console.log(`${waiting.length} of ${all.length} mutants in ${files.length} files, seed ${seed}.`);
  const count: Record<Fate, number> = { killed: 0, survived: 0 };
  const copies = Array.from({ length: workers }, copyTree);
  try {
    if (copies[0] !== undefined) await requireSoundTests(copies[0], files);
    const work = async (copy: string) => {
      while (performance.now() < endsAtMs) {
        const mutant = waiting.shift();
        if (!mutant) return;
        const fate = await fateOf(copy, mutant);
        count[fate]++;
        console.log(`${fate.padEnd(8)} ${shown(mutant)}`);
      }
    };
    await Promise.all(copies.map(work));
  } finally {
    for (const copy of copies) rmSync(copy, { recursive: true, force: true });
  }
  if (waiting.length > 0) console.log(`${waiting.length} mutants were not tried: the time is up.`);
  return count;
}

const options = readOptions(process.argv.slice(2));
if (options === null) {
  console.log(USAGE);
  process.exitCode = process.argv.includes("--help") ? 0 : 2;
} else {
  const { killed, survived } = await run(options);
  const n = killed + survived;
  const percent = n === 0 ? 0 : (100 * killed) / n;
  console.log(`Score ${percent.toFixed(1)} % (${killed} killed, ${survived} survived, n = ${n}).`);
  process.exitCode = percent < options.leastPercent ? 1 : 0;
}
