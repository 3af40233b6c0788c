/**
 * One request and its answer on a connection of its own for that time.
 *
 * Invariants: of a body that nobody reads at most MAX_AHEAD_BYTES and one read of the system are held (in Bun at most 512
 * KiB, where so much has come at once), then the connection is not read; what came before a break is given before the
 * break; a connection carries another request only when this answer was whole, nothing came behind it, and all of the
 * request had been written.
 */
import { type Answer, WholeAnswer } from "../answer.ts";
import type { StopSignal } from "../stop-signal.ts";
import { type BodyReader, bodyReader } from "./body.ts";
import { type AnswerHead, HeadReader } from "./head.ts";
import { MalformedAnswer } from "./malformed.ts";
import type { Wire, WireUser } from "./wire.ts";

/** Of a body, beyond which its connection is not read until somebody waits for more. */
const MAX_AHEAD_BYTES = 32 * 1024;
/** What the platform unpacks, by the name in `content-encoding`. */
const PACKINGS: Readonly<Record<string, Bun.CompressionFormat>> = {
  gzip: "gzip",
  "x-gzip": "gzip",
  deflate: "deflate",
  br: "brotli",
  zstd: "zstd",
};
const EARLY_END = Object.assign(new Error("the connection was closed in the middle of the answer"), {
  code: "ECONNRESET",
});
const NOTHING_AHEAD = { highWaterMark: 0 };

/** The other side was closing the connection while the request was on its way: nothing was answered. */
export class KeptConnectionClosed extends Error {
  override readonly name = "KeptConnectionClosed";
}

export class Exchange implements WireUser {
  readonly answer: Promise<Answer>;
  /** Whether anything has come back. */
  #hasHeard = false;
  readonly #wire: Wire;
  readonly #signal: StopSignal;
  readonly #onOver: (mayGoOn: boolean) => void;
  readonly #answered = Promise.withResolvers<Answer>();
  #head: HeadReader | null = new HeadReader();
  #keepsAlive = false;
  #body: BodyReader | undefined;
  #stream: BodyStream | undefined;
  #isOver = false;

  /** `onOver` is called once, when the connection is free or spoilt. */
  constructor(parts: { wire: Wire; signal: StopSignal; onOver(mayGoOn: boolean): void }) {
    this.#wire = parts.wire;
    this.#signal = parts.signal;
    this.#onOver = parts.onOver;
    this.answer = this.#answered.promise;
    this.#wire.user = this;
    this.#signal.addEventListener("abort", this.#abort);
    if (this.#signal.aborted) this.#abort();
  }

  onBytes(bytes: Buffer): void {
    this.#hasHeard = true;
    try {
      if (this.#head === null) this.#readBody(bytes);
      else this.#readHead(this.#head, bytes);
    } catch (error) {
      this.#fail(error instanceof Error ? error : new MalformedAnswer("it cannot be read"));
    }
  }

  onEnd(): void {
    if (this.#body?.close() === true) this.#finish();
    else this.#fail(EARLY_END);
  }

  onClosed(error: Error): void {
    this.#fail(error);
  }

  /** Gives the answer to whoever waits for it, with what of its body has come already. */
  #readHead(reader: HeadReader, bytes: Buffer): void {
    const read = reader.push(bytes);
    if (read === null) return;
    const { head, rest } = read;
    this.#head = null;
    this.#keepsAlive = head.keepsAlive;
    this.#body = bodyReader(head.framing);
    const content = this.#body.push(rest);
    if (this.#body.isOver) {
      this.#finish();
      this.#answered.resolve(answerOf(head, head.framing.kind === "none" ? null : content));
      return;
    }
    this.#stream = new BodyStream(this.#wire, () => this.#leave());
    this.#stream.push(content);
    this.#answered.resolve(answerOf(head, this.#stream.readable));
  }

  #readBody(bytes: Buffer): void {
    if (this.#body === undefined) return;
    const content = this.#body.push(bytes);
    this.#stream?.push(content);
    if (this.#body.isOver) this.#finish();
  }

  #finish(): void {
    const mayGoOn = this.#keepsAlive && this.#body?.hasExcess === false && this.#wire.hasWritten;
    if (!this.#close(mayGoOn)) return;
    this.#stream?.end();
  }

  #fail(error: Error): void {
    if (!this.#close(false)) return;
    const wasKept = this.#wire.uses > 1 && !this.#hasHeard && !this.#signal.aborted;
    this.#answered.reject(wasKept ? new KeptConnectionClosed("a kept connection was closed", { cause: error }) : error);
    this.#stream?.fail(error);
  }

  readonly #abort = () => {
    const reason: unknown = this.#signal.reason;
    this.#stream?.forget();
    this.#fail(reason instanceof Error ? reason : EARLY_END);
  };

  /** The reader wants no more. */
  #leave(): void {
    this.#close(false);
  }

  #close(mayGoOn: boolean): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    this.#signal.removeEventListener("abort", this.#abort);
    this.#onOver(mayGoOn);
    return true;
  }
}

function answerOf({ status, headers }: AnswerHead, body: ReadableStream<Uint8Array> | Buffer | null): Answer {
  const packing = PACKINGS[headers.get("content-encoding")?.trim().toLowerCase() ?? ""];
  if (packing === undefined && body instanceof Buffer) return new WholeAnswer({ status, headers, bytes: body });
  const parts = { status, headers: new Headers(headers.entries()) };
  if (body === null || packing === undefined) return new Response(body, parts);
  const packed: ReadableStream<Bun.BufferSource> | null =
    body instanceof ReadableStream ? body : new Response(body).body;
  return new Response(packed?.pipeThrough(new DecompressionStream(packing)) ?? null, parts);
}

/** A body as it comes, at the pace of its reader. */
class BodyStream {
  readonly readable: ReadableStream<Uint8Array>;
  readonly #wire: Wire;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #unread: Uint8Array[] = [];
  /** What has come since somebody last waited for something. */
  #aheadBytes = 0;
  #isWanted = false;
  #ending: { error: Error | null } | null = null;

  constructor(wire: Wire, onLeave: () => void) {
    this.#wire = wire;
    this.readable = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        pull: () => this.#pull(),
        cancel: () => {
          this.forget();
          onLeave();
        },
      },
      NOTHING_AHEAD,
    );
  }

  push(content: Buffer): void {
    if (content.length === 0) return;
    // A plain array of bytes, as `fetch` gives it.
    const piece = new Uint8Array(content.buffer, content.byteOffset, content.length);
    this.#aheadBytes += piece.length;
    // What the reader has just been given may be more than it can pass on.
    if (this.#aheadBytes > MAX_AHEAD_BYTES) this.#wire.pause();
    if (!this.#isWanted) {
      this.#unread.push(piece);
      return;
    }
    this.#isWanted = false;
    this.#controller?.enqueue(piece);
  }

  end(): void {
    this.#ending = { error: null };
    this.#settle();
  }

  fail(error: Error): void {
    this.#ending ??= { error };
    this.#settle();
  }

  /** Drops what has come and was not read. */
  forget(): void {
    this.#unread = [];
  }

  #pull(): void {
    const piece = this.#unread.shift();
    if (piece === undefined) {
      this.#isWanted = true;
      this.#aheadBytes = 0;
      this.#wire.resume();
      return;
    }
    this.#controller?.enqueue(piece);
    this.#settle();
  }

  /** The end is told when all before it has been taken. */
  #settle(): void {
    if (this.#ending === null || this.#unread.length > 0 || this.#controller === undefined) return;
    const controller = this.#controller;
    this.#controller = undefined;
    if (this.#ending.error === null) controller.close();
    else controller.error(this.#ending.error);
  }
}
