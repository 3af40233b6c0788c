import { describe, expect, test } from "bun:test";
import { canonicalRequest } from "../../../../test/support/canonical.ts";
import type { JsonObject } from "../../../kernel/json.ts";
import type { CanonicalRequest } from "../../canonical/request.ts";
import { openaiProvider } from "./openai.ts";

const provider = openaiProvider({ slug: "openai", name: "OpenAI", baseUrl: "https://api.openai.example.com/v1" });
const adapter = provider.createAdapter({ send: () => Promise.reject(new Error("no network here")) });
const speaks = (model: string) => adapter.dialects(model).map(({ name }) => name);

test("every model is asked at the endpoints that it answers", () => {
  const both = ["openai-chat", "openai-responses"];
  for (const model of ["gpt-4o", "gpt-4.1-mini", "o3", "o4-mini", "gpt-5", "gpt-5.2", "gpt-5-chat-latest", "gpt-9-x"]) {
    expect<unknown>([model, [...speaks(model)].sort()]).toEqual([model, both]);
  }
  const alone = [
    ...["o1-pro", "o3-pro-2025-06-10", "o3-deep-research", "o4-mini-deep-research", "computer-use-preview"],
    ...["gpt-5-pro", "gpt-5.2-pro", "gpt-5-codex", "gpt-5.1-codex-max", "gpt-5.3-codex", "codex-mini-latest"],
  ];
  for (const model of alone) expect<unknown>([model, speaks(model)]).toEqual([model, ["openai-responses"]]);
  for (const model of ["gpt-4o-search-preview", "gpt-4o-audio-preview", "gpt-audio"]) {
    expect<unknown>([model, speaks(model)]).toEqual([model, ["openai-chat"]]);
  }
  for (const model of ["gpt-3.5-turbo-instruct", "davinci-002"]) expect(speaks(model)).toEqual(["openai-completions"]);
  expect(speaks("text-embedding-3-small")).toEqual(["embeddings"]);
});

/** What a chat body for this model becomes. */
function chat(model: string, body: JsonObject) {
  const native = adapter.dialects(model).find(({ name }) => name === "openai-chat")?.native;
  if (!native) throw new Error(`${model} does not chat`);
  const { set, remove, dropped } = native.edits(body, { upstreamModel: model, streamed: false });
  const kept = Object.entries(body).filter(([name]) => name !== "model" && !remove.has(name) && !set.has(name));
  const added = [...set].filter(([name]) => name !== "model").map(([name, text]) => [name, JSON.parse(text)] as const);
  return { sent: Object.fromEntries([...kept, ...added]), dropped: [...dropped].sort() };
}

/** A request of another dialect as a body of OpenAI's. */
function translated(dialectName: string, request: Partial<CanonicalRequest>) {
  const dialect = adapter.dialects("gpt-4o").find(({ name }) => name === dialectName);
  return dialect?.canonical?.write(canonicalRequest(request), { upstreamModel: "gpt-4o", streamed: false }).body;
}

test("what coding agents of Anthropic's dialect send fits OpenAI's bounds: the user's name, a file's, pictures of tools", () => {
  const source = { kind: "base64" as const, mediaType: "application/pdf", data: "JVBERi0=" };
  const user = JSON.stringify({ device_id: "d".repeat(64), account_uuid: "", session_id: "s".repeat(36) });
  const messages: CanonicalRequest["messages"] = [
    { role: "user", name: null, parts: [{ kind: "file", source, filename: null, cache: null }] },
    {
      role: "tool",
      toolCallId: "t",
      parts: [{ kind: "image", source: { ...source, mediaType: "image/png" }, detail: null, cache: null }],
      isError: false,
      cache: null,
    },
  ];
  const body = translated("openai-chat", { user, messages });
  expect(body?.user).toMatch(/^[0-9a-f]{64}$/);
  expect(translated("openai-responses", { user })?.user).toBe(body?.user ?? "");
  expect(translated("openai-chat", { user: "budi" })?.user).toBe("budi");
  const { messages: written } = body ?? {};
  expect(written).toMatchObject([
    { role: "user", content: [{ type: "file", file: { filename: "file.pdf" } }] },
    { role: "tool", tool_call_id: "t", content: "(Attached to the next message of the user.)" },
    { role: "user", content: [{ type: "text" }, { type: "image_url" }] },
  ]);
});

describe("a chat body", () => {
  test("has no marks of a cache that OpenAI would call unknown parameters, wherever a client put them", () => {
    const cache_control = { type: "ephemeral" };
    const messages = [
      { role: "system", content: [{ type: "text", text: "a", cache_control }] },
      { role: "user", content: "b", cache_control },
      { role: "assistant", content: null, tool_calls: [{ id: "c", type: "function", function: {}, cache_control }] },
    ];
    const tools = [{ type: "function", function: { name: "f" }, cache_control }];
    expect(chat("gpt-4o", { messages, tools })).toEqual({
      sent: {
        messages: [
          { role: "system", content: [{ type: "text", text: "a" }] },
          { role: "user", content: "b" },
          { role: "assistant", content: null, tool_calls: [{ id: "c", type: "function", function: {} }] },
        ],
        tools: [{ type: "function", function: { name: "f" } }],
      },
      dropped: ["cache_control"],
    });
    expect(chat("gpt-4o", { messages: [{ role: "user", content: [{ type: "text", text: "b" }] }] }).dropped).toEqual(
      [],
    );
  });

  test("names its bound as every model of OpenAI takes it", () => {
    for (const model of ["gpt-4o", "o3", "gpt-5"]) {
      expect(chat(model, { max_tokens: 9 })).toEqual({ sent: { max_completion_tokens: 9 }, dropped: [] });
    }
  });

  test("for a model that always thinks loses what steers the choice of words, and says so unless it asked for nothing", () => {
    const body = { temperature: 0.2, top_p: 1, presence_penalty: 0, logprobs: true, stop: ["x"], seed: 7 };
    expect(chat("o3", body)).toEqual({ sent: { seed: 7 }, dropped: ["logprobs", "stop", "temperature"] });
    expect(chat("gpt-5-mini", body)).toEqual({ sent: { seed: 7 }, dropped: ["logprobs", "stop", "temperature"] });
    expect(chat("gpt-4o", body)).toEqual({ sent: body, dropped: [] });
    expect(chat("gpt-5-chat-latest", body)).toEqual({ sent: body, dropped: [] });
    expect(chat("o3", { parallel_tool_calls: false }).dropped).toEqual(["parallel_tool_calls"]);
    expect(chat("o3", { parallel_tool_calls: true }).dropped).toEqual([]);
  });

  test("for a model that thinks when asked to keeps them only while it does not", () => {
    const cold = { temperature: 0 };
    expect(chat("gpt-5.1", cold)).toEqual({ sent: cold, dropped: [] });
    expect(chat("gpt-5.2", { ...cold, reasoning_effort: "none" }).sent).toEqual({ ...cold, reasoning_effort: "none" });
    expect(chat("gpt-5.2", { ...cold, reasoning_effort: "low" }).dropped).toEqual(["temperature"]);
    expect(chat("gpt-5.2", { ...cold, reasoning: { effort: "low" } }).dropped).toEqual(["temperature"]);
    expect(chat("gpt-5.5", cold).dropped).toEqual(["temperature"]);
  });

  test("asks for the nearest effort that the model has", () => {
    const effort = (model: string, reasoning: JsonObject) => chat(model, { reasoning }).sent.reasoning_effort;
    expect(effort("o3", { effort: "minimal" })).toBe("low");
    expect(effort("o3", { effort: "xhigh" })).toBe("high");
    expect(effort("gpt-5", { enabled: false })).toBe("minimal");
    expect(effort("gpt-5.1", { effort: "minimal" })).toBe("low");
    expect(effort("gpt-5.1", { enabled: false })).toBe("none");
    expect(effort("gpt-5.2", { effort: "xhigh" })).toBe("xhigh");
    expect(effort("gpt-5.2", { enabled: true })).toBe("medium");
    expect(chat("gpt-4o", { reasoning: { effort: "high" } })).toEqual({ sent: {}, dropped: ["reasoning"] });
  });

  test("keeps verbosity where the model knows it, and metadata where the client has it stored", () => {
    expect(chat("gpt-5", { verbosity: "low" }).sent).toEqual({ verbosity: "low" });
    expect(chat("gpt-4o", { verbosity: "low" })).toEqual({ sent: {}, dropped: ["verbosity"] });
    expect(chat("gpt-4o", { verbosity: "medium" })).toEqual({ sent: {}, dropped: [] });
    expect(chat("gpt-4o", { metadata: { a: "b" } })).toEqual({ sent: {}, dropped: ["metadata"] });
    expect(chat("gpt-4o", { metadata: { a: "b" }, store: true }).dropped).toEqual([]);
    expect(chat("gpt-5", { prediction: { type: "content", content: "x" } }).dropped).toEqual(["prediction"]);
  });
});

test("a Responses body loses what its model does not take, logprobs and verbosity among it", () => {
  const native = adapter.dialects("gpt-5-codex")[0]?.native;
  const body = {
    input: "x",
    temperature: 0.1,
    top_logprobs: 3,
    include: ["message.output_text.logprobs"],
    text: { format: { type: "text" }, verbosity: "high" },
    reasoning: { effort: "xhigh" },
  };
  const edits = native?.edits(body, { upstreamModel: "gpt-5-codex", streamed: true });
  expect([...(edits?.dropped ?? [])].sort()).toEqual(["logprobs", "temperature", "top_logprobs", "verbosity"]);
  expect(Object.fromEntries(edits?.set ?? [])).toEqual({
    model: '"gpt-5-codex"',
    store: "false",
    include: '["reasoning.encrypted_content"]',
    text: '{"format":{"type":"text"}}',
    reasoning: '{"effort":"high"}',
  });
});

test("thinking and tools in one request go to the Responses API where chat refuses them together", () => {
  const takes = (model: string, body: JsonObject) =>
    adapter
      .dialects(model)
      .find(({ name }) => name === "openai-chat")
      ?.native?.takes?.(body);
  const tools = [{ type: "function", function: { name: "f" } }];
  expect(takes("gpt-5", { tools, reasoning_effort: "low" })).toBe(true);
  expect(takes("gpt-5.4", { tools })).toBe(true);
  expect(takes("gpt-5.4", { tools, reasoning_effort: "low" })).toBe(false);
  expect(takes("gpt-5.4", { reasoning_effort: "low" })).toBe(true);
  expect(takes("gpt-5.6", { tools })).toBe(false);
  expect(takes("gpt-5.6", { tools, reasoning: { enabled: false } })).toBe(true);
  expect(takes("gpt-5.6", { tools, reasoning_effort: "none" })).toBe(true);
  expect(takes("gpt-5.6", {})).toBe(true);
  // Clients of other dialects are served by the first one.
  expect(speaks("gpt-5.6")[0]).toBe("openai-responses");
});
