import { expect, test } from "bun:test";
import { ask, chunkOf, providerUnderTest, toolTurn } from "../../../../test/support/vendor.ts";
import type { JsonValue } from "../../../kernel/json.ts";
import type { Transport } from "../../transport/transport.ts";
import { readModelList } from "../model-list.ts";
import { localServers } from "./local-servers.ts";

function server(slug: string) {
  const found = localServers().find(({ descriptor }) => descriptor.slug === slug);
  if (!found) throw new Error(`no server is called ${slug}`);
  return providerUnderTest(found);
}

/** The models of a server that answers these addresses as written, and every other one with 404. */
async function listed(slug: string, answers: Record<string, JsonValue>) {
  const transport: Pick<Transport, "send"> = {
    send: async ({ url }) => {
      const body = answers[new URL(url).pathname];
      if (body === undefined) return new Response("404 page not found", { status: 404 });
      return Response.json(body);
    },
  };
  const list = await readModelList(server(slug).provider, null, { transport: transport as Transport, timeoutMs: 1000 });
  return list.state === "ready" ? list.models : list.state;
}

const usage = { prompt_tokens: 26, completion_tokens: 9, total_tokens: 35 };

test("Ollama is told the longest answer by the name that it reads, and is not asked for what it ignores", () => {
  const tools = [{ type: "function", function: { name: "f", parameters: { type: "object" } } }];
  const { body, dropped } = server("ollama").sent({
    ...ask,
    max_completion_tokens: 5,
    tools,
    tool_choice: "required",
    top_k: 3,
  });
  expect(body).toEqual({ model: "m", ...ask, max_tokens: 5, tools });
  expect(dropped).toEqual(["top_k", "tool_choice"]);
  expect(server("ollama").sent({ ...ask, tools, tool_choice: "none" }).body).not.toHaveProperty("tools");
  expect(server("ollama").sent({ ...ask, reasoning: { enabled: false } }).body).toMatchObject({
    reasoning_effort: "none",
  });
});

test("Ollama's thoughts are read and given back in the field that it has", () => {
  const ollama = server("ollama");
  const { deltas, notes } = ollama.streamed([
    chunkOf({ role: "assistant", content: "", reasoning: "They" }),
    chunkOf({ role: "assistant", content: "Baik!" }, { finish_reason: "stop" }),
    { id: "c1", object: "chat.completion.chunk", created: 1, model: "m", choices: [], usage },
  ]);
  expect(deltas).toMatchObject([{ reasoning: "They", reasoning_details: [{ text: "They" }] }, { content: "Baik!" }]);
  expect(notes).toMatchObject({ finishReason: "stop", usage: { promptTokens: 26, completionTokens: 9 } });
  const returned = ollama.sent({ messages: toolTurn({ reasoning_content: "They ask." }) }).body.messages;
  expect(returned).toEqual(toolTurn({ reasoning: "They ask." }));
  expect(ollama.adapter.dialects("m").map(({ name }) => name)).toEqual([
    "openai-chat",
    "openai-completions",
    "embeddings",
  ]);
});

test("LM Studio's own list gives contexts and kinds; an old version is asked for the plain one", async () => {
  const own = {
    object: "list",
    data: [
      {
        id: "qwen3-8b",
        object: "model",
        type: "llm",
        state: "loaded",
        max_context_length: 131072,
        loaded_context_length: 8192,
      },
      {
        id: "text-embedding-nomic",
        object: "model",
        type: "embeddings",
        state: "not-loaded",
        max_context_length: 2048,
      },
    ],
  };
  expect(await listed("lmstudio", { "/api/v0/models": own })).toMatchObject([
    { id: "lmstudio/qwen3-8b", contextLength: 8192, outputModalities: ["text"] },
    { contextLength: 2048, outputModalities: ["embeddings"] },
  ]);
  const plain = { object: "list", data: [{ id: "qwen3-8b", object: "model", owned_by: "organization_owner" }] };
  expect(await listed("lmstudio", { "/v1/models": plain })).toMatchObject([
    { upstreamModel: "qwen3-8b", contextLength: null },
  ]);
});

test("llama.cpp's context is the one that it was started with, not the one of the training", async () => {
  const entry = { id: "m.gguf", object: "model", created: 5, meta: { n_ctx_train: 131072 } };
  const models = { object: "list", data: [entry] };
  const props = { default_generation_settings: { n_ctx: 4096 }, total_slots: 1 };
  expect(await listed("llamacpp", { "/v1/models": models, "/props": props })).toMatchObject([{ contextLength: 4096 }]);
  expect(await listed("llamacpp", { "/v1/models": models })).toMatchObject([{ contextLength: null }]);
});

test("contexts of vLLM and SGLang stand in their lists", async () => {
  for (const slug of ["vllm", "sglang"]) {
    const entry = {
      id: "Qwen/Qwen3-8B",
      object: "model",
      created: 5,
      owned_by: slug,
      root: "Qwen/Qwen3-8B",
      max_model_len: 40960,
    };
    expect(await listed(slug, { "/v1/models": { object: "list", data: [entry] } })).toMatchObject([
      { id: "Qwen/Qwen3-8B", contextLength: 40960 },
    ]);
  }
});

test.each([
  ["llamacpp", "reasoning_content"],
  ["vllm", "reasoning"],
  ["sglang", "reasoning_content"],
])("%s is told to think through the chat template, and gets thoughts back under %s", (slug, field) => {
  const { sent, whole } = server(slug);
  expect(sent({ ...ask, reasoning: { enabled: false } }).body).toMatchObject({
    chat_template_kwargs: { enable_thinking: false, thinking: false },
  });
  expect(sent({ ...ask, reasoning: { effort: "high" } }).body).toMatchObject({ reasoning_effort: "high" });
  expect(sent(ask).body).toEqual({ model: "m", ...ask });
  expect(sent({ messages: toolTurn({ reasoning: "They ask." }) }).body.messages).toEqual(
    toolTurn({ [field]: "They ask." }),
  );
  const message = { role: "assistant", content: "Baik!", [field]: "They greet." };
  const answer = { id: "1", object: "chat.completion", created: 5, model: "m", usage };
  expect(
    whole({ ...answer, choices: [{ index: 0, finish_reason: "abort", stop_reason: null, message }] }),
  ).toMatchObject({
    choices: [{ finish_reason: "error", native_finish_reason: "abort", message: { reasoning: "They greet." } }],
    usage: { prompt_tokens: 26 },
  });
});

test("a ranking of vLLM is read with its tokens", () => {
  const rerank = server("vllm")
    .adapter.dialects("m")
    .find(({ name }) => name === "rerank");
  const answer = {
    id: "rerank-1",
    model: "m",
    usage: { prompt_tokens: 56, total_tokens: 56 },
    results: [{ index: 1, document: { text: "b" }, relevance_score: 0.99 }],
  };
  expect(rerank?.native?.readAnswer?.(answer)).toMatchObject({
    results: [{ index: 1, relevance_score: 0.99 }],
    usage: { prompt_tokens: 56 },
  });
});

test("what answers at a port but is no list of models is no server", async () => {
  for (const body of [[], { models: [] }, "ok", { data: "x" }]) {
    expect(await listed("vllm", { "/v1/models": body })).toBe("unreachable");
  }
});
