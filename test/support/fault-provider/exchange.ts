/**
 * One request and what was answered, as the provider knows it: the truth against which a gateway's records and bills are
 * held. Bytes count once the system has taken them.
 */
import type { JsonObject } from "../../../src/kernel/json.ts";

export interface Truth {
  /** The id that stands in the answer. */
  id: string;
  model: string;
  /** The request's own name for its user, by which a test knows it again. */
  user: string;
  streamed: boolean;
  seed: number;
  promptTokens: number;
  /** On the clock that all processes of a machine share, in milliseconds. */
  receivedAtMs: number;
  /** 0 until the head of an answer has left. */
  status: number;
  /** Of the body, without its framing. */
  bodyBytes: number;
  tokens: number;
  /** The end said that it is one. */
  hasFinished: boolean;
  /** All that the script has to say has left. */
  isWhole: boolean;
  /** How it ended, null while it runs. A whole answer may leave its connection open. */
  ending: { by: "provider" | "client"; atMs: number } | null;
}

/** Milliseconds on a clock that is the same in every process of this machine. */
export function sharedNowMs(): number {
  return performance.timeOrigin + performance.now();
}

/** The bytes that are kept of one answer; beyond, they are only counted. */
const KEPT_BYTES = 1024 * 1024;

export class Exchange {
  readonly truth: Truth;
  readonly request: { headers: Record<string, string>; body: JsonObject };
  /** The words that have left. */
  text = "";
  readonly #kept: Uint8Array[] = [];
  #keptBytes = 0;
  #waiting: { isTrue(): boolean; resolve(): void }[] = [];
  readonly #go = Promise.withResolvers<void>();

  constructor(truth: Truth, request: Exchange["request"]) {
    this.truth = truth;
    this.request = request;
  }

  /** The bytes of the body that have left, as far as they are kept. */
  get sent(): Buffer {
    return Buffer.concat(this.#kept);
  }

  /** Resolves when so many words have left. */
  sentTokens(tokens: number): Promise<void> {
    return this.#until(() => this.truth.tokens >= tokens);
  }

  /** Resolves when the answer is over: it is whole, or its connection is closed. */
  over(): Promise<void> {
    return this.#until(() => this.truth.ending !== null);
  }

  /** Resolves when the gateway has closed the connection, or the provider has. */
  closed(): Promise<void> {
    return this.#until(() => this.truth.ending !== null && !this.isOpen);
  }

  /** The connection that it came on still stands. */
  isOpen = true;

  /** Lets an answer go on that is held behind some of its words. */
  go(): void {
    this.#go.resolve();
  }

  /** Resolves when the answer may go on. */
  get mayGo(): Promise<void> {
    return this.#go.promise;
  }

  noteBytes(bytes: Uint8Array): void {
    this.truth.bodyBytes += bytes.length;
    if (this.#keptBytes >= KEPT_BYTES) return;
    this.#keptBytes += bytes.length;
    this.#kept.push(bytes.slice());
  }

  /** Says that something has changed. */
  noted(): void {
    const due = this.#waiting.filter(({ isTrue }) => isTrue());
    this.#waiting = this.#waiting.filter((one) => !due.includes(one));
    for (const { resolve } of due) resolve();
  }

  end(by: "provider" | "client"): void {
    this.truth.ending ??= { by, atMs: sharedNowMs() };
    this.noted();
  }

  close(): void {
    this.isOpen = false;
    this.noted();
  }

  #until(isTrue: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ isTrue, resolve });
      this.noted();
    });
  }
}
