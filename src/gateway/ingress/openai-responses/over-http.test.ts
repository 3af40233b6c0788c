import { afterEach, expect, test } from "bun:test";
import type { ChatCompletionChunk } from "openai/resources/chat/completions";
import {
  chunk,
  eventStream,
  type Harness,
  made,
  startDataPlane,
  usageEvent,
} from "../../../../test/support/data-plane.ts";

let harness: Harness | undefined;
afterEach(async () => {
  await harness?.stop();
  harness = undefined;
});

async function ask(body: object): Promise<Response> {
  const headers = { authorization: `Bearer ${made.key}`, "content-type": "application/json" };
  const url = harness?.url.replace("chat/completions", "responses") ?? "";
  return fetch(url, { method: "POST", headers, body: JSON.stringify({ model: "acme/m", input: "Halo", ...body }) });
}

const delta = (said: ChatCompletionChunk.Choice.Delta & { reasoning_content?: string }, more: object = {}) =>
  chunk(said, more);
const chat =
  delta({ role: "assistant", reasoning_content: "Hm… 🤔" }) +
  delta({ content: "Ka" }) +
  delta({ content: "bar 🎉" }) +
  delta({ tool_calls: [{ index: 0, id: "c0", function: { name: "f", arguments: "" } }] }) +
  delta({ tool_calls: [{ index: 1, id: "c1", function: { name: "g", arguments: "{}" } }] }) +
  delta({ tool_calls: [{ index: 0, function: { arguments: '{"a":"é"}' } }] }) +
  delta({}, { finish_reason: "tool_calls" }) +
  usageEvent;

/** The stream of `text` in pieces of so many bytes. */
function inPieces(text: string, size: number): Response {
  const bytes = new TextEncoder().encode(text);
  let from = 0;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      if (from >= bytes.length) return controller.close();
      controller.enqueue(bytes.subarray(from, from + size));
      from += size;
    },
  });
  return new Response(body, eventStream);
}

test("a chat server's stream, cut anywhere, is the same response, with its calls in order", async () => {
  let size = 1;
  harness = await startDataPlane(() => inPieces(`${chat}data: [DONE]\n\n`, size));
  const seen = new Set<string>();
  for (size of [1, 2, 5, 17, 100_000]) {
    const text = await (await ask({ stream: true, tools: [{ type: "function", name: "f" }] })).text();
    seen.add(text.replace(/gen-[\w-]+|\d{10}-\w{20}|"completed_at":\d+/g, "…"));
  }
  expect(seen.size).toBe(1);
  const [text = ""] = seen;
  expect(text.match(/^event: .*$/gm)?.map((line) => line.slice("event: response.".length))).toEqual([
    ...["created", "in_progress"],
    ...["output_item.added", "content_part.added", "reasoning_text.delta"],
    ...["reasoning_text.done", "content_part.done", "output_item.done"],
    ...["output_item.added", "content_part.added", "output_text.delta", "output_text.delta"],
    ...["output_text.done", "content_part.done", "output_item.done"],
    ...["output_item.added", "output_item.added", "function_call_arguments.delta", "function_call_arguments.delta"],
    ...["function_call_arguments.done", "output_item.done", "function_call_arguments.done", "output_item.done"],
    "completed",
  ]);
  expect(text).toContain('"arguments":"{\\"a\\":\\"é\\"}"');
  expect(text).toContain('"total_tokens":12');
  expect(harness.kept[0]).toMatchObject({ apiType: "responses", finishReason: "tool_calls", cancelled: false });
});

test("what fails before the first event is a real status in the envelope that both packages read", async () => {
  harness = await startDataPlane(() => Response.json({ error: { message: "too long" } }, { status: 400 }));
  const answer = await ask({ stream: true });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ error: { code: 400, message: expect.stringContaining("too long") } });
});

test("parameters that are lost on the way are named", async () => {
  harness = await startDataPlane(() => inPieces(chat, 100));
  const answer = await ask({
    stream: true,
    max_tool_calls: 3,
    truncation: "disabled",
    tools: [{ type: "web_search" }],
  });
  await answer.text();
  const dropped = answer.headers.get("x-gapura-dropped-parameters")?.split(", ").sort();
  expect(dropped).toEqual(["max_tool_calls", "tools"]);
});
