/**
 * The body of an answer without its framing, as its bytes come.
 *
 * Invariants: a body is over exactly where its head or its last chunk says; what ends before is broken and never whole;
 * what comes behind is reported, and never read as anything. Lines of chunks are bounded.
 */
import type { Framing } from "./head.ts";
import { MalformedAnswer } from "./malformed.ts";

/** A chunk's size with what may be said behind it, or one line of a trailer. */
const MAX_LINE = 1_024;
const MAX_TRAILER = 16 * 1024;
const SIZE_LINE = /^([0-9a-fA-F]{1,8})[\t ]*(?:;[\t\x20-\x7e\x80-\xff]*)?$/;
const TRAILER_LINE = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[\t\x20-\x7e\x80-\xff]*$/;
const LINE_FEED = 0x0a;
const NOTHING = Buffer.alloc(0);

export interface BodyReader {
  /** What of these bytes is content; maybe in the same memory. Throws MalformedAnswer. */
  push(bytes: Buffer): Buffer;
  readonly isOver: boolean;
  /** Bytes have come behind the end. */
  readonly hasExcess: boolean;
  /** The sender has closed the connection. Returns whether the body is whole. */
  close(): boolean;
}

export function bodyReader(framing: Framing): BodyReader {
  if (framing.kind === "chunked") return new ChunkedBody();
  if (framing.kind === "until-close") return new OpenBody();
  return new MeasuredBody(framing.kind === "none" ? 0 : framing.bytes);
}

class MeasuredBody implements BodyReader {
  hasExcess = false;
  #left: number;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  get isOver(): boolean {
    return this.#left === 0;
  }

  push(bytes: Buffer): Buffer {
    this.hasExcess ||= bytes.length > this.#left;
    const content = bytes.length > this.#left ? bytes.subarray(0, this.#left) : bytes;
    this.#left -= content.length;
    return content;
  }

  close(): boolean {
    return this.isOver;
  }
}

class OpenBody implements BodyReader {
  isOver = false;
  readonly hasExcess = false;

  push(bytes: Buffer): Buffer {
    return bytes;
  }

  close(): boolean {
    this.isOver = true;
    return true;
  }
}

type Part = "size" | "content" | "content-end" | "trailer" | "over";

class ChunkedBody implements BodyReader {
  hasExcess = false;
  #part: Part = "size";
  #line = "";
  #left = 0;
  #trailer = 0;

  get isOver(): boolean {
    return this.#part === "over";
  }

  /** Content is moved together at the front of `bytes`, so that a read with many small chunks is one piece. */
  push(bytes: Buffer): Buffer {
    let at = 0;
    let kept = 0;
    while (at < bytes.length && this.#part !== "over") {
      if (this.#part !== "content") {
        at = this.#readLine(bytes, at);
        continue;
      }
      const length = Math.min(this.#left, bytes.length - at);
      bytes.copyWithin(kept, at, at + length);
      kept += length;
      at += length;
      this.#left -= length;
      if (this.#left === 0) this.#part = "content-end";
    }
    this.hasExcess ||= at < bytes.length;
    return kept === 0 ? NOTHING : bytes.subarray(0, kept);
  }

  close(): boolean {
    return this.isOver;
  }

  /** Reads up to the end of the line or of the bytes, and returns how far. */
  #readLine(bytes: Buffer, from: number): number {
    const feed = bytes.indexOf(LINE_FEED, from);
    const end = feed === -1 ? bytes.length : feed;
    if (this.#line.length + end - from > MAX_LINE) throw new MalformedAnswer("a line of a chunk is too long");
    this.#line += bytes.toString("latin1", from, end);
    if (feed === -1) return end;
    if (!this.#line.endsWith("\r")) throw new MalformedAnswer("a line of a chunk does not end as lines do");
    const line = this.#line.slice(0, -1);
    this.#line = "";
    this.#part = this.#after(line);
    return feed + 1;
  }

  #after(line: string): Part {
    if (this.#part === "size") {
      const size = SIZE_LINE.exec(line);
      if (size === null) throw new MalformedAnswer("the size of a chunk is none");
      this.#left = Number.parseInt(size[1] ?? "", 16);
      return this.#left === 0 ? "trailer" : "content";
    }
    if (this.#part === "content-end") {
      if (line !== "") throw new MalformedAnswer("a chunk is longer than it said");
      return "size";
    }
    if (line === "") return "over";
    this.#trailer += line.length;
    if (this.#trailer > MAX_TRAILER || !TRAILER_LINE.test(line)) throw new MalformedAnswer("a trailer is none");
    return "trailer";
  }
}
