import { expect, test } from "bun:test";
import { loadConfig } from "../../config/load.ts";
import { checkOpenFiles } from "./open-files.ts";

function found(limit: number | null, concurrentAnswers: string) {
  const env = { CONCURRENT_ANSWERS: concurrentAnswers };
  const loaded = loadConfig({ env, flags: {}, cwd: "/", readFile: () => undefined });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return checkOpenFiles(loaded.config, limit);
}

test("a limit on open files that is too low for the expected answers is said together with the one that is needed", () => {
  expect(found(1_024, "1000")).toMatchObject({
    state: "warn",
    text: "1024 files may be open, enough for about 412 answers at once; 1000 are expected",
    fix: expect.stringContaining("Raise the limit to 2200"),
  });
  expect(found(100, "1")).toMatchObject({ state: "warn", text: expect.stringContaining("about 0 answers") });
});

test("a limit that is high enough, or that nobody knows, is no trouble", () => {
  expect(found(2_200, "1000").state).toBe("ok");
  expect(found(null, "100000").state).toBe("ok");
});
