/** Where keys may lie: files of a folder, what git keeps, standard input. Each is read in pieces. */
import { closeSync, opendirSync, openSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { maskApiKey } from "../../kernel/api-key.ts";
import { failure } from "../exit.ts";
import { findKeys, type Hit, keysIn } from "./find-keys.ts";

export interface Found extends Hit {
  file: string;
  /** The commit that has it, when git's history was read. */
  commit: string | null;
}

const READ_BYTES = 256 * 1024;
const LOOK_FOR_ZERO_BYTES = 8 * 1024;

/** Every file below a path, whether git ignores it or not: a leaked key often lies in a file that git ignores. */
export async function* scanPath(path: string): AsyncGenerator<Found> {
  for (const file of filesBelow(path)) {
    for await (const hit of findKeys(textOf(file))) yield { ...hit, file, commit: null };
  }
}

export async function* scanStream(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Found> {
  for await (const hit of findKeys(pieces)) yield { ...hit, file: "-", commit: null };
}

/** Links are not followed but where the path itself is one, so that no loop is walked; git's own folder is what `--history` is for. */
function* filesBelow(path: string): Generator<string> {
  const state = statSync(path, { throwIfNoEntry: false });
  if (!state) throw failure(`There is no ${path}.`);
  if (state.isFile()) yield path;
  if (!state.isDirectory()) return;
  const folder = opendirSync(path);
  try {
    for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) {
      if (entry.name === ".git") continue;
      if (entry.isFile()) yield join(path, entry.name);
      else if (entry.isDirectory()) yield* filesBelow(join(path, entry.name));
    }
  } finally {
    folder.closeSync();
  }
}

/** The file in pieces; nothing of a file that is no text, or that may not be read. */
async function* textOf(file: string): AsyncGenerator<Uint8Array> {
  const descriptor = openOrSkip(file);
  if (descriptor === null) return;
  try {
    for (let isFirst = true; ; isFirst = false) {
      const buffer = Buffer.alloc(READ_BYTES);
      const length = readSync(descriptor, buffer);
      if (length === 0) return;
      if (isFirst && buffer.subarray(0, Math.min(length, LOOK_FOR_ZERO_BYTES)).includes(0)) return;
      yield buffer.subarray(0, length);
    }
  } finally {
    closeSync(descriptor);
  }
}

function openOrSkip(file: string): number | null {
  try {
    return openSync(file, "r");
  } catch {
    return null;
  }
}

/** What every commit of every branch has added. */
export function scanHistory(folder: string): AsyncGenerator<Found> {
  const everything = ["log", "--all", "--patch", "--unified=0", "--no-color", "--no-ext-diff", "--no-textconv"];
  return scanPatch(folder, [...everything, "--diff-merges=first-parent", "--format=commit %H%n%B"]);
}

/** What the next commit would add. */
export function scanStaged(folder: string): AsyncGenerator<Found> {
  return scanPatch(folder, ["diff", "--cached", "--unified=0", "--no-color", "--no-ext-diff", "--no-textconv"]);
}

/** Of what git prints of a commit, the part before its first file. */
const MESSAGE = "commit message";

async function* scanPatch(folder: string, args: readonly string[]): AsyncGenerator<Found> {
  const git = Bun.spawn(["git", "-C", folder, ...args], { stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const place: Pick<Found, "commit" | "file" | "line"> = { commit: null, file: "", line: 0 };
  for await (const text of linesOf(git.stdout)) {
    const commit = /^commit ([0-9a-f]{40,64})$/.exec(text)?.[1];
    const file = /^\+\+\+ b\/(.*)$/.exec(text)?.[1];
    const hunk = /^@@ -\S+ \+(\d+)/.exec(text)?.[1];
    if (commit !== undefined) Object.assign(place, { commit, file: MESSAGE, line: 0 });
    else if (text.startsWith("diff --git ")) place.file = "";
    else if (file !== undefined) place.file = file;
    else if (hunk !== undefined) place.line = Number(hunk) - 1;
    else if (place.file === MESSAGE || !text.startsWith("-")) {
      place.line++;
      const offset = place.file !== MESSAGE && text.startsWith("+") ? 0 : 1;
      for (const { index, key, kind } of keysIn(text)) {
        yield { ...place, column: index + offset, label: maskApiKey(key), kind };
      }
    }
  }
  const [code, errors] = [await git.exited, await git.stderr.text()];
  if (code !== 0) throw failure(`git could not be asked: ${errors.trim().split("\n")[0] ?? "no answer"}`);
}

const LONGEST_LINE = 4 * 1024 * 1024;

async function* linesOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  for await (const piece of pieces) {
    const lines = (rest + Buffer.from(piece).toString("latin1")).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
    if (rest.length > LONGEST_LINE) rest = rest.slice(-LONGEST_LINE);
  }
  if (rest !== "") yield rest;
}
