import { expect, test } from "bun:test";
import fc from "fast-check";
import { eventsOf, messageFor, wireOf } from "../../../../test/support/upstreams/anthropic-messages.ts";
import type { CanonicalEvent } from "../../canonical/events.ts";
import { MessagesWriter, messageOf } from "../../ingress/anthropic-messages/writer.ts";
import { SseSplitter } from "../../relay/sse-events.ts";
import { readMessageAnswer } from "./read-answer.ts";
import { MessagesReader } from "./read-stream.ts";

const message = messageFor({
  messages: [{ role: "user", content: "Halo" }],
  thinking: { type: "adaptive" },
  tools: [{}],
});
const wire = new TextEncoder().encode(wireOf(eventsOf(message)));

function eventsIn(pieces: readonly Uint8Array[]): CanonicalEvent[] {
  const splitter = new SseSplitter();
  const reader = new MessagesReader();
  const texts = [...pieces.flatMap((piece) => splitter.push(piece)), ...splitter.end()];
  return texts.flatMap((text) => reader.accept(text) ?? [{ kind: "failure", status: 0, message: text }]);
}

/** Pieces of the same part as one, estimates on the way left out. */
function joined(events: readonly CanonicalEvent[]): CanonicalEvent[] {
  const all: CanonicalEvent[] = [];
  for (const event of events) {
    if ((event.kind === "usage" && event.usage.estimated) || event.kind === "end") continue;
    const last = all.at(-1);
    if (event.kind === "text" && last?.kind === "text") last.text += event.text;
    else if (event.kind === "tool-arguments" && last?.kind === "tool-arguments") last.text += event.text;
    else if (
      event.kind === "reasoning" &&
      last?.kind === "reasoning" &&
      event.detail.kind === "text" &&
      last.detail.kind === "text" &&
      last.detail.signature === null
    ) {
      last.detail = { ...event.detail, text: last.detail.text + event.detail.text };
    } else all.push(structuredClone(event));
  }
  return all;
}

test("however a stream is cut, it is the same events", () => {
  const whole = eventsIn([wire]);
  expect(whole.at(-1)).toEqual({ kind: "end" });
  for (let size = 1; size <= 16; size++) {
    const pieces = Array.from({ length: Math.ceil(wire.length / size) }, (_, at) =>
      wire.subarray(at * size, (at + 1) * size),
    );
    expect(eventsIn(pieces)).toEqual(whole);
  }
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: wire.length }), { maxLength: 40 }), (cuts) => {
      const edges = [0, ...cuts.sort((a, b) => a - b), wire.length];
      expect(eventsIn(edges.slice(1).map((edge, at) => wire.subarray(edges[at], edge)))).toEqual(whole);
    }),
  );
});

test("a streamed answer and a whole one say the same", () => {
  const whole = readMessageAnswer(structuredClone(message) as never);
  const kinds = (events: readonly CanonicalEvent[]) => [...events].sort((a, b) => a.kind.localeCompare(b.kind));
  expect(kinds(joined(eventsIn([wire])))).toEqual(kinds(joined(whole ?? [])));
});

test("what was read is written again for a client of the dialect as it was", () => {
  const events = readMessageAnswer(structuredClone(message) as never) ?? [];
  const identity = { generationId: message.id, model: message.model, provider: "P", createdSeconds: 1, requestId: "r" };
  const usage = events.find((event) => event.kind === "usage")?.usage;
  if (!usage) throw new Error("no usage");
  const billed = { usage, charge: { costNano: null, priceVersion: null } };
  const again = messageOf(events, { identity, billed } as never) as unknown as typeof message;
  // Who may call a tool is not said anew: only what Claude itself decides has another answer than "direct".
  const content = message.content.map((block) => {
    const { caller, ...rest } = { caller: null, ...block };
    return rest;
  });
  expect(again.content).toEqual(content as never);
  expect(again.stop_reason).toBe(message.stop_reason);
  expect(again.usage).toMatchObject({ ...message.usage });
  const writer = new MessagesWriter(identity);
  const frames = events.map((event) => writer.write(event)).join("") + writer.end(billed as never);
  const streamed = eventsIn([new TextEncoder().encode(frames)]);
  expect(joined(streamed)).toEqual(joined(eventsIn([wire])).map((event) => event));
});

test("an answer that breaks off has its prompt counted and says that the rest is an estimate", () => {
  const start = eventsIn([wire]).find((event) => event.kind === "usage");
  expect(start).toMatchObject({
    usage: { promptTokens: 150, cachedTokens: 20, cacheWriteTokens: 30, estimated: true },
  });
});

test("blocks that nobody knows, and rubbish in known ones, are passed over", () => {
  const reader = new MessagesReader();
  const data = [
    {
      type: "content_block_start",
      index: 0,
      content_block: { type: "server_tool_use", id: "s", name: "web_search", input: {} },
    },
    { type: "content_block_delta", index: 0, delta: { type: "input_json_delta", partial_json: '{"q":1}' } },
    { type: "content_block_start", index: 1 },
    { type: "content_block_delta", index: 1, delta: { type: "telepathy_delta" } },
    { type: "content_block_delta", index: 1, delta: 7 },
    { type: "message_delta", usage: { output_tokens: -5 } },
    { type: "news_from_tomorrow" },
  ];
  for (const event of data) expect(reader.accept(JSON.stringify(event))).toEqual([]);
  expect(reader.accept("nonsense")).toBeUndefined();
  expect(reader.accept("[1]")).toBeUndefined();
  const overloaded = { type: "error", error: { type: "overloaded_error", message: "Overloaded" } };
  expect(reader.accept(JSON.stringify(overloaded))).toEqual([{ kind: "failure", status: 529, message: "Overloaded" }]);
});
