import { expect, test } from "bun:test";
import { ask, chunkOf, vendorUnderTest } from "../../../../test/support/vendor.ts";

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
    choices: [{ index: 0, finish_reason: "model_length", message: { role: "assistant", content } }],
    usage,
  };
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
