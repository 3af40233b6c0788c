import { describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { judgeStage, readCases, slowestFiles } from "./report.ts";

const REPORT = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="bun test" tests="4" failures="1" skipped="2">
  <testsuite name="a.test.ts" file="a.test.ts">
    <testcase name="a &gt; b &amp; &quot;c&quot; &#10003;" classname="outer &lt;x&gt;" file="a.test.ts" assertions="0" time="1.5" />
    <testcase name="bad" classname="" file="a.test.ts" time="0.5">
      <failure type="AssertionError" message="x > y">text with &lt;skipped /&gt;</failure>
    </testcase>
    <testcase name="later" classname="" file="b.test.ts" time="3">
      <skipped message="TODO" />
    </testcase>
    <testcase name="left out" classname="" file="b.test.ts"><skipped /></testcase>
  </testsuite>
</testsuites>`;

describe("reading a report", () => {
  test("every case comes with its file, whole title and outcome", () => {
    expect(readCases(REPORT)).toEqual([
      { file: "a.test.ts", title: 'outer <x> > a > b & "c" ✓', outcome: "passed", seconds: 1.5 },
      { file: "a.test.ts", title: "bad", outcome: "failed", seconds: 0.5 },
      { file: "b.test.ts", title: "later", outcome: "skipped", seconds: 3 },
      { file: "b.test.ts", title: "left out", outcome: "skipped", seconds: 0 },
    ]);
  });

  test("the slowest files come first, each with the time of all its tests", () => {
    expect(slowestFiles(REPORT, 2)).toEqual(["   3.0 s b.test.ts", "   2.0 s a.test.ts"]);
    expect(slowestFiles(REPORT, 1)).toHaveLength(1);
  });
});

describe("judging a stage", () => {
  const files = ["a.test.ts", "b.test.ts"];

  test("skipped tests and those left for later have failed", () => {
    expect(judgeStage({ files, report: REPORT, ended: 1 })).toMatchObject({ passed: 1, failed: 3 });
  });

  test("a file that was to be run and does not stand in the report has failed", () => {
    const result = judgeStage({ files: [...files, "gone.test.ts"], report: REPORT, ended: 1 });
    expect(result.failed).toBe(4);
    expect(result.failures.at(-1)).toContain("gone.test.ts");
  });

  test("no report is a failure, whatever the exit code says", () => {
    expect(judgeStage({ files, report: null, ended: 0 })).toMatchObject({ passed: 0, failed: 1 });
  });

  test("a process that ended badly with all tests passed has failed", () => {
    const report = '<testcase name="ok" classname="" file="a.test.ts" />';
    expect(judgeStage({ files: ["a.test.ts"], report, ended: 0 })).toMatchObject({ passed: 1, failed: 0 });
    expect(judgeStage({ files: ["a.test.ts"], report, ended: "SIGSEGV" })).toMatchObject({ passed: 1, failed: 1 });
  });

  test("what this version of Bun writes is understood: passed, failed, skipped, unloadable and lost tests", () => {
    const folder = mkdtempSync(join(tmpdir(), "gapura-report-"));
    try {
      const skip = ["test", "skip"].join(".");
      const sources = {
        "good.test.ts": 'test("a < b", () => {});',
        "bad.test.ts": 'test("fails", () => { throw new Error("</testcase>"); });',
        "left.test.ts": `${skip}("left out", () => {});`,
        "unloadable.test.ts": 'await import("./missing.ts"); test("never", () => {});',
        "empty.test.ts": "",
      };
      const names = Object.keys(sources);
      for (const [name, text] of Object.entries(sources)) {
        writeFileSync(join(folder, name), `import { test } from "bun:test";\n${text}\n`);
      }
      const args = ["test", "--reporter=junit", "--reporter-outfile=report.xml", ...names.map((name) => `./${name}`)];
      const run = Bun.spawnSync([process.execPath, ...args], { cwd: folder, stdout: "ignore", stderr: "ignore" });
      const report = readFileSync(join(folder, "report.xml"), "utf8");
      const result = judgeStage({ files: names, report, ended: run.exitCode });
      expect(result.passed).toBe(1);
      expect(result.failures.map((line) => line.split(":")[0] ?? "").sort()).toEqual(names.slice(1).sort());
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
