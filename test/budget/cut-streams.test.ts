/** A stream that is ended because its money is used up, as the makers' own packages read it in every dialect. */
import { afterEach, expect, test } from "bun:test";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { nothingOwed } from "../../src/gateway/bill.ts";
import { MessagesStream } from "../../src/gateway/ingress/anthropic-messages/stream.ts";
import { ResponsesStream } from "../../src/gateway/ingress/openai-responses/stream.ts";
import { chunk, eventStream, type Harness, made, startDataPlane } from "../support/data-plane.ts";
import { priceOf } from "../support/endpoints.ts";

let stop: (() => Promise<void>) | undefined;
afterEach(async () => {
  await stop?.();
  stop = undefined;
});

const TEXT = "kata ".repeat(40);
const encoder = new TextEncoder();
const messages = [{ role: "user" as const, content: "Halo" }];

/** A gateway with one key of a millionth of a thousand dollars, and a provider that never ends. */
async function begin(): Promise<{ plane: Harness; origin: string }> {
  const plane = await startDataPlane(() => {
    const bytes = encoder.encode(chunk({ content: TEXT }));
    const body = new ReadableStream({ pull: (controller) => controller.enqueue(bytes) }, { highWaterMark: 0 });
    return new Response(body, eventStream);
  });
  stop = plane.stop;
  plane.catalog.setOverrides([{ id: "acme/m", provider: null, price: priceOf(1, 2), contextLength: 8_000 }]);
  plane.key.spendLimits = [{ scope: "key", ownerId: plane.key.id, reset: null, nano: 1_000_000n }];
  return { plane, origin: new URL(plane.url).origin };
}

function expectCut({ kept, ledger }: Harness): void {
  expect(kept).toHaveLength(1);
  expect(kept[0]).toMatchObject({ settledAs: "cut", finishReason: "length", tokensEstimated: true });
  expect(kept[0]?.costNano).toBeLessThanOrEqual(1_000_000n);
  expect(ledger.openHolds).toBe(0);
}

test("chat ends with the reason length, and its usage says why", async () => {
  const { plane, origin } = await begin();
  const client = new OpenAI({ baseURL: `${origin}/api/v1`, apiKey: made.key, maxRetries: 0 });
  const stream = await client.chat.completions.create({ model: "acme/m", messages, stream: true });
  let reason: string | null = null;
  let note: unknown;
  for await (const event of stream) {
    reason = event.choices[0]?.finish_reason ?? reason;
    note = (event.usage as { budget_note?: string } | undefined)?.budget_note ?? note;
  }
  expect(reason).toBe("length");
  expect(note).toContain("set aside for it are used up");
  expectCut(plane);
});

test("Anthropic's package reads a message that reached max_tokens", async () => {
  const { plane, origin } = await begin();
  const client = new Anthropic({ baseURL: `${origin}/api`, authToken: made.key, apiKey: null, maxRetries: 0 });
  const message = await client.messages.stream({ model: "acme/m", messages, max_tokens: 4_000 }).finalMessage();
  expect(message.stop_reason).toBe("max_tokens");
  expect(message.content[0]).toMatchObject({ type: "text", text: expect.stringContaining("kata") });
  expectCut(plane);
});

test("OpenAI's package reads a response that is incomplete for its length", async () => {
  const { plane, origin } = await begin();
  const client = new OpenAI({ baseURL: `${origin}/api/v1`, apiKey: made.key, maxRetries: 0 });
  const response = await client.responses.stream({ model: "acme/m", input: "Halo" }).finalResponse();
  expect(response.status).toBe("incomplete");
  expect(response.incomplete_details).toEqual({ reason: "max_output_tokens" });
  expect(response.output_text).toContain("kata");
  expectCut(plane);
});

const identity = { generationId: "gen-1", model: "acme/m", provider: "P", createdSeconds: 1, requestId: "req_1" };
const plain = { edits: () => ({ set: new Map(), remove: new Set<string>(), dropped: [] }) };

/** The JSON of every event. */
function eventsOf(frames: string): { type: string; [field: string]: unknown }[] {
  return [...frames.matchAll(/^data: (\{.*\})$/gm)].map(([, json]) => JSON.parse(json ?? ""));
}

test("a message that passes through has its open block closed before it ends", () => {
  const stream = new MessagesStream(identity, plain);
  const usage = { input_tokens: 5, output_tokens: 1 };
  for (const event of [
    { type: "message_start", message: { id: "m", usage } },
    { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
    { type: "content_block_stop", index: 0 },
    { type: "content_block_start", index: 1, content_block: { type: "text", text: "" } },
    { type: "content_block_delta", index: 1, delta: { type: "text_delta", text: "kata" } },
  ]) {
    stream.accept(JSON.stringify(event));
  }
  const events = eventsOf(stream.cut(nothingOwed("cut")));
  expect(events.map(({ type, index }) => [type, index])).toEqual([
    ["content_block_stop", 1],
    ["message_delta", undefined],
    ["message_stop", undefined],
  ]);
  expect(events[1]).toMatchObject({ delta: { stop_reason: "max_tokens" } });
});

test("a response that passes through has every open item done, with the text that had come", () => {
  const stream = new ResponsesStream(identity, plain);
  const part = { type: "output_text", text: "", annotations: [] };
  const at = { output_index: 0, item_id: "msg_1", content_index: 0 };
  for (const event of [
    { type: "response.created", response: { id: "r", output: [], status: "in_progress" } },
    { type: "response.output_item.added", output_index: 0, item: { id: "msg_1", type: "message", content: [] } },
    { type: "response.content_part.added", ...at, part },
    { type: "response.output_text.delta", ...at, delta: "satu " },
    { type: "response.output_text.delta", ...at, delta: "dua" },
    { type: "response.output_item.added", output_index: 1, item: { id: "fc_1", type: "function_call", name: "f" } },
    { type: "response.function_call_arguments.delta", output_index: 1, item_id: "fc_1", delta: '{"a"' },
  ]) {
    stream.accept(JSON.stringify(event));
  }
  const events = eventsOf(stream.cut(nothingOwed("cut")));
  expect(events.map(({ type }) => type)).toEqual([
    "response.output_text.done",
    "response.content_part.done",
    "response.output_item.done",
    "response.function_call_arguments.done",
    "response.output_item.done",
    "response.incomplete",
  ]);
  expect(events.at(-1)).toMatchObject({
    response: {
      status: "incomplete",
      output: [
        { id: "msg_1", status: "incomplete", content: [{ type: "output_text", text: "satu dua" }] },
        { id: "fc_1", status: "incomplete", arguments: '{"a"' },
      ],
    },
  });
});
