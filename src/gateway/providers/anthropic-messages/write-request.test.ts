import { expect, test } from "bun:test";
import type { MessageCreateParams } from "@anthropic-ai/sdk/resources/messages";
import { refusalOf } from "../../../../test/support/upstreams/anthropic-rules.ts";
import { openAiChat } from "../../ingress/openai-chat/dialect.ts";
import { parseBody } from "../../ingress/read-body.ts";
import { writeMessagesRequest } from "./write-request.ts";

const hints = { exampleModel: "gpt-3.5", modelsUrl: "http://localhost:8787/api/v1/models" };
const HALO = [{ role: "user", content: "Halo" }];

/** What a chat request becomes for a model; never something that Anthropic is known to refuse. */
function written(body: object, model = "claude-haiku-4-5") {
  const bytes = new Uint8Array(new TextEncoder().encode(JSON.stringify({ model: "m", messages: HALO, ...body })));
  const canonical = openAiChat.canonical?.read(
    openAiChat.read(parseBody(bytes, { maxBytes: 1e6, maxDepth: 64 }), hints),
  );
  if (!canonical) throw new Error("no canonical form");
  const made = writeMessagesRequest(canonical, { upstreamModel: model, streamed: false }, "Anthropic");
  return { body: made.body as object as MessageCreateParams & Record<string, unknown>, dropped: made.dropped };
}

test("the system's words stand apart, and turns that follow each other become one", () => {
  const { body } = written({
    messages: [
      {
        role: "system",
        content: [{ type: "text", text: "Be brief.", cache_control: { type: "ephemeral", ttl: "1h" } }],
      },
      { role: "user", content: "Satu" },
      { role: "user", name: "Siti", content: "Dua" },
      { role: "system", content: "Be kind." },
      { role: "assistant", content: "Tiga " },
    ],
  });
  expect(body.system).toEqual([
    { type: "text", text: "Be brief.", cache_control: { type: "ephemeral", ttl: "1h" } },
    { type: "text", text: "Be kind." },
  ]);
  expect(body.messages).toEqual([
    {
      role: "user",
      content: [
        { type: "text", text: "Satu" },
        { type: "text", text: "Siti: Dua" },
      ],
    },
    { role: "assistant", content: [{ type: "text", text: "Tiga" }] },
  ]);
});

test("results of tools begin the user's turn, with ids that Anthropic takes, and empty texts are left out", () => {
  const calls = ["functions.look:0", "b"].map((id) => ({
    id,
    type: "function",
    function: { name: "look", arguments: "" },
  }));
  const { body } = written({
    messages: [
      ...HALO,
      { role: "assistant", content: "", tool_calls: calls },
      { role: "tool", tool_call_id: "functions.look:0", content: "" },
      {
        role: "tool",
        tool_call_id: "b",
        content: [{ type: "image_url", image_url: { url: "https://example.com/a.png" } }],
      },
      { role: "user", content: "Lalu?" },
    ],
  });
  expect(body.messages.slice(1)).toEqual([
    {
      role: "assistant",
      content: [
        { type: "tool_use", id: "functions_look_0", name: "look", input: {} },
        { type: "tool_use", id: "b", name: "look", input: {} },
      ],
    },
    {
      role: "user",
      content: [
        { type: "tool_result", tool_use_id: "functions_look_0" },
        {
          type: "tool_result",
          tool_use_id: "b",
          content: [{ type: "image", source: { type: "url", url: "https://example.com/a.png" } }],
        },
        { type: "text", text: "Lalu?" },
      ],
    },
  ]);
  expect(refusalOf(body, false)).toBeNull();
});

test("an effort becomes a budget by its share of the answer, which it never exceeds", () => {
  const thinking = (body: object, model?: string) => {
    const made = written(body, model);
    expect(refusalOf(made.body, false)).toBeNull();
    return [made.body.thinking, made.dropped];
  };
  const enabled = (budget_tokens: number) => ({ type: "enabled" as const, budget_tokens });
  expect(thinking({ reasoning: { effort: "high" }, max_tokens: 10_000 })).toEqual([enabled(8_000), []]);
  expect(thinking({ reasoning: { effort: "low" }, max_tokens: 2_000 })).toEqual([enabled(1_024), []]);
  expect(thinking({ reasoning: { max_tokens: 9_000 }, max_tokens: 4_000 })).toEqual([enabled(3_999), []]);
  expect(thinking({ reasoning: { effort: "high" }, max_tokens: 1_000 })).toEqual([undefined, ["reasoning"]]);
  expect(thinking({ reasoning: { enabled: true } })).toEqual([enabled(32_000), []]);
  expect(thinking({ reasoning: { effort: "none" } })).toEqual([undefined, []]);
  expect(thinking({ reasoning: { effort: "low" } }, "claude-3-haiku-20240307")).toEqual([undefined, ["reasoning"]]);
});

test("newer models are asked to think by effort, and one that cannot be stopped is asked for little", () => {
  const asked = (body: object, model: string) => {
    const { body: made, dropped } = written(body, model);
    return [made.thinking, made.output_config, dropped];
  };
  const adaptive = { type: "adaptive" as const, display: "summarized" as const };
  expect(asked({ reasoning: { effort: "xhigh" } }, "claude-opus-4-6")).toEqual([
    { type: "adaptive" },
    { effort: "high" },
    [],
  ]);
  expect(asked({ reasoning: { effort: "xhigh" } }, "claude-opus-5")).toEqual([adaptive, { effort: "xhigh" }, []]);
  expect(asked({ reasoning: { effort: "minimal" } }, "claude-opus-5")).toEqual([adaptive, { effort: "low" }, []]);
  expect(asked({ reasoning: { max_tokens: 2_000 } }, "claude-opus-5")).toEqual([adaptive, undefined, ["reasoning"]]);
  expect(asked({ reasoning: { effort: "none" } }, "claude-sonnet-5")).toEqual([{ type: "disabled" }, undefined, []]);
  expect(asked({ reasoning: { enabled: false } }, "claude-fable-5")).toEqual([
    undefined,
    { effort: "low" },
    ["reasoning"],
  ]);
  const hidden = { reasoning: { enabled: true, exclude: true } };
  expect(asked(hidden, "claude-opus-5")[0]).toEqual({ type: "adaptive", display: "omitted" });
  expect(asked({ verbosity: "low" }, "claude-opus-5")).toEqual([undefined, { effort: "low" }, []]);
  expect(asked({ verbosity: "low" }, "claude-haiku-4-5")).toEqual([undefined, undefined, ["verbosity"]]);
});

const look = { type: "function", function: { name: "look", parameters: { type: "object", properties: {} } } };

test("thinking gives way where Anthropic does not allow it: forced tools, and answers that began without a thought", () => {
  const reasoning = { effort: "high" };
  const forced = written({ reasoning, tools: [look], tool_choice: "required" });
  expect([forced.body.thinking, forced.body.tool_choice, forced.dropped]).toEqual([
    undefined,
    { type: "any" },
    ["reasoning"],
  ]);
  const bare = [
    ...HALO,
    { role: "assistant", tool_calls: [{ id: "a", type: "function", function: { name: "look", arguments: "{}" } }] },
    { role: "tool", tool_call_id: "a", content: "ok" },
  ];
  expect(written({ reasoning, tools: [look], messages: bare }).dropped).toEqual(["reasoning"]);
  expect(written({ reasoning, tools: [look], messages: bare }, "claude-opus-5").body.thinking).toBeDefined();
  const unforced = written({ tools: [look], tool_choice: "required" }, "claude-opus-5-5");
  expect([unforced.body.tool_choice, unforced.dropped]).toEqual([undefined, ["tool_choice"]]);
});

test("signed thoughts are given back, pieces of a stream as one; other makers' and unsigned ones are left out and said to be", () => {
  const format = "anthropic-claude-v1";
  const reply = (reasoning_details: object[]) => {
    const made = written({ messages: [...HALO, { role: "assistant", content: "Ya", reasoning_details }, ...HALO] });
    return [made.body.messages[1]?.content, made.dropped];
  };
  const said = { type: "text" as const, text: "Ya" };
  const pieces = [
    { type: "reasoning.text", text: "H", format, index: 0 },
    { type: "reasoning.text", text: "m", format, index: 0 },
    { type: "reasoning.text", text: "", signature: "sig", format, index: 0 },
    { type: "reasoning.encrypted", data: "xyz", format, index: 1 },
  ];
  const thought = { type: "thinking" as const, thinking: "Hm", signature: "sig" };
  expect(reply(pieces)).toEqual([[thought, { type: "redacted_thinking" as const, data: "xyz" }, said], []]);
  const foreign = [{ type: "reasoning.encrypted", data: "xyz", format: "openai-responses-v1" }];
  expect(reply(foreign)).toEqual([[said], ["reasoning_details"]]);
  expect(reply([{ type: "reasoning.text", text: "unsigned" }])).toEqual([[said], ["reasoning_details"]]);
});

test("sampling follows the model: within Anthropic's range, one way of choosing at a time, none for newer ones", () => {
  const sampling = (body: object, model?: string) => {
    const { body: made, dropped } = written(body, model);
    return [made.temperature, made.top_p, made.top_k, dropped];
  };
  expect(sampling({ temperature: 1.7, top_k: 5 })).toEqual([1, undefined, 5, []]);
  expect(sampling({ temperature: 0.5, top_p: 0.9 })).toEqual([0.5, undefined, undefined, ["top_p"]]);
  expect(sampling({ temperature: 0.5, top_p: 0.9 }, "claude-3-haiku-20240307")).toEqual([0.5, 0.9, undefined, []]);
  expect(sampling({ temperature: 0.5, top_p: 0.9 }, "claude-opus-5")).toEqual([
    undefined,
    undefined,
    undefined,
    ["temperature", "top_p"],
  ]);
  const thinking = { reasoning: { enabled: true }, temperature: 0.2, top_k: 4 };
  expect(sampling(thinking)).toEqual([undefined, undefined, undefined, ["temperature", "top_k"]]);
});

test("what Anthropic has no word for is named as the client wrote it, and only if it was written", () => {
  const everything = {
    ...{ min_p: 0.1, top_a: 0.1, frequency_penalty: 1, presence_penalty: 1, repetition_penalty: 1, seed: 1 },
    ...{
      logit_bias: { "1": 1 },
      logprobs: true,
      top_logprobs: 2,
      modalities: ["text", "image"],
      audio: { voice: "a" },
    },
    ...{ prediction: { type: "content", content: "x" }, metadata: { a: "b" }, prompt_cache_key: "k" },
    ...{ response_format: { type: "json_object" }, service_tier: "flex", stop: ["\n", "END"], image_config: {} },
  };
  const { body, dropped } = written(everything);
  expect([...dropped].sort()).toEqual(Object.keys(everything).sort());
  expect(body.stop_sequences).toEqual(["END"]);
  expect(written({ user: "u1", service_tier: "priority", parallel_tool_calls: true })).toMatchObject({
    body: { metadata: { user_id: "u1" }, service_tier: "auto" },
    dropped: [],
  });
});

test("a schema is closed, and bounds that are refused become words", () => {
  const schema = {
    type: "object",
    properties: { n: { type: "integer", minimum: 1, description: "How many" }, o: { type: "object", properties: {} } },
  };
  const response_format = { type: "json_schema", json_schema: { name: "n", schema } };
  expect(written({ response_format }).body.output_config).toEqual({
    format: {
      type: "json_schema",
      schema: {
        type: "object",
        properties: {
          n: { type: "integer", description: "How many (minimum: 1)" },
          o: { type: "object", properties: {}, additionalProperties: false },
        },
        additionalProperties: false,
      },
    },
  });
  expect(written({ response_format }, "claude-3-haiku-20240307").dropped).toEqual(["response_format"]);
});

test("an answer without a limit gets the model's own, and a sound is refused with what to do", () => {
  expect(written({}).body.max_tokens).toBe(64_000);
  expect(written({ cache_control: { type: "ephemeral" } }).body.cache_control).toEqual({ type: "ephemeral" });
  const sound = { type: "input_audio", input_audio: { data: "AAAA", format: "wav" } };
  expect(() => written({ messages: [{ role: "user", content: [sound] }] })).toThrow("audio");
});
