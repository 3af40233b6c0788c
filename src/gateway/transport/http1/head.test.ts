import { describe, expect, test } from "bun:test";
import { type Framing, HeadReader, MAX_HEAD_BYTES, readHead } from "./head.ts";
import { MalformedAnswer } from "./malformed.ts";

const read = (text: string) => readHead(Buffer.from(text, "latin1"));
const framing = (fields: string, status = "HTTP/1.1 200 OK"): Framing => read(`${status}\r\n${fields}`).framing;

test("status, fields and their values are what was sent, whatever the spelling of names", () => {
  const head = read(
    "HTTP/1.1 429 Too Many Requests\r\nRetry-After:  7 \r\nX-Empty:\r\nX-Two: a\r\nx-two: b\r\nX-Byte: caf\xe9\r\nX-Wide: \xa0no-break spaces\xa0",
  );
  expect(head.status).toBe(429);
  expect(Object.fromEntries(head.headers.entries())).toEqual({
    "retry-after": "7",
    "x-empty": "",
    "x-two": "a, b",
    "x-byte": "caf\xe9",
    "x-wide": "\xa0no-break spaces\xa0",
  });
  expect(read("HTTP/1.1 200\r\nx: y").status).toBe(200);
});

describe("how long a body is", () => {
  test("follows from the head in one way only", () => {
    expect(framing("content-length: 5")).toEqual({ kind: "length", bytes: 5 });
    expect(framing("content-length: 5\r\ncontent-length: 5")).toEqual({ kind: "length", bytes: 5 });
    expect(framing("transfer-encoding: Chunked")).toEqual({ kind: "chunked" });
    expect(framing("content-type: text/plain")).toEqual({ kind: "until-close" });
    for (const status of ["204 No Content", "304 Not Modified"]) {
      expect(framing("content-length: 5", `HTTP/1.1 ${status}`)).toEqual({ kind: "none" });
    }
    // Chunks count, and nobody else gets that connection.
    const both = read("HTTP/1.1 200 OK\r\ncontent-length: 5\r\ntransfer-encoding: chunked");
    expect([both.framing.kind, both.keepsAlive]).toEqual(["chunked", false]);
  });

  test("is refused where it could be read in two ways", () => {
    for (const fields of [
      "content-length: -5",
      "content-length: +5",
      "content-length: 5.0",
      "content-length: 0x5",
      "content-length: 5 5",
      "content-length: 5, 6",
      "content-length: 5,",
      "content-length: ",
      "content-length: 3\r\ncontent-length: 5",
      "content-length: 99999999999999999999",
      "content-length: \xa05",
      "content-length: 5,\xa05",
      "transfer-encoding: \xa0chunked",
      "transfer-encoding: gzip, chunked",
      "transfer-encoding: chunked, chunked",
      "transfer-encoding: chunked\r\ntransfer-encoding: chunked",
      "transfer-encoding: identity",
      "transfer-encoding: xchunked",
      "transfer-encoding: ",
    ]) {
      expect(() => framing(fields), fields).toThrow(MalformedAnswer);
    }
    expect(() => framing("transfer-encoding: chunked", "HTTP/1.0 200 OK")).toThrow(MalformedAnswer);
  });
});

test("a connection is kept only where both sides know where the next answer begins", () => {
  const keeps = (text: string) => read(text).keepsAlive;
  expect(keeps("HTTP/1.1 200 OK\r\ncontent-length: 0")).toBe(true);
  expect(keeps("HTTP/1.1 204 No Content\r\nx: y")).toBe(true);
  expect(keeps("HTTP/1.1 200 OK\r\nx: until it is closed")).toBe(false);
  expect(keeps("HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: x, Close")).toBe(false);
  expect(keeps("HTTP/1.0 200 OK\r\ncontent-length: 0\r\nconnection: keep-alive")).toBe(false);
  expect(keeps("HTTP/1.1 204 No Content\r\ncontent-length: 9")).toBe(false);
  // Some send the last chunk of nothing all the same, and it would begin the next answer.
  expect(keeps("HTTP/1.1 204 No Content\r\ntransfer-encoding: chunked")).toBe(false);
});

test("what is no head of HTTP/1 is refused", () => {
  for (const text of [
    "",
    "SSH-2.0-OpenSSH_9.2",
    "HTTP/2 200",
    "HTTP/9.9 200 OK",
    "http/1.1 200 OK",
    "HTTP/1.1 20 OK",
    "HTTP/1.1 2000 OK",
    "HTTP/1.1 999 Strange",
    "HTTP/1.1  200 OK",
    "HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c",
    " HTTP/1.1 200 OK",
    "\r\nHTTP/1.1 200 OK",
    "HTTP/1.1 200 OK\r\nno colon",
    "HTTP/1.1 200 OK\r\n: no name",
    "HTTP/1.1 200 OK\r\nspace before : colon",
    "HTTP/1.1 200 OK\r\ncontent-length : 5",
    "HTTP/1.1 200 OK\r\nx: folded\r\n into two",
    "HTTP/1.1 200 OK\nx: bare line end",
    "HTTP/1.1 200 OK\r\nx: a\nb: c",
    "HTTP/1.1 200 OK\r\nx: a\rb: c",
    "HTTP/1.1 200 OK\r\nx: a\0b",
    "HTTP/1.1 200 OK\r\nx: a\x7fb",
    `HTTP/1.1 200 OK\r\n${"x: y\r\n".repeat(300)}x: y`,
  ]) {
    expect(() => read(text), JSON.stringify(text.slice(0, 60))).toThrow(MalformedAnswer);
  }
});

describe("a head that comes in pieces", () => {
  test("is the same wherever it is cut, and what comes behind it is left for the body", () => {
    const text =
      "HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nx: y\r\n\r\nbody";
    for (let cut = 0; cut <= text.length; cut++) {
      const reader = new HeadReader();
      const first = reader.push(Buffer.from(text.slice(0, cut)));
      const read = first ?? reader.push(Buffer.from(text.slice(cut)));
      const rest = (read?.rest.toString() ?? "") + (first ? text.slice(cut) : "");
      expect([read?.head.status, read?.head.headers.get("x"), rest]).toEqual([200, "y", "body"]);
    }
  });

  test("is given up at its bound, however slowly it grows", () => {
    const reader = new HeadReader();
    reader.push(Buffer.from("HTTP/1.1 200 OK\r\n"));
    const line = Buffer.from(`x: ${"y".repeat(1_000)}\r\n`);
    let bytes = 0;
    expect(() => {
      for (; bytes < 10 * MAX_HEAD_BYTES; bytes += line.length) reader.push(line);
    }).toThrow(MalformedAnswer);
    expect(bytes).toBeLessThanOrEqual(MAX_HEAD_BYTES);
  });

  test("is given up when it is always another one that is not yet the answer", () => {
    const interim = Buffer.from("HTTP/1.1 102 Processing\r\n\r\n".repeat(50));
    expect(() => new HeadReader().push(interim)).toThrow(MalformedAnswer);
  });
});
