import { expect, test } from "bun:test";
import type { JsonObject } from "../../../kernel/json.ts";
import type { AnswerIdentity } from "../../canonical/dialects.ts";
import { chatDialect } from "../../providers/openai-compatible/chat-dialect.ts";
import { PLAIN } from "../../providers/openai-compatible/quirks.ts";
import { TranslatedStream } from "../../relay/translated-stream.ts";
import { parseBody } from "../read-body.ts";
import { openAiChat } from "./dialect.ts";

const hints = { exampleModel: "gpt-3.5", modelsUrl: "http://localhost:8787/api/v1/models" };
const upstream = chatDialect({
  ...PLAIN,
  asksReasoning: "reasoning",
  returnsReasoning: "reasoning_details",
  systemRole: "developer",
});
const identity: AnswerIdentity = {
  generationId: "gen-1",
  model: "acme/m",
  provider: "Acme",
  createdSeconds: 7,
  requestId: "req_1",
};

function read(body: object) {
  const bytes = new Uint8Array(new TextEncoder().encode(JSON.stringify(body)));
  return openAiChat.read(parseBody(bytes, { maxBytes: 1e6, maxDepth: 64 }), hints);
}

function throughCanonical(body: object): JsonObject | undefined {
  const canonical = openAiChat.canonical?.read(read(body));
  if (!canonical) throw new Error("no canonical form");
  return upstream.canonical?.write(canonical, { upstreamModel: "m", streamed: false }).body;
}

const everything = {
  model: "m",
  messages: [
    { role: "system", content: [{ type: "text", text: "Be brief.", cache_control: { type: "ephemeral", ttl: "1h" } }] },
    { role: "developer", name: "dev", content: "Answer in Indonesian." },
    {
      role: "user",
      name: "Siti",
      content: [
        { type: "text", text: "Apa ini?" },
        { type: "image_url", image_url: { url: "https://example.com/a.png", detail: "low" } },
        { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } },
        { type: "input_audio", input_audio: { data: "BBBB", format: "wav" } },
        { type: "video_url", video_url: { url: "https://example.com/a.mp4" } },
        { type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,CCCC" } },
        { type: "file", file: { file_id: "file_1" } },
      ],
    },
    {
      role: "assistant",
      content: "Sebentar.",
      reasoning_details: [
        { type: "reasoning.text", text: "Hm", signature: "sig", id: "r1", format: "anthropic-claude-v1", index: 0 },
        { type: "reasoning.encrypted", data: "xyz", id: "r2", format: "openai-responses-v1", index: 1 },
      ],
      tool_calls: [{ id: "call_1", type: "function", function: { name: "look", arguments: '{"at":1}' } }],
    },
    { role: "tool", tool_call_id: "call_1", content: "a cat" },
  ],
  temperature: 0.5,
  top_p: 0.9,
  top_k: 3,
  min_p: 0.1,
  top_a: 0.2,
  frequency_penalty: 0.1,
  presence_penalty: -0.1,
  repetition_penalty: 1.1,
  seed: 42,
  logit_bias: { "50256": -100 },
  logprobs: true,
  top_logprobs: 2,
  max_completion_tokens: 100,
  stop: ["END"],
  tools: [
    {
      type: "function",
      function: { name: "look", description: "Looks", parameters: { type: "object" }, strict: true },
    },
  ],
  tool_choice: { type: "function", function: { name: "look" } },
  parallel_tool_calls: false,
  response_format: { type: "json_schema", json_schema: { name: "n", schema: { type: "object" }, strict: true } },
  reasoning: { effort: "low", exclude: true },
  verbosity: "low",
  modalities: ["text"],
  prediction: { type: "content", content: "x" },
  service_tier: "flex",
  user: "u1",
  metadata: { a: "b" },
  prompt_cache_key: "k",
  cache_control: { type: "ephemeral" },
};

test("a chat request that goes through the canonical form comes out as it went in", () => {
  expect(throughCanonical(everything)).toEqual(everything as unknown as JsonObject);
});

test("a field of the wrong type is named with its path", () => {
  const broken = { model: "m", messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: 7 } }] }] };
  expect(() => throughCanonical(broken)).toThrow("messages[0].content[0].image_url.url: must be a string");
  const unknown = { model: "m", messages: [{ role: "user", content: [{ type: "smell" }] }] };
  expect(() => throughCanonical(unknown)).toThrow("messages[0].content[0].type: must be one of text");
});

const chunks = [
  { id: "c1", created: 5, choices: [{ index: 0, delta: { role: "assistant", reasoning_content: "Hm" } }] },
  { choices: [{ index: 0, delta: { content: "Ba" } }] },
  { choices: [{ index: 0, delta: { content: "ik" } }] },
  { choices: [{ index: 0, delta: { tool_calls: [{ index: 0, id: "t1", function: { name: "f", arguments: "" } }] } }] },
  { choices: [{ index: 0, delta: { tool_calls: [{ index: 0, function: { arguments: '{"a"' } }] } }] },
  { choices: [{ index: 0, delta: { tool_calls: [{ index: 0, function: { arguments: ":1}" } }] } }] },
  { choices: [{ index: 0, delta: {}, finish_reason: "tool_calls" }] },
  { choices: [], usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 } },
];

test("a stream that goes through the canonical form keeps role, order, thoughts, calls and usage", () => {
  const writer = openAiChat.canonical?.writer(
    identity,
    read({ model: "m", messages: [{ role: "user", content: "x" }] }),
  );
  const reader = upstream.canonical?.reader();
  if (!writer || !reader) throw new Error("no canonical form");
  const stream = new TranslatedStream(reader, writer);
  let text = "";
  for (const chunk of chunks) {
    const step = stream.accept(JSON.stringify(chunk));
    if (step.kind === "chunk") text += step.frames;
  }
  expect(stream.accept("[DONE]")).toEqual({ kind: "done", frames: "" });
  expect(stream.isComplete).toBe(true);
  const deltas = text
    .split("\n\n")
    .filter((frame) => frame !== "")
    .map((frame) => JSON.parse(frame.slice(6)).choices[0].delta);
  expect(deltas[0]).toMatchObject({ role: "assistant", reasoning: "Hm" });
  expect(deltas.map((delta) => delta.content ?? "").join("")).toBe("Baik");
  expect(
    deltas
      .flatMap((delta) => delta.tool_calls ?? [])
      .map((call) => call.function.arguments)
      .join(""),
  ).toBe('{"a":1}');
  expect(deltas.filter((delta) => delta.role !== undefined)).toHaveLength(1);
  expect(stream.usage).toMatchObject({ promptTokens: 3, completionTokens: 4 });
  expect(stream.nativeFinishReason).toBe("tool_calls");
});

test("a whole answer is the same whether it passes through or is made from events", () => {
  const answer = {
    id: "c1",
    created: 5,
    system_fingerprint: "fp",
    choices: [
      {
        index: 0,
        finish_reason: "stop",
        message: { role: "assistant", content: "Baik", reasoning_content: "Hm", refusal: null },
      },
    ],
    usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 },
  };
  const request = read({ model: "m", messages: [{ role: "user", content: "x" }] });
  const events = upstream.canonical?.readAnswer(structuredClone(answer));
  const own = upstream.native?.readAnswer?.(structuredClone(answer));
  const notes = own && openAiChat.native.readAnswer(own);
  if (!events || !own || !notes?.usage) throw new Error("unreadable");
  const billed = { usage: notes.usage, charge: { costNano: 5n, priceVersion: "v" } };
  const translated = openAiChat.canonical?.answer(events, { identity, request, billed });
  expect(translated).toEqual(openAiChat.native.finishAnswer(own, { identity, request, billed }));
});
