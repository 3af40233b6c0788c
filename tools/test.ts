/**
 * `npm test`: the checks of `npm run check`, then every test, on SQLite and on a PostgreSQL of the run's own, with a
 * real Chromium. Ends with the line `N passed, N failed`; the exit code is 0 only when nothing failed and something ran.
 *
 * Arguments are parts of paths: `npm test -- src/storage` runs the tests of these files alone, without the checks.
 * Failure modes: what is missing on the machine and cannot be installed is said in a sentence (exit code 1); a signal
 * ends the running tests and PostgreSQL, whose folder goes with it.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Subprocess } from "bun";
import { buildWeb } from "./build-web.ts";
import { type CheckResult, runChecks } from "./check.ts";
import { PostgresError, startPostgres } from "./postgres.ts";
import { readProject } from "./structure/project-files.ts";
import { judgeStage, type StageResult, slowestFiles } from "./test/report.ts";
import { MissingRequirement, requireTools } from "./test/requirements.ts";
import { planStages, type Stage } from "./test/stages.ts";

const ROOT = dirname(import.meta.dir);
/** For a test that says nothing itself. Generous, because it only ends what hangs. */
const TEST_TIMEOUT_MS = 60_000;
/** How many are named after each stage. */
const SLOWEST_FILES = 15;
const SIGNAL_EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
type EndingSignal = keyof typeof SIGNAL_EXIT_CODES;

/** What a signal finds running, and the first that came. */
const interruption: { by: EndingSignal | null; running: Set<Subprocess> } = { by: null, running: new Set() };

class Interrupted extends Error {
  override readonly name = "Interrupted";
}

async function runEverything(filters: readonly string[]): Promise<StageResult[]> {
  const paths = readProject(ROOT).map(({ path }) => path);
  const stages = planStages({ paths, filters });
  const results = filters.length === 0 ? [checked(await runChecks({ fix: false }))] : [];
  stopIfInterrupted();
  const tools = await requireTools({ browser: stages.some(({ name }) => name === "browser") });
  const postgres = await startPostgres(tools.postgres);
  const environment = { GAPURA_TEST_POSTGRES_URL: postgres.url, GAPURA_TEST_CHROMIUM: tools.chromium ?? "" };
  try {
    if (stages.some(({ name }) => name !== "beside the source")) results.push(await buildDashboard());
    // Each uses one core at most. A browser uses both, and pages are what a busy machine disturbs most.
    const together = stages.filter(({ name }) => name !== "browser").map((stage) => runStage(stage, environment));
    results.push(...(await Promise.all(together)));
    for (const stage of stages.filter(({ name }) => name === "browser"))
      results.push(await runStage(stage, environment));
  } finally {
    await postgres.stop();
  }
  return results;
}

/** The checks count as tests too. They have said on their own what was wrong. */
function checked(checks: readonly CheckResult[]): StageResult {
  const failed = checks.filter(({ ok }) => !ok);
  const failures = failed.map(({ name }) => `npm run check: ${name}`);
  return { passed: checks.length - failed.length, failed: failed.length, failures };
}

async function buildDashboard(): Promise<StageResult> {
  stopIfInterrupted();
  const hasFailed = (await buildWeb()) === "failed";
  return { passed: 0, failed: hasFailed ? 1 : 0, failures: hasFailed ? ["The dashboard could not be built."] : [] };
}

async function runStage(stage: Stage, environment: Record<string, string>): Promise<StageResult> {
  stopIfInterrupted();
  const empty = stage.emptyFolders.map((folder) => `${folder}: there is no test in this folder`);
  if (stage.files.length === 0) return { passed: 0, failed: empty.length, failures: empty };
  console.log(`\nTests ${stage.name}: ${stage.files.length} files`);
  const folder = mkdtempSync(join(tmpdir(), "gapura-test-"));
  const reportFile = join(folder, "report.xml");
  try {
    const ended = await runBunTest(stage.files, { reportFile, environment });
    stopIfInterrupted();
    const report = existsSync(reportFile) ? readFileSync(reportFile, "utf8") : null;
    if (report !== null) console.log(`Slowest files ${stage.name}:\n${slowestFiles(report, SLOWEST_FILES).join("\n")}`);
    const result = judgeStage({ files: stage.files, report, ended });
    return { ...result, failed: result.failed + empty.length, failures: [...result.failures, ...empty] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Resolves to the exit code, or to the name of the signal that ended it. Whatever the tests started ends with them. */
async function runBunTest(
  files: readonly string[],
  { reportFile, environment }: { reportFile: string; environment: Record<string, string> },
): Promise<number | string> {
  const report = ["--reporter=junit", `--reporter-outfile=${reportFile}`];
  const options = ["--no-env-file", "--no-orphans", "--dots", `--timeout=${TEST_TIMEOUT_MS}`, ...report];
  const child = Bun.spawn([process.execPath, "test", ...options, ...files.map((file) => `./${file}`)], {
    cwd: ROOT,
    stdin: "ignore",
    stdout: "inherit",
    stderr: "inherit",
    env: { ...process.env, ...environment },
  });
  interruption.running.add(child);
  const code = await child.exited;
  interruption.running.delete(child);
  return child.signalCode ?? code;
}

/** The first signal ends the running tests and lets the run clean up; the second ends everything at once. */
function listenForSignals(): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (interruption.by !== null) process.exit(SIGNAL_EXIT_CODES[signal]);
      interruption.by = signal;
      for (const child of interruption.running) child.kill("SIGTERM");
    });
  }
}

function stopIfInterrupted(): void {
  if (interruption.by !== null) throw new Interrupted(`ended by ${interruption.by}`);
}

/** Prints the last lines and returns the exit code. */
function conclude(results: readonly StageResult[]): number {
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.reduce((sum, result) => sum + result.failed, 0);
  const failures = results.flatMap((result) => result.failures);
  console.log(failures.length === 0 ? "" : `\nFailed:\n${failures.map((failure) => `- ${failure}`).join("\n")}\n`);
  if (passed + failed === 0) console.log("No test was found.");
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

function explain(error: unknown): number {
  if (error instanceof Interrupted) {
    console.error(`\nThe tests were ${error.message}.`);
    return interruption.by === null ? 1 : SIGNAL_EXIT_CODES[interruption.by];
  }
  const isExpected = error instanceof MissingRequirement || error instanceof PostgresError;
  console.error(isExpected ? `\n${error.message}` : error);
  return 1;
}

listenForSignals();
try {
  process.exitCode = conclude(await runEverything(process.argv.slice(2)));
} catch (error) {
  process.exitCode = explain(error);
}
