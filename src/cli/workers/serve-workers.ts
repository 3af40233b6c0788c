/** `gapura serve` where more than one process is to answer: what the supervisor is made of on this machine. */
import { join } from "node:path";
import { listenAddress } from "../../config/hosts.ts";
import type { Config } from "../../config/schema.ts";
import type { WorkerRole } from "../../main.ts";
import { claimDataDir } from "../../storage/sqlite.ts";
import type { CommandInput, Launch } from "../command.ts";
import { type ExitCode, exitCodes } from "../exit.ts";
import { readMessage, WORKER_VARIABLE, type WorkerMessage, writeRole } from "./role.ts";
import { Supervisor, type WorkerProcess } from "./supervisor.ts";

const PROGRAM = join(import.meta.dir, "../main.ts");
/** How long workers may take to end beyond the time that they give running answers. */
const END_AFTER_DRAIN_MS = 30_000;

export interface Signals {
  /** The first that comes; a second one ends the process, after `atSecond`. */
  first(atSecond: (name: NodeJS.Signals) => void): Promise<NodeJS.Signals>;
}

/** Rejects with StorageError, or with the system's error when the port cannot be listened on. */
export async function serveWorkers(input: CommandInput, config: Config, signals: Signals): Promise<ExitCode> {
  const claim = config.databaseUrl === null ? claimDataDir(config.dataDir) : null;
  try {
    const port = await freePort(config);
    const supervisor = new Supervisor({
      count: config.workers,
      start: (role, onMessage) => startWorker({ launch: input.launch, port, role }, onMessage),
      print: (line) => input.terminal.out(line),
      note: (text) => input.terminal.note(text),
      nowMs: () => performance.now(),
      wait: (ms) => Bun.sleep(ms),
    });
    const stopping = signals.first((name) => supervisor.signal(name));
    const failed = await Promise.race([supervisor.start(), stopping.then(() => null)]);
    if (failed !== null) return exitCodes.failure;
    supervisor.signal(await stopping);
    input.terminal.note("Stopping: running answers are finished first. A second signal ends at once.");
    const patience = setTimeout(() => supervisor.signal("SIGKILL"), config.drainSeconds * 1_000 + END_AFTER_DRAIN_MS);
    await supervisor.ended();
    clearTimeout(patience);
    return exitCodes.ok;
  } finally {
    claim?.release();
  }
}

/**
 * The port that all workers listen on. They share it with whoever shares it with them, so it has to be seen first that
 * nobody else has it.
 */
async function freePort(config: Config): Promise<number> {
  const listener = Bun.listen({
    hostname: listenAddress(config.host),
    port: config.port,
    socket: { data: () => {} },
  });
  const { port } = listener;
  listener.stop(true);
  return port;
}

function startWorker(
  { launch, port, role }: { launch: Launch; port: number; role: WorkerRole },
  onMessage: (message: WorkerMessage) => void,
): WorkerProcess {
  // The last word counts, so the port is the one that was found free.
  const child = Bun.spawn([process.execPath, PROGRAM, ...launch.args, "--port", String(port)], {
    env: { ...launch.environment, [WORKER_VARIABLE]: writeRole(role) },
    stdin: "ignore",
    stdout: "inherit",
    stderr: "inherit",
    ipc: (message) => {
      const read = readMessage(message);
      if (read !== undefined) onMessage(read);
    },
  });
  const ended = child.exited.then((code) => child.signalCode ?? code);
  return { pid: child.pid, ended, signal: (name) => child.kill(name) };
}
