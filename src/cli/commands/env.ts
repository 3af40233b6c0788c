/** Puts a key into an environment file, and only where git will not carry it away. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { maskApiKey, parseApiKey } from "../../kernel/api-key.ts";
import type { Command, CommandInput } from "../command.ts";
import { exitCodes, failure, usageError } from "../exit.ts";

const VARIABLE = "GAPURA_API_KEY";
const LINE = new RegExp(`^\\s*(?:export\\s+)?${VARIABLE}\\s*=.*$`, "m");
const OWNER_ALONE = 0o600;

export const envCommand: Command = {
  words: ["env"],
  summary: `Write a key into .env as ${VARIABLE}, unless git would carry the file along`,
  positionals: ["file?"],
  options: {},
  examples: [
    { line: "env", meaning: "Asks for the key, and writes it into .env" },
    { line: 'keys create "Bot" | gapura env', meaning: "A new key, straight into .env" },
    { line: "env app/.env.local < key.txt", meaning: "Into another file" },
  ],
  takesSettings: false,
  run: async (input) => {
    const file = resolve(input.positionals[0] ?? ".env");
    refuseWhatGitCarries(file);
    const key = await keyFrom(input);
    const before = existsSync(file) ? readFileSync(file, "utf8") : "";
    writeFileSync(file, withKey(before, key), { mode: OWNER_ALONE });
    chmodSync(file, OWNER_ALONE);
    if (input.json) input.terminal.out(JSON.stringify({ file, variable: VARIABLE, label: maskApiKey(key) }));
    else input.terminal.out(`${VARIABLE} in ${file} is now ${maskApiKey(key)}. Only you can read the file.`);
    return exitCodes.ok;
  },
};

function withKey(text: string, key: string): string {
  const line = `${VARIABLE}=${key}`;
  if (LINE.test(text)) return text.replace(LINE, line);
  return `${text}${text === "" || text.endsWith("\n") ? "" : "\n"}${line}\n`;
}

/** Never from the command line: shells keep histories, and other users see arguments. */
async function keyFrom({ terminal }: CommandInput): Promise<string> {
  const text = terminal.isInteractive ? await terminal.ask("API key: ") : await Bun.stdin.text();
  const key = text.trim();
  if (parseApiKey(key) !== undefined) return key;
  throw usageError(
    "This is not a Gapura key, or a character of it was lost.",
    'Pipe a new one in: gapura keys create "Bot" | gapura env',
  );
}

function refuseWhatGitCarries(file: string): void {
  const folder = dirname(file);
  if (!existsSync(folder)) throw failure(`There is no folder ${folder}.`);
  const ask = (...args: string[]) => Bun.spawnSync(["git", "-C", folder, ...args, "--", basename(file)]).exitCode;
  const isTracked = ask("ls-files", "--error-unmatch");
  // Anything but 0 and 1: there is no repository here, or no git.
  if (isTracked === 0) {
    throw failure(
      `git keeps ${file}, so the key would be in the next commit. Nothing was written.`,
      `Take it out of git, keeping the file: git rm --cached ${basename(file)}`,
      `And ignore it from now on: echo ${basename(file)} >> .gitignore`,
    );
  }
  if (ask("check-ignore", "--quiet") === 1) {
    throw failure(
      `git does not ignore ${file}, so the key could get into a commit. Nothing was written.`,
      `Ignore it first: echo ${basename(file)} >> .gitignore`,
    );
  }
}
