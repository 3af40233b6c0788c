import { expect, test } from "bun:test";
import type { ChatCompletion, ChatCompletionChunk } from "groq-sdk/resources/chat/completions";
import { ask, vendorUnderTest } from "../../../../test/support/vendor.ts";

const groq = vendorUnderTest("groq");

const answer: ChatCompletion = {
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1700000000,
  model: "openai/gpt-oss-120b",
  choices: [
    {
      index: 0,
      finish_reason: "stop",
      logprobs: null,
      message: { role: "assistant", content: "Baik!", reasoning: "They greet." },
    },
  ],
  usage: { prompt_tokens: 9, completion_tokens: 30, total_tokens: 39 },
};

const chunks: ChatCompletionChunk[] = [
  {
    id: "chatcmpl-1",
    object: "chat.completion.chunk",
    created: 1,
    model: "m",
    choices: [{ index: 0, delta: { role: "assistant", reasoning: "They" }, finish_reason: null }],
  },
  {
    id: "chatcmpl-1",
    object: "chat.completion.chunk",
    created: 1,
    model: "m",
    choices: [{ index: 0, delta: { content: "Baik!" }, finish_reason: "stop" }],
    x_groq: { id: "req_1", usage: { prompt_tokens: 9, completion_tokens: 30, total_tokens: 39 } },
  },
];

test("thoughts are asked for as parsed, with an effort that Groq knows", () => {
  const { body, dropped } = groq.sent({ ...ask, reasoning: { effort: "xhigh" }, top_k: 3, seed: 1 });
  expect(body).toMatchObject({ model: "m", reasoning_format: "parsed", reasoning_effort: "high", seed: 1 });
  expect(body).not.toHaveProperty("top_k");
  expect(dropped).toEqual(["top_k"]);
  expect(groq.sent({ ...ask, reasoning: { enabled: false } }).body).toMatchObject({ reasoning_effort: "none" });
  expect(groq.sent(ask)).toEqual({ body: { model: "m", ...ask }, dropped: [] });
});

test("a whole answer keeps its thoughts", () => {
  expect(groq.whole(answer)).toMatchObject({
    choices: [
      { message: { content: "Baik!", reasoning: "They greet.", reasoning_details: [{ text: "They greet." }] } },
    ],
    usage: { completion_tokens: 30 },
  });
});

test("usage that stands beside the last chunk is found", () => {
  const { deltas, notes } = groq.streamed(chunks);
  expect(deltas).toMatchObject([{ role: "assistant", reasoning: "They" }, { content: "Baik!" }]);
  expect(notes).toMatchObject({ finishReason: "stop", usage: { promptTokens: 9, completionTokens: 30 } });
});

test("its list gives contexts, and models for speech are left out", () => {
  const list = [
    { id: "llama-3.3-70b-versatile", created: 5, context_window: 131072, max_completion_tokens: 32768 },
    { id: "whisper-large-v3" },
  ];
  expect(groq.provider.readModels({ object: "list", data: list })).toMatchObject([
    { id: "meta-llama/llama-3.3-70b-instruct", contextLength: 131072, maxCompletionTokens: 32768, created: 5 },
  ]);
});
