import { describe, expect, test } from "bun:test";
import { bodyReader } from "./body.ts";
import type { Framing } from "./head.ts";
import { MalformedAnswer } from "./malformed.ts";

const CHUNKED: Framing = { kind: "chunked" };

/** The content of these pieces, and how the body stands afterwards. */
function readAll(framing: Framing, pieces: readonly string[]) {
  const reader = bodyReader(framing);
  const content = pieces.map((piece) => reader.push(Buffer.from(piece, "latin1")).toString("latin1")).join("");
  return { content, isOver: reader.isOver, hasExcess: reader.hasExcess };
}

test("a measured body is over at its length, and what comes behind is reported and not read", () => {
  const five: Framing = { kind: "length", bytes: 5 };
  expect(readAll(five, ["he", "ll"])).toEqual({ content: "hell", isOver: false, hasExcess: false });
  expect(readAll(five, ["he", "llo"])).toEqual({ content: "hello", isOver: true, hasExcess: false });
  expect(readAll(five, ["hello HTTP"])).toEqual({ content: "hello", isOver: true, hasExcess: true });
  expect(bodyReader(five).close()).toBe(false);
  expect(bodyReader({ kind: "none" }).isOver).toBe(true);
});

test("a body without a length is over when the connection is", () => {
  const reader = bodyReader({ kind: "until-close" });
  expect([reader.push(Buffer.from("x")).toString(), reader.isOver]).toEqual(["x", false]);
  expect([reader.close(), reader.isOver]).toEqual([true, true]);
});

describe("a body in chunks", () => {
  test("is the same wherever it is cut, with names of chunks, trailers and leading zeros", () => {
    const text = '5;name="va lue"\r\nhello\r\n0A \r\n0123456789\r\n000\r\nx-trailer: y\r\nx-other:\r\n\r\n';
    for (let cut = 0; cut <= text.length; cut++) {
      for (let next = cut; next <= text.length; next += 7) {
        const pieces = [text.slice(0, cut), text.slice(cut, next), text.slice(next)];
        expect(readAll(CHUNKED, pieces)).toEqual({ content: "hello0123456789", isOver: true, hasExcess: false });
      }
    }
    expect(readAll(CHUNKED, [...text]).content).toBe("hello0123456789");
  });

  test("is not over before its last line, wherever it ends", () => {
    const text = "5\r\nhello\r\n0\r\nx: y\r\n\r\n";
    for (let cut = 0; cut < text.length; cut++) {
      const reader = bodyReader(CHUNKED);
      reader.push(Buffer.from(text.slice(0, cut)));
      expect([cut, reader.isOver, reader.close()]).toEqual([cut, false, false]);
    }
  });

  test("hands out nothing that comes behind its end", () => {
    const behind = "5\r\nhello\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n\r\nevil";
    expect(readAll(CHUNKED, [behind])).toEqual({ content: "hello", isOver: true, hasExcess: true });
  });

  test("is refused where a size is none, a chunk is longer than it said, or a line has no end", () => {
    for (const text of [
      "\r\n",
      " 5\r\nhello\r\n",
      "-5\r\nhello\r\n",
      "+5\r\nhello\r\n",
      "0x5\r\nhello\r\n",
      "5_0\r\nhello\r\n",
      "g\r\nhello\r\n",
      "123456789\r\nhello\r\n",
      "5\nhello\r\n",
      "5\r\nhello\n",
      "5\r\nhello!\r\n",
      "5\r\nhelloX0\r\n\r\n",
      "5;a\0b\r\nhello\r\n",
      "5 a\r\nhello\r\n",
      `5;${"x".repeat(2_000)}\r\n`,
      "0".repeat(2_000),
      "0\r\nno colon\r\n\r\n",
      "0\r\n folded: x\r\n\r\n",
      `0\r\n${`x: ${"y".repeat(1_000)}\r\n`.repeat(20)}`,
    ]) {
      expect(() => readAll(CHUNKED, [text]), JSON.stringify(text.slice(0, 40))).toThrow(MalformedAnswer);
      expect(() => readAll(CHUNKED, [...text]), JSON.stringify(text.slice(0, 40))).toThrow(MalformedAnswer);
    }
  });
});
