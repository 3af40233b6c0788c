/** Looks for keys that lie where they should not, without asking any server. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Command, CommandInput } from "../command.ts";
import { exitCodes, failure } from "../exit.ts";
import { type Found, scanHistory, scanPath, scanStaged, scanStream } from "../scan/places.ts";

const HOOK_MARK = "# Written by gapura scan --install-hook";

export const scanCommand: Command = {
  words: ["scan"],
  summary: "Find Gapura keys in files, in git's history or in what is piped in",
  positionals: ["path?"],
  options: {
    history: { type: "boolean", summary: "What every commit of every branch has added, instead of the files" },
    staged: { type: "boolean", summary: "What the next commit would add, instead of the files" },
    "install-hook": { type: "boolean", summary: "Let git refuse commits that would add a key" },
  },
  examples: [
    { line: "scan", meaning: "This folder, files that git ignores too; exit code 1 when there is a key" },
    { line: "scan --history", meaning: "Every commit" },
    { line: "scan - < build.log", meaning: "What is piped in" },
    { line: "scan --install-hook", meaning: "From now on git refuses to commit a key here" },
  ],
  takesSettings: false,
  run: async (input) => {
    const path = input.positionals[0] ?? ".";
    if (input.options["install-hook"] === true) return installHook(input, path);
    const found: Found[] = [];
    for await (const hit of placesOf(input, path)) {
      found.push(hit);
      if (!input.json) input.terminal.out(lineOf(hit));
    }
    if (input.json) input.terminal.out(JSON.stringify(found));
    if (found.length === 0) return exitCodes.ok;
    const count = found.length === 1 ? "One key was found" : `${found.length} keys were found`;
    input.terminal.note(`${count}. Disable or delete what has left this machine: gapura keys disable <key id>`);
    return exitCodes.failure;
  },
};

function placesOf(input: CommandInput, path: string): AsyncGenerator<Found> {
  if (path === "-") return scanStream(Bun.stdin.stream());
  if (input.options.history === true) return scanHistory(path);
  return input.options.staged === true ? scanStaged(path) : scanPath(path);
}

function lineOf({ file, line, column, label, kind, commit }: Found): string {
  const where = `${file}:${line}:${column}${commit === null ? "" : ` in ${commit.slice(0, 12)}`}`;
  return `${where}  ${label}  ${kind === "management" ? "management key" : "API key"}`;
}

function installHook({ terminal, json }: CommandInput, path: string) {
  const asked = Bun.spawnSync(["git", "-C", path, "rev-parse", "--git-path", "hooks/pre-commit"]);
  if (!asked.success) throw failure(`${resolve(path)} is in no git repository.`);
  const file = resolve(path, asked.stdout.toString().trim());
  if (existsSync(file) && !readFileSync(file, "utf8").includes(HOOK_MARK)) {
    throw failure(`There is a hook already: ${file}`, `Add a line to it: ${ownCommand()} scan --staged || exit 1`);
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${HOOK_MARK}\nexec ${ownCommand()} scan --staged\n`);
  chmodSync(file, 0o755);
  if (json) terminal.out(JSON.stringify({ hook: file }));
  else terminal.out(`From now on git refuses commits that would add a key: ${file}`);
  return exitCodes.ok;
}

/** How this program was started, for a shell. */
function ownCommand(): string {
  return [process.execPath, process.argv[1] ?? ""].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
}
