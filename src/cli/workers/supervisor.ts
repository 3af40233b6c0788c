/**
 * Several processes as one instance on one port: `gapura serve --workers N`.
 *
 * Invariants: the supervisor holds the data folder for as long as any worker runs, and answers no request itself; the
 * first worker is started alone, so that it migrates the database and its failure to start is the instance's; a worker
 * that ends by itself is started again, after a wait that grows; the others never notice. Signals are handed on, and the
 * supervisor ends when all have ended.
 * Failure modes: when the supervisor is killed, its workers hear it and stop as after SIGTERM.
 */
import type { WorkerRole } from "../../main.ts";
import { Restarts } from "./restarts.ts";
import type { WorkerMessage } from "./role.ts";

export interface WorkerProcess {
  pid: number;
  /** The exit code, or the name of the signal that ended it. */
  ended: Promise<number | string>;
  signal(name: NodeJS.Signals): void;
}

export interface SupervisorParts {
  count: number;
  start(role: WorkerRole, onMessage: (message: WorkerMessage) => void): WorkerProcess;
  /** A line of the first worker for the terminal, once all of them answer. */
  print(line: string): void;
  /** Something that an operator should know. */
  note(text: string): void;
  nowMs(): number;
  wait(ms: number): Promise<void>;
}

interface Running {
  process: WorkerProcess;
  startedMs: number;
  /** False when it ended before it answered anything. */
  isReady: Promise<boolean>;
}

export class Supervisor {
  readonly #parts: SupervisorParts;
  readonly #running = new Map<number, Running>();
  #early: string[] | null = [];
  #isStopping = false;

  constructor(parts: SupervisorParts) {
    this.#parts = parts;
  }

  /** Resolves when all answer, with null; or with how the one ended that could not be started, when all are gone. */
  async start(): Promise<number | string | null> {
    const first = this.#start(1, (line) => this.#fromFirst(line));
    // Who is told to stop meanwhile has nobody to start any more.
    const others =
      (await first.isReady) && !this.#isStopping
        ? Array.from({ length: this.#parts.count - 1 }, (_, index) => this.#start(index + 2))
        : [];
    const all = [first, ...others];
    const failed = all[(await Promise.all(all.map(({ isReady }) => isReady))).indexOf(false)];
    if (failed !== undefined) {
      // Those that a signal has reached already would take another one as the wish to end at once.
      if (!this.#isStopping) this.signal("SIGTERM");
      await this.ended();
      return failed.process.ended;
    }
    for (const line of this.#early ?? []) this.#parts.print(line);
    this.#early = null;
    for (const [number, running] of this.#running) void this.#watch(number, running);
    return null;
  }

  /** Hands a signal on. From then on nobody is started again. */
  signal(name: NodeJS.Signals): void {
    this.#isStopping = true;
    for (const { process } of this.#running.values()) process.signal(name);
  }

  /** Resolves when no worker runs any more. Only after a signal. */
  async ended(): Promise<void> {
    await Promise.all([...this.#running.values()].map(({ process }) => process.ended));
  }

  #fromFirst(line: string): void {
    if (this.#early === null) this.#parts.print(line);
    else this.#early.push(line);
  }

  #start(number: number, onLine: (line: string) => void = () => {}): Running {
    const ready = Promise.withResolvers<boolean>();
    const process = this.#parts.start({ number }, (message) => {
      if (message.kind === "ready") ready.resolve(true);
      else onLine(message.text);
    });
    void process.ended.then(() => ready.resolve(false));
    const running = { process, startedMs: this.#parts.nowMs(), isReady: ready.promise };
    this.#running.set(number, running);
    return running;
  }

  /** Starts it again as often as it ends. */
  async #watch(number: number, first: Running): Promise<void> {
    const restarts = new Restarts();
    for (let running = first; ; ) {
      const how = await running.process.ended;
      if (this.#isStopping) return;
      const delayMs = restarts.delayMs(this.#parts.nowMs() - running.startedMs);
      this.#parts.note(
        `Worker ${number} ended (${how}). It is started again in ${delayMs / 1_000} s; the others go on.`,
      );
      await this.#parts.wait(delayMs);
      if (this.#isStopping) return;
      running = this.#start(number);
    }
  }
}
