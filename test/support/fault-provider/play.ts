/** Says an answer on a connection as its script has it: head, framing, pauses, drops, and where it breaks off. */
import type { Piece } from "./answer.ts";
import { refusalBody, streamPieces, wholeBody } from "./answer.ts";
import type { Exchange } from "./exchange.ts";
import type { FaultScript } from "./script.ts";

/** What a script is played on. */
export interface Line {
  /** Resolves once the system has taken all bytes; false when the connection is gone. */
  write(bytes: Uint8Array): Promise<boolean>;
  /** Ends the connection as a program that is done with it, or as one that died. */
  end(how: "fin" | "rst"): void;
}

type Played = "kept" | "closed";

/** Plays a script to its end. Resolves to whether the connection may carry another request; never rejects. */
export function play(line: Line, exchange: Exchange, script: FaultScript): Promise<Played> {
  return new Player(line, exchange, script).play();
}

class Player {
  readonly #line: Line;
  readonly #exchange: Exchange;
  readonly #script: FaultScript;
  /** Bytes of the body until the cut. */
  #left: number;

  constructor(line: Line, exchange: Exchange, script: FaultScript) {
    this.#line = line;
    this.#exchange = exchange;
    this.#script = script;
    this.#left = typeof script.cutAt === "number" ? script.cutAt : Number.POSITIVE_INFINITY;
  }

  async play(): Promise<Played> {
    const { truth } = this.#exchange;
    const script = this.#script;
    if (script.headersDelayMs > 0) await Bun.sleep(script.headersDelayMs);
    if (script.cutAt === "start") return this.#cut();
    const streams = script.status === 200 && truth.streamed;
    const head = this.#head(streams);
    if (script.cutAt === "head") {
      await this.#line.write(head.subarray(0, head.length >> 1));
      return this.#cut();
    }
    if (!(await this.#line.write(head))) return "closed";
    truth.status = script.status;
    this.#exchange.noted();
    let chunks = 0;
    for (const piece of this.#pieces(streams)) {
      if (piece.isChunk) await this.#pause(chunks++);
      const said = await this.#say(piece);
      if (said !== "kept") return said;
    }
    return this.#finish();
  }

  /** The same pieces each time. */
  #pieces(streams: boolean): Iterable<Piece> {
    if (this.#script.status !== 200) return [refusalBody(this.#script)];
    return streams ? streamPieces(this.#script, this.#exchange.truth) : [wholeBody(this.#script, this.#exchange.truth)];
  }

  async #pause(chunksBefore: number): Promise<void> {
    const { firstDelayMs, betweenMs, holdAfterTokens } = this.#script;
    if (holdAfterTokens === chunksBefore) await this.#exchange.mayGo;
    const pauseMs = chunksBefore === 0 ? firstDelayMs : betweenMs;
    if (pauseMs > 0) await Bun.sleep(pauseMs);
  }

  async #say(piece: Piece): Promise<Played> {
    const { truth } = this.#exchange;
    const drip = this.#script.dripBytes ?? Math.max(1, piece.bytes.length);
    for (let from = 0; from < piece.bytes.length; from += drip) {
      const bytes = piece.bytes.subarray(from, Math.min(from + drip, piece.bytes.length));
      const kept = bytes.subarray(0, this.#left);
      this.#left -= kept.length;
      if (kept.length > 0 && !(await this.#line.write(this.#framed(kept)))) return "closed";
      this.#exchange.noteBytes(kept);
      if (kept.length < bytes.length) return this.#cut();
    }
    this.#exchange.text += piece.text;
    truth.tokens += piece.tokens;
    truth.hasFinished ||= piece.isFinish;
    this.#exchange.noted();
    return this.#left === 0 && this.#script.cutAt !== null ? this.#cut() : "kept";
  }

  async #finish(): Promise<Played> {
    const { framing, lengthOffBy } = this.#script;
    if (framing === "chunked" && !(await this.#line.write(Buffer.from("0\r\n\r\n")))) return "closed";
    this.#exchange.truth.isWhole = true;
    this.#exchange.end("provider");
    if (framing === "chunked" && lengthOffBy === 0) return "kept";
    if (framing === "length" && lengthOffBy === 0) return "kept";
    this.#line.end("fin");
    return "closed";
  }

  async #cut(): Promise<Played> {
    const { cutBy } = this.#script;
    if (cutBy === "stall") {
      await this.#exchange.closed();
      return "closed";
    }
    this.#exchange.end("provider");
    this.#line.end(cutBy);
    return "closed";
  }

  #head(streams: boolean): Buffer {
    const { status, headers, framing, lengthOffBy } = this.#script;
    const type = streams ? "text/event-stream; charset=utf-8" : "application/json";
    const lines = [`HTTP/1.1 ${status} ${status === 200 ? "OK" : "As Told"}`, `content-type: ${type}`];
    for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
    if (framing === "length") {
      let length = 0;
      for (const { bytes } of this.#pieces(streams)) length += bytes.length;
      lines.push(`content-length: ${Math.max(0, length + lengthOffBy)}`);
    } else lines.push(framing === "chunked" ? "transfer-encoding: chunked" : "connection: close");
    return Buffer.from(`${lines.join("\r\n")}\r\n\r\n`);
  }

  #framed(bytes: Uint8Array): Uint8Array {
    if (this.#script.framing !== "chunked") return bytes;
    const size = Math.max(0, bytes.length + this.#script.lengthOffBy).toString(16);
    return Buffer.concat([Buffer.from(`${size}\r\n`), bytes, Buffer.from("\r\n")]);
  }
}
