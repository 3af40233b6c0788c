import { afterEach, expect, test } from "bun:test";
import {
  bodyOf,
  chunk,
  completion,
  eventStream,
  halo,
  readStream,
  startDataPlane,
  usageEvent,
} from "../../../test/support/data-plane.ts";
import { Budget } from "./bounds.ts";
import { MAX_INPUT_CHARACTERS, MAX_OUTPUT_CHARACTERS, PayloadCapture } from "./capture.ts";
import { payloadInput } from "./input.ts";

const owner = { generationId: "gen-1-a", userId: "user_1", createdAt: 1 };
const frames = (...events: object[]) => events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");
let stop: (() => Promise<void>) | undefined;
afterEach(async () => {
  await stop?.();
  stop = undefined;
});

function outputOf(sent: { frames?: string; whole?: object }) {
  const capture = new PayloadCapture({ messages: [] });
  if (sent.frames !== undefined) capture.sent(sent.frames);
  if (sent.whole !== undefined) capture.answered(sent.whole as never);
  return capture.record(owner).output;
}

const call = { id: "call_1", name: "weather", arguments: '{"city":"Solo"}' };
const said = { completion: "Halo, dunia", reasoning: "Hmm, well", toolCalls: [call] };

test("a chat is read alike, streamed and whole", () => {
  const fn = { name: call.name, arguments: call.arguments };
  const message = { role: "assistant", content: said.completion, reasoning: said.reasoning };
  const whole = { choices: [{ index: 0, message: { ...message, tool_calls: [{ id: call.id, function: fn }] } }] };
  expect(outputOf({ whole })).toEqual(said);
  const delta = (more: object) => ({ choices: [{ index: 0, delta: more }] });
  const streamed = frames(
    delta({ role: "assistant", content: "", reasoning: "Hmm," }),
    delta({ reasoning: " well" }),
    delta({ content: "Halo, " }),
    delta({ content: "dunia" }),
    delta({ tool_calls: [{ index: 0, id: call.id, function: { name: call.name, arguments: '{"city"' } }] }),
    delta({ tool_calls: [{ index: 0, function: { arguments: ':"Solo"}' } }] }),
    { choices: [], usage: {} },
  );
  expect(outputOf({ frames: `: keep-alive\n\n${streamed}data: [DONE]\n\n` })).toEqual(said);
});

test("a message of the Anthropic dialect is read alike, streamed and whole", () => {
  const whole = {
    type: "message",
    content: [
      { type: "thinking", thinking: said.reasoning, signature: "x" },
      { type: "text", text: said.completion },
      { type: "tool_use", id: call.id, name: call.name, input: { city: "Solo" } },
    ],
  };
  expect(outputOf({ whole })).toEqual(said);
  const begin = (index: number, block: object) => ({ type: "content_block_start", index, content_block: block });
  const add = (index: number, delta: object) => ({ type: "content_block_delta", index, delta });
  const streamed = frames(
    { type: "message_start", message: { id: "m", content: [] } },
    begin(0, { type: "thinking", thinking: "" }),
    add(0, { type: "thinking_delta", thinking: said.reasoning }),
    add(0, { type: "signature_delta", signature: "x" }),
    begin(1, { type: "text", text: "" }),
    add(1, { type: "text_delta", text: "Halo, " }),
    add(1, { type: "text_delta", text: "dunia" }),
    begin(2, { type: "tool_use", id: call.id, name: call.name, input: {} }),
    add(2, { type: "input_json_delta", partial_json: '{"city"' }),
    add(2, { type: "input_json_delta", partial_json: ':"Solo"}' }),
    { type: "message_delta", delta: { stop_reason: "tool_use" } },
  );
  expect(outputOf({ frames: streamed.replaceAll("data: ", "event: x\ndata: ") })).toEqual(said);
});

test("an answer of the Responses API is read alike, streamed and whole", () => {
  const whole = {
    output: [
      { type: "reasoning", summary: [{ type: "summary_text", text: said.reasoning }] },
      { type: "message", content: [{ type: "output_text", text: said.completion }] },
      { type: "function_call", call_id: call.id, name: call.name, arguments: call.arguments },
    ],
  };
  expect(outputOf({ whole })).toEqual(said);
  const added = { type: "function_call", call_id: call.id, name: call.name, arguments: "" };
  const streamed = frames(
    { type: "response.created", response: {} },
    { type: "response.reasoning_summary_text.delta", output_index: 0, delta: said.reasoning },
    { type: "response.output_text.delta", output_index: 1, delta: said.completion },
    { type: "response.output_text.done", output_index: 1, text: said.completion },
    { type: "response.output_item.added", output_index: 2, item: added },
    { type: "response.function_call_arguments.delta", output_index: 2, delta: call.arguments },
    { type: "response.output_item.done", output_index: 2, item: { ...added, arguments: call.arguments } },
    { type: "response.completed", response: { output: whole.output } },
  );
  expect(outputOf({ frames: streamed })).toEqual(said);
});

test("a call of a custom tool is one whose arguments are plain text", () => {
  const patch = { type: "custom_tool_call", call_id: "c1", name: "apply_patch" };
  const toolCalls = [{ id: "c1", name: "apply_patch", arguments: "*** Begin Patch" }];
  expect(outputOf({ whole: { output: [{ ...patch, input: "*** Begin Patch" }] } })).toMatchObject({ toolCalls });
  const streamed = frames(
    { type: "response.output_item.added", output_index: 0, item: { ...patch, input: "" } },
    { type: "response.custom_tool_call_input.delta", output_index: 0, delta: "*** Begin Patch" },
    { type: "response.custom_tool_call_input.done", output_index: 0, input: "*** Begin Patch" },
  );
  expect(outputOf({ frames: streamed })).toMatchObject({ toolCalls });
});

test("a text completion, several choices and an embedding are what they are", () => {
  expect(
    outputOf({
      whole: {
        choices: [
          { index: 0, text: "one" },
          { index: 1, text: "two" },
        ],
      },
    }).completion,
  ).toBe("one\n\ntwo");
  const vectors = { object: "list", data: [{ embedding: [0.1, 0.2] }] };
  expect(outputOf({ whole: vectors })).toEqual({ completion: null, reasoning: null, toolCalls: [] });
});

test("the input of every dialect is a prompt or messages, with what the system was told first", () => {
  const of = (body: object) => payloadInput(body as never, new Budget(1_000));
  const user = { role: "user", content: "Halo" };
  const system = { role: "system", content: "Be brief" };
  expect(of({ messages: [user] })).toEqual({ messages: [user] });
  expect(of({ messages: [user], system: "Be brief" })).toEqual({ messages: [system, user] });
  expect(of({ input: "Halo" })).toEqual({ prompt: "Halo" });
  expect(of({ input: "Halo", instructions: "Be brief" })).toEqual({ messages: [system, user] });
  expect(of({ input: [user] })).toEqual({ messages: [user] });
  expect(of({ input: ["a", "b"] })).toEqual({ prompt: '["a","b"]' });
  expect(of({ prompt: ["a"] })).toEqual({ prompt: '["a"]' });
  expect(of({ query: "q", documents: ["d"] })).toEqual({ prompt: '{"query":"q","documents":["d"]}' });
});

test("what is kept never exceeds its bound, keeps its shape, and says where something is missing", () => {
  const parts = Array.from({ length: 50 }, () => ({ type: "text", text: "x".repeat(MAX_INPUT_CHARACTERS / 10) }));
  const capture = new PayloadCapture({
    messages: [
      { role: "user", content: parts },
      { role: "user", content: "last" },
    ],
  });
  capture.sent(frames({ choices: [{ delta: { content: "y".repeat(MAX_OUTPUT_CHARACTERS * 2) } }] }));
  capture.sent(frames({ choices: [{ delta: { content: "never" } }] }));
  const kept = capture.record(owner);
  expect(kept.isTruncated).toBe(true);
  const input = JSON.stringify(kept.input);
  expect(input.length).toBeLessThan(MAX_INPUT_CHARACTERS + 2_000);
  expect(input).toContain("Gapura kept no more: 40 entries");
  expect(kept.output.completion?.length).toBeLessThan(MAX_OUTPUT_CHARACTERS + 100);
  expect(kept.output.completion).toEndWith(`… [Gapura kept no more: ${MAX_OUTPUT_CHARACTERS} characters]`);
});

test("a budget that is used up lets nothing through, and cuts no character in two", () => {
  const budget = new Budget(4);
  expect(budget.text("abc😀")).toBe("abc… [Gapura kept no more: 2 characters]");
  expect(budget.text("secret")).toBe("… [Gapura kept no more: 6 characters]");
  expect(budget.value([1, "secret"])).toEqual(["… [Gapura kept no more: 2 entries]"]);
  expect(budget.value({ secret: "secret" })).toEqual({ "…": "… [Gapura kept no more: 1 fields]" });
});

test("the pipeline keeps what a client asked and was sent, streamed and whole", async () => {
  const plane = await startDataPlane((_, body) =>
    body.includes('"stream":true')
      ? new Response(
          chunk({ content: "Ba" }) + chunk({ content: "ik!" }, { finish_reason: "stop" }) + usageEvent,
          eventStream,
        )
      : Response.json(completion),
  );
  stop = plane.stop;
  const whole = await bodyOf(await plane.call(halo));
  await readStream(await plane.call({ ...halo, stream: true }));
  expect(plane.payloads[0]?.generationId).toBe(whole.id);
  for (const payload of plane.payloads) {
    expect(payload).toMatchObject({ input: { messages: halo.messages }, output: { completion: "Baik!" }, error: null });
  }
  expect(plane.payloads).toHaveLength(2);
});

test("what a client was told instead of an answer is kept with what it asked", async () => {
  const plane = await startDataPlane(() => Response.json({ error: { message: "no such thing" } }, { status: 400 }));
  stop = plane.stop;
  expect((await plane.call(halo)).status).toBe(400);
  expect(plane.payloads).toMatchObject([
    { input: { messages: halo.messages }, output: { completion: null }, error: { status: 400, provider: "P0" } },
  ]);
});

test("a stream that breaks keeps what was sent of it, and why it ended", async () => {
  const plane = await startDataPlane(() => new Response(chunk({ content: "Half" }), eventStream));
  stop = plane.stop;
  await readStream(await plane.call({ ...halo, stream: true }));
  expect(plane.payloads).toMatchObject([{ output: { completion: "Half" }, error: { status: 502, provider: "P0" } }]);
});
