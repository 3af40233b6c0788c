import { expect, test } from "bun:test";
import fc from "fast-check";
import { MAX_EVENT_CHARACTERS, SseEventTooLong, SseSplitter } from "./sse-events.ts";

function events(...chunks: (string | Uint8Array)[]): string[] {
  const splitter = new SseSplitter();
  const encoder = new TextEncoder();
  const found = chunks.flatMap((chunk) => splitter.push(typeof chunk === "string" ? encoder.encode(chunk) : chunk));
  return [...found, ...splitter.end()];
}

test("events are their data lines, whatever the line ends, with comments and other fields left out", () => {
  expect(events('data: {"a":1}\n\ndata:2\r\n\r\ndata: 3\r\r')).toEqual(['{"a":1}', "2", "3"]);
  expect(events(": hello\n\nevent: x\nid: 7\ndata: a\ndata: b\nretry: 5\n\n")).toEqual(["a\nb"]);
  expect(events("\uFEFFdata: a\n\n")).toEqual(["a"]);
  expect(events("database: a\n\ndata\n\n")).toEqual([""]);
});

test("a last event without its blank line still counts", () => {
  expect(events("data: a\n\ndata: b")).toEqual(["a", "b"]);
  expect(events("data: a\n\ndata: b\n")).toEqual(["a", "b"]);
});

test("any chunking of the same bytes gives the same events, inside characters and line ends too", () => {
  const line = fc.oneof(
    fc.string({ unit: "grapheme" }).map((text) => `data: ${text.replace(/[\r\n]/g, "")}`),
    fc.constantFrom(": comment", "event: x", "", "data", "data:"),
  );
  const stream = fc.array(fc.tuple(line, fc.constantFrom("\n", "\r\n", "\r"))).map((lines) => lines.flat().join(""));
  fc.assert(
    fc.property(stream, fc.array(fc.nat({ max: 300 })), (text, cuts) => {
      const bytes = new TextEncoder().encode(text);
      const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
      const chunks = places.slice(1).map((place, index) => bytes.slice(places[index], place));
      expect(events(...chunks)).toEqual(events(bytes));
      expect(events(...[...bytes].map((byte) => new Uint8Array([byte])))).toEqual(events(bytes));
    }),
  );
});

test("an endless event is refused instead of kept", () => {
  const splitter = new SseSplitter();
  const chunk = new TextEncoder().encode(`data: ${"x".repeat(1024 * 1024)}`);
  expect(() => {
    for (let sent = 0; sent <= MAX_EVENT_CHARACTERS; sent += chunk.length) splitter.push(chunk);
  }).toThrow(SseEventTooLong);
});

test("an event is given up at its bound, even when it comes as endless short lines", () => {
  const splitter = new SseSplitter();
  const lines = new TextEncoder().encode("data: 0123456789\n".repeat(4096));
  expect(() => {
    for (let sent = 0; sent < 2 * MAX_EVENT_CHARACTERS; sent += lines.length) splitter.push(lines);
  }).toThrow(SseEventTooLong);
});
