/**
 * The processes and folders of a run. Whatever is started or made here is gone when the run is over, also after an
 * error or a signal: `cleanUp` is synchronous, so that it works while the process exits.
 */
import { mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { descendantsOf } from "./process-stats.ts";

const READY_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 5_000;
/** What the launcher (tools/bun.mjs) sets before Bun starts, for every program that is compared. */
const RUNTIME = {
  BUN_CONFIG_MAX_HTTP_REQUESTS: "65336",
  MIMALLOC_PURGE_DELAY: "10000",
  MIMALLOC_PURGE_HOLES_MIN_INTERVAL: "10000",
};

export const ROOT = join(import.meta.dir, "../..");

export interface Program {
  /** For messages, for example "the bare proxy". */
  name: string;
  command: string[];
  /** Beside the few variables that every program needs; nothing else of this process's environment is handed on. */
  env?: Record<string, string>;
  /** The one processor core that it and its children may use. */
  core?: number | undefined;
}

export interface Running {
  pid: number;
  exited: Promise<number>;
  /** Resolves to the URL that the program says it listens on. Rejects with what it wrote when it ends before. */
  listening(): Promise<string>;
  /** Asks it to end, and makes it when it takes too long. */
  stop(): Promise<void>;
  /** SIGKILL for it and all its children. */
  kill(): Promise<void>;
  /** The last lines it wrote to standard error. */
  lastWords(): string;
}

const running = new Set<number>();
const folders = new Set<string>();

/** A new empty folder, removed when the run is over. TMPDIR decides on which disk. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "gapura-bench-"));
  folders.add(folder);
  return folder;
}

/** Removes it before the run is over. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  folders.delete(folder);
}

/** Starts a program in a folder of its own, so that no .env and no configuration file of this project reaches it. */
export function start({ name, command, env = {}, core }: Program): Running {
  const folder = makeFolder();
  const errorLog = join(folder, "stderr.log");
  const { PATH = "", HOME = "", TMPDIR } = process.env;
  const child = Bun.spawn(core === undefined ? command : ["taskset", "-c", String(core), ...command], {
    cwd: folder,
    env: { PATH, HOME, ...(TMPDIR && { TMPDIR }), ...RUNTIME, ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: openSync(errorLog, "w"),
  });
  const { pid } = child;
  running.add(pid);
  const exited = child.exited.finally(() => running.delete(pid));
  const lastWords = () => readFileSync(errorLog, "utf8").trim().split("\n").slice(-8).join("\n");
  const url = urlFrom(child.stdout);
  const end = async () => {
    endTree(pid);
    await exited;
    removeFolder(folder);
  };
  return {
    pid,
    exited,
    lastWords,
    listening: async () => {
      const found = await within(READY_LIMIT_MS, url);
      if (found !== undefined) return found;
      throw new Error(`${name} did not start:\n${lastWords()}`);
    },
    stop: async () => {
      child.kill("SIGTERM");
      await within(STOP_LIMIT_MS, exited);
      await end();
    },
    kill: end,
  };
}

/** Ends what still runs and removes the folders. */
export function cleanUp(): void {
  for (const pid of running) endTree(pid);
  running.clear();
  for (const folder of folders) removeFolder(folder);
}

/** Children first: they would otherwise outlive a launcher that can no longer hand a signal on. */
function endTree(pid: number): void {
  for (const each of [...descendantsOf(pid), pid]) {
    try {
      process.kill(each, "SIGKILL");
    } catch {
      // Gone already.
    }
  }
}

/** The first URL after the words "listening on"; undefined when the output ends without. Reads on, so no pipe fills. */
function urlFrom(output: ReadableStream<Uint8Array>): Promise<string | undefined> {
  return new Promise((resolve) => {
    const read = async () => {
      const decoder = new TextDecoder();
      let text: string | undefined = "";
      for await (const bytes of output) {
        if (text === undefined) continue;
        text += decoder.decode(bytes, { stream: true });
        const url = /listening on (\S+)\n/.exec(text)?.[1];
        if (url === undefined) continue;
        resolve(url);
        text = undefined;
      }
      resolve(undefined);
    };
    read().catch(() => resolve(undefined));
  });
}

/** What the promise gives, or undefined after `limitMs`. */
async function within<Value>(limitMs: number, promise: Promise<Value>): Promise<Value | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), limitMs);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}
