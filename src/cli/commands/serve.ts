/**
 * Runs the server in this process until a signal ends it.
 *
 * The first SIGTERM or SIGINT drains: running answers are finished, new ones refused. After SIGTERM, which is what a
 * supervisor sends while others go on calling, new requests are still taken for a moment. The second signal ends the process at once. What only the running server knows (providers found, a setup token) it prints itself, through `print`.
 */
import { isReachable } from "../../config/hosts.ts";
import type { LoadedConfig } from "../../config/load.ts";
import type { Config } from "../../config/schema.ts";
import { checkOpenFiles } from "../checks/open-files.ts";
import type { Command, CommandInput } from "../command.ts";
import { CliError, exitCodes, failure } from "../exit.ts";
import { linkToSupervisor } from "../workers/link.ts";
import { serveWorkers } from "../workers/serve-workers.ts";

const ONE_KEY_PRESS_MS = 500;
/** Long enough for every connection in use to be told, by its next answer, that it was the last one. */
const LAST_CALL_MS = 1_000;
const SIGNAL_EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;
type StopSignal = keyof typeof SIGNAL_EXIT_CODES;

export const serveCommand: Command = {
  words: ["serve"],
  summary: "Start the server (also what happens without a command)",
  positionals: [],
  options: {},
  examples: [
    { line: "serve", meaning: "Start on http://localhost:8787, with everything in ./data" },
    { line: "serve --port 9000 --data-dir /srv/gapura", meaning: "Another port, another folder" },
    { line: "serve --workers 4", meaning: "Four processes on one port, for four cores" },
  ],
  takesSettings: true,
  run: async (input) => {
    const loaded = input.configWithSources();
    const { config } = loaded;
    if (input.worker) return serveAsWorker(input, loaded);
    if (config.workers > 1) {
      return await serveWorkers(input, config, { first: firstSignal }).catch((error) => {
        throw startError(error, config);
      });
    }
    const running = await start(input, loaded, (line) => input.terminal.out(line));
    const signal = await firstSignal();
    input.terminal.note("Stopping: running answers are finished first. A second signal ends at once.");
    await running.stop({ lastCallMs: lastCallMs(signal) });
    return exitCodes.ok;
  },
};

/** One of several: what it would print goes to the supervisor, and without a supervisor it stops. */
async function serveAsWorker(input: CommandInput, loaded: LoadedConfig) {
  const link = linkToSupervisor();
  const running = await start(input, loaded, (text) => link.tell({ kind: "line", text }));
  link.tell({ kind: "ready" });
  const signal = await Promise.race([firstSignal(), link.gone.then((): StopSignal => "SIGTERM")]);
  await running.stop({ lastCallMs: lastCallMs(signal) });
  link.close();
  return exitCodes.ok;
}

function lastCallMs(signal: StopSignal): number {
  return signal === "SIGTERM" ? LAST_CALL_MS : 0;
}

async function start(input: CommandInput, loaded: LoadedConfig, out: (line: string) => void) {
  const { config } = loaded;
  const { serve } = await import("../../main.ts");
  const early: string[] = [];
  let print: (line: string) => void = (line) => void early.push(line);
  try {
    const running = await serve(config, { print: (line) => print(line), worker: input.worker, loaded });
    print = out;
    const lines = [...startLines(config, running.url), ...filesLines(config), ...early];
    if (input.json) print(JSON.stringify({ url: running.url, dataDir: config.dataDir }));
    else for (const line of lines) print(line);
    return running;
  } catch (error) {
    throw startError(error, config);
  }
}

/** The first of these lines is waited for by scripts: it stays exactly as it is. */
export function startLines(config: Config, url: string): string[] {
  const database = config.databaseUrl === null ? "" : " (the database is PostgreSQL, from DATABASE_URL)";
  const mail = mailLine(config);
  const lines = [`Gapura is listening on ${url}`, `  Data:      ${config.dataDir}${database}`, `  Mail:      ${mail}`];
  return config.workers === 1 ? lines : [...lines, `  Workers:   ${config.workers} processes`];
}

/** Nothing where the system allows as many open files as the expected answers need. */
function filesLines(config: Config): string[] {
  const { state, text, fix } = checkOpenFiles(config);
  return state === "ok" ? [] : [`  Files:     ${text}`, `             ${fix}`];
}

function mailLine(config: Config): string {
  if (config.smtpUrl !== null) return new URL(config.smtpUrl.reveal()).host;
  if (isReachable(config)) return "not sent until SMTP_URL is set; there is no mailbox page where strangers may come";
  return `${config.baseUrl}/mailbox (set SMTP_URL to send real mail)`;
}

/** Sentences for the ways in which a start commonly fails. */
function startError(error: unknown, config: Config): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (error instanceof CliError) return error;
  if (code === "EADDRINUSE") {
    return failure(
      `Port ${config.port} is already in use on ${config.host}.`,
      "If that is another Gapura, use it or stop it first.",
      `Else choose another port: --port ${config.port + 1}, or PORT=${config.port + 1} in the environment.`,
    );
  }
  if (code === "EACCES") {
    return failure(
      `Port ${config.port} may not be opened by this user.`,
      "Choose a port above 1023, for example --port 8787.",
    );
  }
  if (code === "EADDRNOTAVAIL") {
    return failure(
      `${config.host} is not an address of this machine.`,
      "Set HOST to localhost, 0.0.0.0 or an address that this machine has.",
    );
  }
  return error;
}

/**
 * Resolves to the first signal. A second one ends the process, whatever is still going on; but one key press of Ctrl-C
 * arrives several times when npm and the launcher hand it on, so signals this close together count as one.
 */
function firstSignal(atSecond: (signal: StopSignal) => void = () => {}): Promise<StopSignal> {
  return new Promise((resolve) => {
    let firstAtMs: number | undefined;
    const handle = (signal: StopSignal) => {
      const nowMs = performance.now();
      firstAtMs ??= nowMs;
      if (nowMs - firstAtMs > ONE_KEY_PRESS_MS) {
        atSecond(signal);
        process.exit(SIGNAL_EXIT_CODES[signal]);
      }
      resolve(signal);
    };
    process.on("SIGINT", () => handle("SIGINT"));
    process.on("SIGTERM", () => handle("SIGTERM"));
  });
}
