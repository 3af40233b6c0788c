/**
 * `npm run check`: everything that can be proved without running the product. All of it runs, whatever fails first.
 * `--fix` lets Biome write what it can mend by itself.
 */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

const ROOT = dirname(import.meta.dir);
const BIOME = "node_modules/@biomejs/biome/bin/biome";
const TSC = "node_modules/typescript/bin/tsc";

export interface CheckResult {
  name: string;
  ok: boolean;
  /** What the program said; empty when all is well. */
  output: string;
}

/** Runs all checks, tells each outcome as it comes, and resolves to all of them. */
export async function runChecks(options: { fix: boolean }): Promise<CheckResult[]> {
  const isTerminal = process.stdout.isTTY === true;
  const biome = [BIOME, "check", "--error-on-warnings", "--max-diagnostics=200", isTerminal ? "--colors=force" : ""];
  const types = ["--noEmit", "--pretty", String(isTerminal)];
  const results: CheckResult[] = [];
  for (const { name, commands } of [
    { name: "format and lint", commands: [[...biome, options.fix ? "--write" : ""]] },
    { name: "types", commands: typeProjects().map((project) => [TSC, ...types, ...remembered(project)]) },
    { name: "structure", commands: [["tools/check-structure.ts"]] },
  ]) {
    const result = await runAll(name, commands);
    const mark = result.ok ? "pass" : "FAIL";
    console.log(result.ok ? `(${mark}) ${name}` : `${result.output}\n(${mark}) ${name}`);
    results.push(result);
  }
  return results;
}

/** The dashboard has a project of its own, because a browser and a server know different names. */
function typeProjects(): string[] {
  return existsSync(join(ROOT, "web/src")) ? [".", "web"] : ["."];
}

/** What the compiler knew last time makes the next check several times cheaper. */
function remembered(project: string): string[] {
  const file = `node_modules/.cache/types-${project === "." ? "server" : project}.tsbuildinfo`;
  return ["--project", project, "--incremental", "--tsBuildInfoFile", file];
}

async function runAll(name: string, commands: readonly string[][]): Promise<CheckResult> {
  const outcomes = await Promise.all(commands.map(run));
  const failed = outcomes.filter(({ ok }) => !ok);
  return { name, ok: failed.length === 0, output: failed.map(({ output }) => output).join("\n") };
}

async function run(args: readonly string[]): Promise<{ ok: boolean; output: string }> {
  const command = [process.execPath, ...args.filter((argument) => argument !== "")];
  const child = Bun.spawn(command, { cwd: ROOT, stdout: "pipe", stderr: "pipe" });
  const [output, errors, exitCode] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { ok: exitCode === 0, output: `${output}${errors}`.trim() };
}

if (import.meta.main) {
  const results = await runChecks({ fix: process.argv.includes("--fix") });
  const failed = results.filter(({ ok }) => !ok).map(({ name }) => name);
  console.log(failed.length === 0 ? "All checks pass." : `Failed: ${failed.join(", ")}`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}
