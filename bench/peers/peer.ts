/**
 * What stands beside Gapura in `npm run bench -- peers`: programs of others, each from its own published package, at a
 * pinned version, with the settings that its own documentation names. Nothing of them is patched.
 *
 * A package is installed once into a cache outside the project (`XDG_CACHE_HOME`, else `~/.cache`). What cannot be had on
 * a machine is reported as missing, with the reason.
 */
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Figure } from "../figure.ts";
import { accepts } from "../support/nginx.ts";
import { descendantsOf } from "../support/process-stats.ts";
import type { Running } from "../support/processes.ts";

export interface Surroundings {
  /** Origin of the provider. */
  upstream: string;
  /** The core that the program may use. */
  core: number;
  /** False where there is no time for it: what is not there already is missing then. */
  mayInstall: boolean;
  note(line: string): void;
}

/** A program that answers chat completions. */
export interface Candidate {
  name: string;
  url: string;
  headers: Record<string, string>;
  /** Sent in turns in place of the one in `headers`. */
  keys?: readonly string[];
  /** The name under which it knows the provider's model. */
  model: string;
  /** Every process that does its work, read anew each time: some start more of them under load. */
  pids(): number[];
  /** When it was spawned, by `performance.now()`. */
  spawnedMs: number;
  stop(): Promise<void>;
}

/** A program that does its work in the process that was started and in those below it. */
export function candidate(server: Running, about: Omit<Candidate, "pids" | "stop">): Candidate {
  return { ...about, pids: () => [server.pid, ...descendantsOf(server.pid)], stop: () => server.stop() };
}

export interface Peer {
  name: string;
  /** Rejects with a sentence when it cannot be had or does not start. */
  start(around: Surroundings): Promise<Candidate>;
}

/** What all clients send. */
export const COMMON_HEADERS = { "content-type": "application/json", accept: "*/*", "user-agent": "bench/1" };

const INSTALL_LIMIT_MS = 10 * 60_000;
const START_LIMIT_MS = 120_000;

/**
 * The folder of an installed package. `install` gets an empty folder and makes everything in it; a run that was broken
 * off leaves nothing that looks finished.
 */
export async function installed(
  name: string,
  install: (folder: string) => Promise<void>,
  { mayInstall, note }: Pick<Surroundings, "mayInstall" | "note">,
): Promise<string> {
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "gapura-bench");
  const folder = join(cache, name);
  if (existsSync(join(folder, ".complete"))) return folder;
  if (!mayInstall) throw new Error("it is not installed yet; a run without --quick installs it");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  note(`Installing ${name}.`);
  await install(folder);
  writeFileSync(join(folder, ".complete.new"), "");
  renameSync(join(folder, ".complete.new"), join(folder, ".complete"));
  return folder;
}

/** A figure that could not be had, and why. */
export function missing(figure: string, error: unknown): Figure {
  const reason = error instanceof Error ? error.message : "it failed";
  return { figure, value: null, unit: "µs", n: 0, missing: reason.replace(/\s+/g, " ").slice(0, 200) };
}

/** Some package of PyPI and what it needs, in an environment of its own: its programs are in `venv/bin`. */
export async function installedFromPyPi(
  { name, what }: { name: string; what: string },
  around: Pick<Surroundings, "mayInstall" | "note">,
): Promise<string> {
  const python = Bun.which("python3");
  if (python === null) throw new Error("it needs Python 3");
  const install = async (folder: string) => {
    await run([python, "-m", "venv", "venv"], folder);
    await run(["venv/bin/pip", "install", "--quiet", what], folder);
  };
  return installed(name, install, around);
}

/** Runs a program to its end. Rejects with its last words when it fails. */
export async function run(command: readonly string[], cwd: string): Promise<void> {
  const child = Bun.spawn([...command], {
    cwd,
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
    timeout: INSTALL_LIMIT_MS,
  });
  const [errors, code] = await Promise.all([child.stderr.text(), child.exited]);
  if (code !== 0) throw new Error(`${command[0]} failed: ${errors.trim().split("\n").slice(-3).join(" ")}`);
}

/** Resolves once the port takes connections. */
export async function untilListening(server: Running, port: number): Promise<void> {
  const beganMs = performance.now();
  let isOver = false;
  void server.exited.then(() => {
    isOver = true;
  });
  while (!(await accepts(port))) {
    const waitedMs = performance.now() - beganMs;
    if (isOver || waitedMs > START_LIMIT_MS) throw new Error(`it did not start: ${server.lastWords()}`);
    await Bun.sleep(20);
  }
}
