import { expect, test } from "bun:test";
import { EventStreamCodec } from "@smithy/eventstream-codec";
import fc from "fast-check";
import { AwsEventSplitter, AwsEventStreamBroken, MAX_MESSAGE_BYTES } from "./aws-event-stream.ts";

const codec = new EventStreamCodec(
  (bytes) => (typeof bytes === "string" ? bytes : new TextDecoder().decode(bytes)),
  (text) => new TextEncoder().encode(text),
);

function message(headers: Record<string, string>, payload: string): Uint8Array {
  return codec.encode({
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [`:${name}`, { type: "string" as const, value }]),
    ),
    body: new TextEncoder().encode(payload),
  });
}

const event = (type: string, payload: object) =>
  message({ "message-type": "event", "event-type": type }, JSON.stringify(payload));

const stream = Buffer.concat([
  event("messageStart", { role: "assistant" }),
  event("contentBlockDelta", { contentBlockIndex: 0, delta: { text: "Sélamat pagi 🌅" } }),
  event("contentBlockStop", {}),
  message({ "message-type": "exception", "exception-type": "throttlingException" }, '{"message":"Too many"}'),
  message({ "message-type": "error", "error-code": "InternalError", "error-message": "Sorry" }, ""),
]);
const expected = [
  { role: "assistant", type: "messageStart" },
  { contentBlockIndex: 0, delta: { text: "Sélamat pagi 🌅" }, type: "contentBlockDelta" },
  { type: "contentBlockStop" },
  { message: "Too many", type: "throttlingException" },
  { type: "error", code: "InternalError", message: "Sorry" },
];

function read(pieces: readonly Uint8Array[]): unknown[] {
  const splitter = new AwsEventSplitter();
  const texts = pieces.flatMap((piece) => splitter.push(piece));
  return [...texts, ...splitter.end()].map((text) => JSON.parse(text));
}

test("any chunking of the same bytes gives the same events", () => {
  expect(read([stream])).toEqual(expected);
  expect(read([...stream].map((byte) => Uint8Array.of(byte)))).toEqual(expected);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: stream.length }), { maxLength: 12 }), (cuts) => {
      const borders = [0, ...cuts.sort((a, b) => a - b), stream.length];
      const pieces = borders.slice(1).map((border, index) => stream.subarray(borders[index], border));
      expect(read(pieces)).toEqual(expected);
    }),
  );
});

test("a bit that flipped on the way anywhere in a message is found, never passed on", () => {
  const whole = event("contentBlockDelta", { delta: { text: "Halo" } });
  for (let position = 0; position < whole.length; position++) {
    const broken = Uint8Array.from(whole);
    broken[position] = (broken[position] ?? 0) ^ 1;
    expect(() => read([broken])).toThrow(AwsEventStreamBroken);
  }
});

test("a stream that ends inside a message is broken", () => {
  const splitter = new AwsEventSplitter();
  expect(splitter.push(stream.subarray(0, stream.length - 1))).toHaveLength(4);
  expect(() => splitter.end()).toThrow(AwsEventStreamBroken);
});

test("a message that says it is longer than the bound, or shorter than its frame, is refused before it is waited for", () => {
  for (const size of [0, 15, MAX_MESSAGE_BYTES + 1, 0xffffffff]) {
    const head = Buffer.alloc(4);
    head.writeUInt32BE(size);
    expect(() => new AwsEventSplitter().push(head)).toThrow(AwsEventStreamBroken);
  }
});

test("a field of the payload cannot pretend to be the kind of the event", () => {
  expect(read([event("metadata", { type: "throttlingException" })])).toEqual([{ type: "metadata" }]);
});
