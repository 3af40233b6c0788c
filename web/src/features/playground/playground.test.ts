import { expect, test } from "bun:test";
import { EventCutter } from "../../lib/event-cutter.ts";
import { bodyOf, EMPTY_SETTINGS, NEW_REPLY, settingProblems, type Turn } from "./conversation.ts";
import { begunWith } from "./draft.ts";
import { replayOf } from "./replay.ts";
import { afterChunk, laidOutJson, outputEstimate, tokensPerSecond } from "./reply-stream.ts";

const chunk = (delta: object, more: object = {}) => ({ id: "gen-1", choices: [{ delta, ...more }] }) as never;

test("events are cut where they end, however the bytes came", () => {
  const cutter = new EventCutter();
  expect(cutter.push('data: {"a"')).toEqual([]);
  expect(cutter.push(": 1}\n\n: waiting\n\ndata: [DONE]\n")).toEqual(['{"a": 1}', "[DONE]"]);
});

test("an answer grows by what comes, and its last figures are the provider's", () => {
  let reply = afterChunk(NEW_REPLY, chunk({ role: "assistant" }), 5);
  expect(reply.firstTokenMs).toBeNull();
  reply = afterChunk(reply, chunk({ reasoning: "Hm. " }), 100);
  reply = afterChunk(reply, chunk({ content: "Ha" }), 200);
  reply = afterChunk(reply, chunk({ content: "lo" }, { finish_reason: "stop" }), 1100);
  expect(reply).toMatchObject({ text: "Halo", reasoning: "Hm. ", firstTokenMs: 100, completionTokens: 3 });
  expect(tokensPerSecond(reply)).toBe(2);
  expect(outputEstimate(reply, "0.000002")).toBe("0.000006");
  expect([outputEstimate(reply, "-1"), outputEstimate(reply, undefined)]).toEqual([null, null]);
  reply = afterChunk(reply, { choices: [], usage: { prompt_tokens: 4, completion_tokens: 9, cost: 1.5e-7 } }, 1200);
  expect(reply).toMatchObject({ promptTokens: 4, completionTokens: 9, costUsd: "0.00000015", finishReason: "stop" });
});

test("a tool call is put together from its pieces and goes back with its answer", () => {
  const piece = (index: number, more: object) => chunk({ tool_calls: [{ index, ...more }] });
  let reply = afterChunk(NEW_REPLY, piece(0, { id: "c1", function: { name: "get_weather", arguments: '{"city"' } }), 1);
  reply = afterChunk(reply, piece(0, { function: { arguments: ':"Bandung"}' } }), 2);
  const answered = { ...reply.toolCalls[0], result: "24 C" } as never;
  const turn: Turn = {
    id: "t",
    text: "Weather?",
    attachments: [],
    replies: { "acme/m": [{ ...reply, state: "done", toolCalls: [answered] }] },
  };
  const { messages } = bodyOf({ model: "acme/m", settings: EMPTY_SETTINGS, turns: [turn] });
  expect(messages).toEqual([
    { role: "user", content: "Weather?" },
    {
      role: "assistant",
      content: null,
      tool_calls: [{ id: "c1", type: "function", function: { name: "get_weather", arguments: '{"city":"Bandung"}' } }],
    },
    { role: "tool", tool_call_id: "c1", content: "24 C" },
  ]);
});

test("only what is set is sent, and each model hears its own answers alone", () => {
  const done = { ...NEW_REPLY, state: "done" as const };
  const turns: Turn[] = [
    { id: "1", text: "A", attachments: [], replies: { m: [{ ...done, text: "one" }], n: [{ ...done, text: "two" }] } },
    {
      id: "2",
      text: "",
      attachments: [{ name: "a.png", isImage: true, dataUrl: "data:image/png;base64,AA" }],
      replies: {},
    },
  ];
  const settings = { ...EMPTY_SETTINGS, temperature: "0", stop: "END", schema: '{"type":"object"}' };
  expect(bodyOf({ model: "n", settings, turns })).toEqual({
    model: "n",
    messages: [
      { role: "user", content: "A" },
      { role: "assistant", content: "two" },
      { role: "user", content: [{ type: "image_url", image_url: { url: "data:image/png;base64,AA" } }] },
    ],
    stream: true,
    temperature: 0,
    stop: ["END"],
    response_format: { type: "json_schema", json_schema: { name: "answer", strict: true, schema: { type: "object" } } },
  });
});

test("a schema may be pasted alone, or as requests have it, with its name around it", () => {
  const schema = { type: "object" };
  const format = (given: object) => {
    const settings = { ...EMPTY_SETTINGS, schema: JSON.stringify(given) };
    return bodyOf({ model: "m", settings, turns: [] }).response_format;
  };
  const named = { name: "city", strict: false, schema };
  expect(format(schema)).toEqual({ type: "json_schema", json_schema: { name: "answer", strict: true, schema } });
  expect(format(named)).toEqual({ type: "json_schema", json_schema: named });
  expect(format({ type: "json_schema", json_schema: named })).toEqual({ type: "json_schema", json_schema: named });
});

test("an answer in JSON is laid out for reading, and never changed by that", () => {
  expect(laidOutJson('{"a":[1,"*b c*"]}')).toBe('{\n  "a": [\n    1,\n    "*b c*"\n  ]\n}');
  expect(laidOutJson('{"id": 12345678901234567890}')).toBe('{"id": 12345678901234567890}');
  expect([laidOutJson('{"a":'), laidOutJson("**Halo**"), laidOutJson("1")]).toEqual([null, null, null]);
});

test("what was set up is there again, but another conversation comes with what it was held with", () => {
  const draft = { id: "new", models: ["m"], settings: { ...EMPTY_SETTINGS, system: "Brief" } };
  const kept = { id: "old", models: ["n"], settings: EMPTY_SETTINGS };
  expect(begunWith(draft, undefined)).toBe(draft);
  expect(begunWith(draft, kept)).toBe(kept);
  expect(begunWith({ ...draft, id: "old" }, kept).settings?.system).toBe("Brief");
  expect(begunWith(null, undefined)).toEqual({});
});

test("what cannot be sent is named at its field", () => {
  const wrong = { ...EMPTY_SETTINGS, temperature: "hot", topP: "1.5", maxTokens: "1.5", tools: "{}", schema: "[" };
  expect(settingProblems(wrong)).toEqual({
    temperature: "number",
    topP: "number",
    maxTokens: "number",
    tools: "toolList",
    schema: "json",
  });
  expect(settingProblems({ ...EMPTY_SETTINGS, temperature: "0.7", seed: "-1", tools: "[]" })).toEqual({});
});

test("a recorded request becomes a conversation that ends with the last question", () => {
  const messages = [
    { role: "system", content: "Be brief." },
    {
      role: "user",
      content: [
        { type: "text", text: "Look" },
        { type: "image_url", image_url: { url: "data:image/png;base64,AA" } },
      ],
    },
    { role: "assistant", content: "Yes." },
    { role: "user", content: "And?" },
  ];
  const content = {
    input: { messages },
    output: { completion: "x", reasoning: null, tool_calls: [] },
    error: null,
    truncated: false,
  };
  const { system, turns } = replayOf(content, "acme/m", () => "id");
  expect(system).toBe("Be brief.");
  expect(
    turns.map(({ text, attachments, replies }) => [text, attachments.length, replies["acme/m"]?.[0]?.text]),
  ).toEqual([
    ["Look", 1, "Yes."],
    ["And?", 0, undefined],
  ]);
});
