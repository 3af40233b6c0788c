/**
 * The head of an answer: its status, its fields, and how long its body is.
 *
 * Invariants: what two programs could read in two ways is refused, because a connection carries one answer after the
 * other and everybody's: a length that is doubted would make the end of one the beginning of the next. So there are no bare line
 * ends, no folded lines, no space before a colon, no two lengths, no coding but `chunked`. A head is bounded.
 */
import { Fields } from "../answer.ts";
import { MalformedAnswer } from "./malformed.ts";

export type Framing =
  | { kind: "none" }
  | { kind: "length"; bytes: number }
  | { kind: "chunked" }
  | { kind: "until-close" };

export interface AnswerHead {
  status: number;
  headers: Fields;
  framing: Framing;
  /** Whether the connection may carry another answer behind this one. */
  keepsAlive: boolean;
}

export const MAX_HEAD_BYTES = 64 * 1024;
const MAX_FIELDS = 256;
/** Answers that come before the answer: 100, 102, 103. */
const MAX_INTERIM = 8;

const END = Buffer.from("\r\n\r\n");
const STATUS_LINE = /^HTTP\/1\.([01]) ([1-5][0-9]{2})(?: .*)?$/;
const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const PLAIN_LENGTH = /^[0-9]{1,15}$/;
const LENGTH = /^[\t ]*([0-9]{1,15})[\t ]*$/;
const NO_BODY = new Set([204, 205, 304]);

/** Reads bytes as they come until a head is whole. */
export class HeadReader {
  #read: Buffer = Buffer.alloc(0);
  #interim = 0;

  /** The head and what came behind it; null while it is not whole. Throws MalformedAnswer. */
  push(bytes: Buffer): { head: AnswerHead; rest: Buffer } | null {
    const looked = Math.max(0, this.#read.length - END.length + 1);
    this.#read = this.#read.length === 0 ? bytes : Buffer.concat([this.#read, bytes]);
    for (let from = looked; ; from = 0) {
      const end = this.#read.indexOf(END, from);
      if ((end === -1 ? this.#read.length : end) > MAX_HEAD_BYTES) throw new MalformedAnswer("the head is too long");
      if (end === -1) return null;
      const head = readHead(this.#read.subarray(0, end));
      const rest = this.#read.subarray(end + END.length);
      if (head.status >= 200) return { head, rest };
      if (++this.#interim > MAX_INTERIM) throw new MalformedAnswer("too many answers before the answer");
      this.#read = rest;
    }
  }
}

/** Throws MalformedAnswer. `bytes` without the empty line. */
export function readHead(bytes: Buffer): AnswerHead {
  checkBytes(bytes);
  const [first = "", ...lines] = bytes.toString("latin1").split("\r\n");
  const found = STATUS_LINE.exec(first);
  if (found === null) throw new MalformedAnswer("it does not begin with a status line of HTTP/1");
  const status = Number(found[2]);
  if (status === 101) throw new MalformedAnswer("it changes to a protocol that nobody asked for");
  if (lines.length > MAX_FIELDS) throw new MalformedAnswer("the head has too many fields");
  const headers = new Fields();
  for (const line of lines) addField(headers, line);
  const isOld = found[1] === "0";
  const framing = framingOf(status, headers, isOld);
  return { status, headers, framing, keepsAlive: !isOld && framing.kind !== "until-close" && isKept(status, headers) };
}

function addField(headers: Fields, line: string): void {
  const colon = line.indexOf(":");
  const name = line.slice(0, colon);
  if (colon < 1 || !NAME.test(name)) throw new MalformedAnswer("a line of the head is no field");
  headers.append(name, line.slice(colon + 1));
}

function framingOf(status: number, headers: Fields, isOld: boolean): Framing {
  const coding = headers.get("transfer-encoding");
  const announced = headers.get("content-length");
  const length = announced === null ? null : lengthOf(announced);
  if (coding !== null && (isOld || coding.toLowerCase() !== "chunked")) {
    throw new MalformedAnswer("the body comes in a coding that nobody asked for");
  }
  if (NO_BODY.has(status)) return { kind: "none" };
  if (coding !== null) return { kind: "chunked" };
  return length === null ? { kind: "until-close" } : { kind: "length", bytes: length };
}

/** A field that stands twice is joined with a comma; the same length twice is one length. */
function lengthOf(announced: string): number {
  return PLAIN_LENGTH.test(announced) ? Number(announced) : lengthOfMany(announced);
}

function lengthOfMany(announced: string): number {
  const [first, ...others] = announced.split(",").map((one) => LENGTH.exec(one)?.[1]);
  if (first === undefined || others.some((other) => other !== first)) {
    throw new MalformedAnswer("the length of the body is none");
  }
  return Number(first);
}

/** Where two lengths are named, or one for a body that cannot be, the sender is not to be trusted with the next answer. */
function isKept(status: number, headers: Fields): boolean {
  const isChunked = headers.has("transfer-encoding");
  const isDoubtful = isChunked && (headers.has("content-length") || NO_BODY.has(status));
  const hasStrangeBody = status !== 304 && NO_BODY.has(status) && (headers.get("content-length") ?? "0") !== "0";
  if (isDoubtful || hasStrangeBody) return false;
  const connection = headers.get("connection");
  if (connection === null || connection === "keep-alive") return true;
  const words = connection.toLowerCase().split(",");
  return !words.some((word) => word.trim() === "close");
}

const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const DELETE = 0x7f;

/** Line ends are whole, and nothing else that steers is in between. */
function checkBytes(bytes: Buffer): void {
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if ((byte >= SPACE && byte !== DELETE) || byte === TAB) continue;
    if (byte !== CARRIAGE_RETURN || bytes[at + 1] !== LINE_FEED) {
      throw new MalformedAnswer("the head holds a character that none may hold");
    }
    at++;
  }
}
