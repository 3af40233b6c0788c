import { expect, test } from "bun:test";
import { ChatCompletionResponse$inboundSchema as Answer } from "@mistralai/mistralai/models/components";
import { ask, chunkOf, toolTurn, vendorUnderTest } from "../../../../test/support/vendor.ts";

const mistral = vendorUnderTest("mistral");

test("fields are renamed or left out, since an unknown one is an error there", () => {
  const { body, dropped } = mistral.sent({
    ...ask,
    stream: true,
    seed: 7,
    max_completion_tokens: 5,
    user: "u",
    top_k: 1,
  });
  expect(body).toEqual({ model: "m", ...ask, stream: true, random_seed: 7, max_tokens: 5 });
  expect(dropped).toEqual(["top_k", "user"]);
});

test("ids of calls made elsewhere become nine letters or digits, the same for call and result", () => {
  const { body } = mistral.sent({
    messages: [
      { role: "user", content: "?" },
      {
        role: "assistant",
        tool_calls: [{ id: "call_long-one", type: "function", function: { name: "f", arguments: "{}" } }],
      },
      { role: "tool", tool_call_id: "call_long-one", content: "1" },
    ],
  });
  const messages = body.messages as { tool_calls: { id: string }[]; tool_call_id: string }[];
  const id = messages[1]?.tool_calls[0]?.id;
  expect(id).toMatch(/^[A-Za-z0-9]{9}$/);
  expect(messages[2]?.tool_call_id).toBe(id ?? "");
});

test("thoughts among the parts of a content become thoughts, and the text a text", () => {
  const content = [
    { type: "thinking", thinking: [{ type: "text", text: "They greet." }] },
    { type: "text", text: "Baik!" },
  ];
  const usage = { prompt_tokens: 9, completion_tokens: 30, total_tokens: 39 };
  const answer = {
    id: "1",
    object: "chat.completion",
    created: 5,
    model: "magistral-medium-latest",
    choices: [{ index: 0, finish_reason: "model_length", message: { role: "assistant", content } }],
    usage,
  };
  expect(Answer.safeParse(answer).success).toBe(true);
  expect(mistral.whole(answer)).toMatchObject({
    choices: [
      {
        finish_reason: "length",
        native_finish_reason: "model_length",
        message: { content: "Baik!", reasoning: "They greet." },
      },
    ],
  });
  const { deltas, notes } = mistral.streamed([
    chunkOf({ content: [{ type: "thinking", thinking: [{ type: "text", text: "They" }] }] }),
    { ...chunkOf({ content: "Baik!" }, { finish_reason: "stop" }), usage },
  ]);
  expect(deltas).toMatchObject([{ reasoning: "They" }, { content: "Baik!" }]);
  expect(notes.usage).toMatchObject({ promptTokens: 9, completionTokens: 30 });
});

test("its list gives contexts, and models that neither chat nor embed are left out", () => {
  const list = [
    { id: "mistral-large-latest", max_context_length: 131072, capabilities: { completion_chat: true } },
    { id: "mistral-ocr-latest", capabilities: { completion_chat: false } },
  ];
  const models = mistral.provider.readModels({ data: list });
  expect(models).toHaveLength(1);
  expect(models).toMatchObject([{ upstreamModel: "mistral-large-latest", contextLength: 131072 }]);
});

test("only models that can be told to think are told, and thoughts go back as parts of the content", () => {
  const asked = (model: string) => mistral.sent({ ...ask, reasoning: { effort: "low" } }, model);
  expect(asked("mistral-medium-latest").body).toMatchObject({ reasoning_effort: "high" });
  expect(asked("mistral-large-latest").dropped).toEqual(["reasoning"]);
  expect(asked("mistral-small-2506").dropped).toEqual(["reasoning"]);
  const messages = (model: string) =>
    mistral.sent({ messages: toolTurn({ reasoning: "They ask." }) }, model).body.messages;
  const thought = { type: "thinking", thinking: [{ type: "text", text: "They ask." }] };
  expect(messages("magistral-medium-latest")).toMatchObject([{}, { content: [thought] }, {}]);
  expect(JSON.stringify(messages("mistral-large-latest"))).not.toContain("They ask.");
});

test("the size of an embedding is named as there", () => {
  expect(mistral.plain("embeddings", { model: "x", input: "a", dimensions: 512, user: "u" })).toEqual({
    model: "m",
    input: "a",
    output_dimension: 512,
  });
});

test("tokens from the cache are found wherever they are counted", () => {
  const usage = { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12, num_cached_tokens: 8 };
  const { notes } = mistral.streamed([{ ...chunkOf({ content: "Baik!" }, { finish_reason: "stop" }), usage }]);
  expect(notes.usage).toMatchObject({ cachedTokens: 8 });
});
