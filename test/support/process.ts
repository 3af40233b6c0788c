/** Gapura as its user runs it: a process of its own, with the real command line. */
import { join } from "node:path";

const ROOT = join(import.meta.dir, "..", "..");

export interface GapuraProcess {
  url: string;
  pid: number;
  /** What standard output has held so far. */
  output(): string;
  signal(name: NodeJS.Signals): void;
  /** Resolves to the exit code, or to the name of the signal that ended it. */
  ended: Promise<number | string>;
}

/** Starts `gapura serve` on a free port; resolves when it says where it listens, rejects when it ends before. */
export async function spawnGapura(dataDir: string, env: Record<string, string> = {}): Promise<GapuraProcess> {
  const child = Bun.spawn([process.execPath, join(ROOT, "src/cli/main.ts"), "serve", "--data-dir", dataDir], {
    cwd: dataDir,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    env: {
      PORT: "0",
      PATH: process.env.PATH ?? "",
      LOCAL_PROVIDERS: "off",
      BUN_CONFIG_MAX_HTTP_REQUESTS: "65336",
      ...env,
    },
  });
  let output = "";
  const listening = Promise.withResolvers<string>();
  const readOutput = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of child.stdout) {
      output += decoder.decode(chunk, { stream: true });
      const url = /Gapura is listening on (\S+)/.exec(output)?.[1];
      if (url !== undefined) listening.resolve(url);
    }
  })();
  const errors = child.stderr.text();
  const ended = child.exited.then(async (code) => {
    await readOutput;
    listening.reject(new Error(`it ended with ${child.signalCode ?? code}: ${output}${await errors}`));
    return child.signalCode ?? code;
  });
  // Whoever waits for the URL hears of the failure; nobody else has to.
  listening.promise.catch(() => {});
  return {
    url: await listening.promise,
    pid: child.pid,
    output: () => output,
    signal: (name) => child.kill(name),
    ended,
  };
}

export interface Outcome {
  code: number;
  out: string;
  error: string;
}

/** Runs a command of the command line to its end, in the folder `cwd`. */
export async function runGapura(
  args: readonly string[],
  { cwd = ROOT, env = {} }: { cwd?: string; env?: Record<string, string> } = {},
): Promise<Outcome> {
  const child = Bun.spawn([process.execPath, join(ROOT, "src/cli/main.ts"), ...args], {
    cwd,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    env: { PORT: "0", PATH: process.env.PATH ?? "", ...env },
  });
  const [out, error, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { code, out, error };
}
