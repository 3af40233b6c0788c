/** `gapura scan` and `gapura env`: keys are found where they lie, and nothing else is; a key goes only where git does not. */
import { afterEach, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KEY_PATTERN, keysIn } from "../../src/cli/scan/find-keys.ts";
import { createApiKey, parseApiKey } from "../../src/kernel/api-key.ts";
import { runGapura } from "../support/process.ts";

const MAIN = join(import.meta.dir, "../../src/cli/main.ts");
const KEYS = 1_000_000;
const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "gapura-scan-"));
  folders.push(made);
  return made;
}

function git(cwd: string, ...args: string[]) {
  const identity = ["-c", "user.name=T", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main"];
  const env = { PATH: process.env.PATH ?? "", HOME: cwd };
  return Bun.spawnSync(["git", ...identity, ...args], { cwd, env });
}

async function piped(args: readonly string[], text: string, cwd: string) {
  const env = { PATH: process.env.PATH ?? "" };
  const child = Bun.spawn([process.execPath, MAIN, ...args], { cwd, env, stdin: Buffer.from(text), stderr: "pipe" });
  const [out, error, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { out, error, code };
}

test("the published pattern and the checksum take each of a million keys", () => {
  let missed = 0;
  for (let made = 0; made < KEYS; made++) {
    const { key } = createApiKey(made % 2 === 0 ? "inference" : "management");
    KEY_PATTERN.lastIndex = 0;
    if (!KEY_PATTERN.test(key) || parseApiKey(key) === undefined) missed++;
  }
  KEY_PATTERN.lastIndex = 0;
  expect(missed).toBe(0);
}, 120_000);

test("every change of a single character is refused by the checksum", () => {
  const accepted: string[] = [];
  for (let round = 0; round < 20; round++) {
    const { key } = createApiKey("inference");
    for (let at = 4; at < key.length; at++) {
      for (const other of ALPHABET) {
        if (other === key[at]) continue;
        const changed = key.slice(0, at) + other + key.slice(at + 1);
        if (keysIn(changed).length > 0) accepted.push(changed);
      }
    }
  }
  expect(accepted).toEqual([]);
}, 60_000);

test("keys in a tree are found with file, line and column, in ignored files too; nothing else is, and no key is shown", async () => {
  const cwd = folder();
  const inference = createApiKey("inference").key;
  const management = createApiKey("management").key;
  git(cwd, "init", "-q");
  mkdirSync(join(cwd, "src"));
  writeFileSync(join(cwd, ".gitignore"), ".env\n");
  writeFileSync(join(cwd, ".env"), `A=1\nKEY=${inference}\n`);
  writeFileSync(join(cwd, "src/app.py"), `x = 1\ny = 2  # ${management} ${inference}`);
  writeFileSync(join(cwd, "src/long.txt"), `${"a".repeat(3_000_000)}${inference}${"b".repeat(100)}`);
  writeFileSync(join(cwd, "binary.bin"), Buffer.concat([Buffer.of(0, 1, 2), Buffer.from(inference)]));
  writeFileSync(join(cwd, "no.txt"), `gpr_${"a".repeat(46)} ${inference.slice(0, -1)} sk-abc`);
  const { code, out, error } = await runGapura(["scan", "--json"], { cwd });
  const found = JSON.parse(out).map(({ file, line, column, kind }: Record<string, unknown>) => [
    file,
    line,
    column,
    kind,
  ]);
  expect(code).toBe(1);
  expect(found.sort()).toEqual([
    [".env", 2, 5, "inference"],
    ["src/app.py", 2, 10, "management"],
    ["src/app.py", 2, 62, "inference"],
    ["src/long.txt", 1, 3_000_001, "inference"],
  ]);
  expect(out + error).not.toContain(inference);
  rmSync(join(cwd, ".env"));
  rmSync(join(cwd, "src"), { recursive: true });
  expect((await runGapura(["scan"], { cwd })).code).toBe(0);
});

test("keys are found in standard input, in every commit, and in what the next commit would add", async () => {
  const cwd = folder();
  const { key } = createApiKey("inference");
  expect((await piped(["scan", "-"], `first\n${key}\n`, cwd)).out).toMatch(/^-:2:1 {2}gpr_\w{8}\.\.\.\w{3} {2}API key/);
  git(cwd, "init", "-q");
  writeFileSync(join(cwd, "config.js"), `a\nb\nconst key = "${key}";\n`);
  git(cwd, "add", "-A");
  expect((await runGapura(["scan", "--staged"], { cwd })).out).toStartWith("config.js:3:14  gpr_");
  git(cwd, "commit", "-qm", "With a key");
  writeFileSync(join(cwd, "config.js"), "a\n");
  git(cwd, "commit", "-qam", "Without it");
  expect((await runGapura(["scan"], { cwd })).code).toBe(0);
  const history = await runGapura(["scan", "--history"], { cwd });
  expect([history.code, history.out.trim().split("\n").length]).toEqual([1, 1]);
  expect(history.out).toMatch(/^config\.js:3:14 in [0-9a-f]{12} {2}gpr_/);
});

test("a key in a list of a commit's message is found, and one that a commit only takes away is not", async () => {
  const cwd = folder();
  const { key } = createApiKey("inference");
  git(cwd, "init", "-q");
  writeFileSync(join(cwd, "a.txt"), `${key}\n`);
  git(cwd, "add", "-A");
  git(cwd, "commit", "-qm", `Try things\n\n- with ${key}`);
  git(cwd, "rm", "-q", "a.txt");
  expect((await runGapura(["scan", "--staged"], { cwd })).code).toBe(0);
  git(cwd, "commit", "-qm", "Take it away");
  const places = (await runGapura(["scan", "--history"], { cwd })).out.trim().split("\n");
  expect(places.map((line) => line.split(" in ")[0])).toEqual(["commit message:3:8", "a.txt:1:1"]);
});

test("a link that is named is followed, so that nobody takes its folder for clean", async () => {
  const cwd = folder();
  mkdirSync(join(cwd, "real"));
  writeFileSync(join(cwd, "real/a.txt"), createApiKey("inference").key);
  symlinkSync(join(cwd, "real"), join(cwd, "link"));
  expect((await runGapura(["scan", "link"], { cwd })).code).toBe(1);
});

test("the hook refuses a commit with a key, lets others through, and takes no other hook's place", async () => {
  const cwd = folder();
  git(cwd, "init", "-q");
  expect((await runGapura(["scan", "--install-hook"], { cwd })).code).toBe(0);
  writeFileSync(join(cwd, "good.txt"), "nothing\n");
  git(cwd, "add", "-A");
  expect(git(cwd, "commit", "-qm", "Good").exitCode).toBe(0);
  writeFileSync(join(cwd, "bad.txt"), createApiKey("inference").key);
  git(cwd, "add", "-A");
  expect(git(cwd, "commit", "-qm", "Bad").exitCode).not.toBe(0);
  writeFileSync(join(cwd, ".git/hooks/pre-commit"), "#!/bin/sh\n");
  expect((await runGapura(["scan", "--install-hook"], { cwd })).code).toBe(1);
});

test("a key goes into .env where git ignores it, beside what is there, for its owner's eyes alone", async () => {
  const cwd = folder();
  const file = join(cwd, ".env");
  const [first, second] = [createApiKey("inference").key, createApiKey("inference").key];
  git(cwd, "init", "-q");
  const refused = await piped(["env"], first, cwd);
  expect([refused.code, refused.error.includes(".gitignore")]).toEqual([1, true]);
  writeFileSync(join(cwd, ".gitignore"), ".env\n");
  writeFileSync(file, "# mine\nOTHER=1", { mode: 0o644 });
  expect((await piped(["env"], `${first}\n`, cwd)).code).toBe(0);
  expect(readFileSync(file, "utf8")).toBe(`# mine\nOTHER=1\nGAPURA_API_KEY=${first}\n`);
  expect((await piped(["env"], second, cwd)).code).toBe(0);
  expect(readFileSync(file, "utf8")).toBe(`# mine\nOTHER=1\nGAPURA_API_KEY=${second}\n`);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect((await piped(["env"], "sk-other", cwd)).code).toBe(2);
  git(cwd, "add", "-f", ".env");
  const tracked = await piped(["env"], first, cwd);
  expect([tracked.code, tracked.error.includes("git rm --cached")]).toEqual([1, true]);
  const outside = folder();
  expect((await piped(["env", "app.env"], first, outside)).code).toBe(0);
});
