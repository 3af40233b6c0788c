import { expect, test } from "bun:test";
import type { ChatCompletion, ChatCompletionChunk } from "groq-sdk/resources/chat/completions";
import { ask, toolTurn, vendorUnderTest } from "../../../../test/support/vendor.ts";

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

test("thinking is asked for in the words of the model, and never of one that has none", () => {
  const asked = (model: string, reasoning: object) => groq.sent({ ...ask, reasoning }, model);
  expect(asked("openai/gpt-oss-120b", { effort: "xhigh" }).body).toEqual({
    model: "openai/gpt-oss-120b",
    ...ask,
    reasoning_effort: "high",
  });
  const qwen = "qwen/qwen3-32b";
  expect(asked(qwen, { effort: "low" }).body).toMatchObject({
    reasoning_format: "parsed",
    reasoning_effort: "default",
  });
  expect(asked(qwen, { enabled: false }).body).toMatchObject({ reasoning_effort: "none" });
  expect(groq.sent(ask, qwen).body).toMatchObject({ reasoning_format: "parsed" });
  expect(asked("llama-3.3-70b-versatile", { effort: "low" }).dropped).toEqual(["reasoning"]);
});

test("what it answers with 400 is left out: parameters, names of messages, thoughts in fields that it has not", () => {
  const messages = [{ role: "user", content: "Halo", name: "Siti" }];
  const { body, dropped } = groq.sent({ messages, top_k: 3, seed: 1 });
  expect(body).toEqual({ model: "m", ...ask, seed: 1 });
  expect(dropped).toEqual(["top_k"]);
  const turn = toolTurn({ reasoning: "They ask.", reasoning_details: [] });
  expect(groq.sent({ messages: turn }, "openai/gpt-oss-20b").body.messages).toEqual(
    toolTurn({ reasoning: "They ask." }),
  );
  expect(groq.sent({ messages: turn }).body.messages).toEqual(toolTurn({}));
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
