/**
 * Reads what a stage of tests came to. The report is believed only as far as it is complete: a file that was asked for
 * and does not stand in it has failed (it could not be loaded, holds no test, or ended the process), and so has a stage
 * that ended badly with every test in it passed. A test that was skipped or left for later has failed as well. Pure.
 */
export interface TestCase {
  file: string;
  /** The titles from the outermost `describe` to the test. */
  title: string;
  outcome: "passed" | "failed" | "skipped";
  seconds: number;
}

export interface StageRun {
  /** The files that were to be run. */
  files: readonly string[];
  /** JUnit XML; null when none was written. */
  report: string | null;
  /** How the process ended: an exit code, or the name of the signal. */
  ended: number | string;
}

export interface StageResult {
  passed: number;
  failed: number;
  /** One line for each failure. */
  failures: string[];
}

export function judgeStage({ files, report, ended }: StageRun): StageResult {
  if (report === null) {
    return { passed: 0, failed: 1, failures: [`The test process ended (${ended}) without a report.`] };
  }
  const cases = readCases(report);
  const failures = cases.filter(({ outcome }) => outcome !== "passed").map(describeFailure);
  const reported = new Set(cases.map(({ file }) => file));
  for (const file of files) {
    if (!reported.has(file)) failures.push(`${file}: no test of this file was run`);
  }
  if (ended !== 0 && failures.length === 0) {
    failures.push(`The test process ended badly (${ended}) although every test passed: see its output above.`);
  }
  return { passed: cases.filter(({ outcome }) => outcome === "passed").length, failed: failures.length, failures };
}

/** The test cases of a JUnit report as `bun test` writes it. */
export function readCases(xml: string): TestCase[] {
  const cases: TestCase[] = [];
  for (const [, attributes = "", body = ""] of xml.matchAll(
    /<testcase\b((?:[^>"]|"[^"]*")*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g,
  )) {
    const group = attribute(attributes, "classname");
    const name = attribute(attributes, "name");
    cases.push({
      file: attribute(attributes, "file").replaceAll("\\", "/"),
      title: group === "" ? name : `${group} > ${name}`,
      outcome: /<skipped\b/.test(body) ? "skipped" : /<(?:failure|error)\b/.test(body) ? "failed" : "passed",
      seconds: Number(attribute(attributes, "time")),
    });
  }
  return cases;
}

/** The files whose tests took longest, one line each: where to look when the whole takes too long. */
export function slowestFiles(report: string, count: number): string[] {
  const seconds = new Map<string, number>();
  for (const test of readCases(report)) seconds.set(test.file, (seconds.get(test.file) ?? 0) + test.seconds);
  const slowest = [...seconds].sort(([, first], [, second]) => second - first).slice(0, count);
  return slowest.map(([file, time]) => `${time.toFixed(1).padStart(6)} s ${file}`);
}

function describeFailure({ file, title, outcome }: TestCase): string {
  return `${file}: ${title}${outcome === "skipped" ? " (skipped, which counts as failed)" : ""}`;
}

function attribute(attributes: string, name: string): string {
  const value = new RegExp(`\\s${name}="([^"]*)"`).exec(attributes)?.[1] ?? "";
  return value.replace(/&(?:#(\d+)|(\w+));/g, (whole, code?: string, word?: string) => {
    if (code !== undefined) return String.fromCodePoint(Number(code));
    return ENTITIES.get(word ?? "") ?? whole;
  });
}

const ENTITIES = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
]);
