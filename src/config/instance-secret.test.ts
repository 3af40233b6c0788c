import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureSecret } from "./instance-secret.ts";

const root = mkdtempSync(join(tmpdir(), "gapura-secret-"));
afterAll(() => rmSync(root, { recursive: true }));

test("the secret is made once, kept, and readable by its owner alone", () => {
  const folder = join(root, "new", "data");
  const first = ensureSecret(folder).reveal();
  expect(first).toMatch(/^[\w-]{43}$/);
  expect(ensureSecret(folder).reveal()).toBe(first);
  expect(readdirSync(folder)).toEqual(["instance.secret"]);
  expect(statSync(join(folder, "instance.secret")).mode & 0o777).toBe(0o600);
});

test("processes that start at the same moment agree on one secret", async () => {
  const folder = join(root, "race");
  const code = `import { ensureSecret } from ${JSON.stringify(join(import.meta.dir, "instance-secret.ts"))};
    console.log(ensureSecret(${JSON.stringify(folder)}).reveal());`;
  const runs = Array.from({ length: 4 }, () => Bun.spawn([process.execPath, "-e", code], { stdout: "pipe" }));
  const printed = await Promise.all(runs.map((run) => new Response(run.stdout).text()));
  expect(new Set(printed).size).toBe(1);
  expect(printed[0]?.trim()).toBe(ensureSecret(folder).reveal());
});

test("an emptied secret file is refused instead of silently replaced", () => {
  writeFileSync(join(root, "instance.secret"), "\n");
  expect(() => ensureSecret(root)).toThrow(/does not hold the instance's secret/);
});
