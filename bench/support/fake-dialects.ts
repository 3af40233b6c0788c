/**
 * A provider that speaks every upstream dialect with one fixed answer, whole or as a stream of CHUNKS pieces of text, each
 * written by itself. Which dialect is asked for stands in the path.
 */
import { EventStreamCodec } from "@smithy/eventstream-codec";

export const CHUNKS = 50;
/** One piece; a whole answer is one of them. */
export const PIECE = "Kabar baik. ";
/** The models of the vendors, as their lists and requests name them. */
export const FAKE_MODELS = {
  openai: "gpt-4o-mini",
  responses: "o1-pro",
  anthropic: "claude-sonnet-4-5",
  gemini: "gemini-2.5-flash",
  bedrock: "anthropic.claude-sonnet-4-5-20250929-v1:0",
} as const;

const encoder = new TextEncoder();
const json = (value: object): Uint8Array => encoder.encode(JSON.stringify(value));
const data = (value: object): Uint8Array => encoder.encode(`data: ${JSON.stringify(value)}\n\n`);
const named = (value: { type: string } & Record<string, unknown>): Uint8Array =>
  encoder.encode(`event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`);
const pieces = Array.from({ length: CHUNKS }, () => PIECE);

interface FakeDialect {
  contentType: string;
  whole: Uint8Array;
  stream: Uint8Array[];
}

function chat(): FakeDialect {
  const head = { id: "chatcmpl-1", created: 1_700_000_000, model: FAKE_MODELS.openai, system_fingerprint: "fp_bench" };
  const usage = { prompt_tokens: 210, completion_tokens: CHUNKS, total_tokens: 210 + CHUNKS };
  const chunk = (delta: object, finish_reason: string | null = null) =>
    data({ ...head, object: "chat.completion.chunk", choices: [{ index: 0, delta, finish_reason }] });
  const message = { role: "assistant", content: PIECE, refusal: null };
  return {
    contentType: "text/event-stream",
    whole: json({ ...head, object: "chat.completion", choices: [{ index: 0, message, finish_reason: "stop" }], usage }),
    stream: [
      chunk({ role: "assistant", content: "" }),
      ...pieces.map((content) => chunk({ content })),
      chunk({}, "stop"),
      data({ ...head, object: "chat.completion.chunk", choices: [], usage }),
      encoder.encode("data: [DONE]\n\n"),
    ],
  };
}

function responses(): FakeDialect {
  const part = (text: string) => ({ type: "output_text", text, annotations: [] });
  const item = (text: string, status: string) => ({
    type: "message",
    id: "msg_1",
    role: "assistant",
    status,
    content: text === "" ? [] : [part(text)],
  });
  const usage = {
    input_tokens: 210,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: CHUNKS,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 210 + CHUNKS,
  };
  const response = (status: string, output: object[]) => ({
    id: "resp_1",
    object: "response",
    created_at: 1_700_000_000,
    model: FAKE_MODELS.responses,
    status,
    output,
    usage: status === "completed" ? usage : null,
  });
  const place = { item_id: "msg_1", output_index: 0, content_index: 0 };
  const text = pieces.join("");
  const events = [
    { type: "response.created", response: response("in_progress", []) },
    { type: "response.output_item.added", output_index: 0, item: item("", "in_progress") },
    { type: "response.content_part.added", ...place, part: part("") },
    ...pieces.map((delta) => ({ type: "response.output_text.delta", ...place, delta })),
    { type: "response.output_text.done", ...place, text },
    { type: "response.content_part.done", ...place, part: part(text) },
    { type: "response.output_item.done", output_index: 0, item: item(text, "completed") },
    { type: "response.completed", response: response("completed", [item(text, "completed")]) },
  ];
  return {
    contentType: "text/event-stream",
    whole: json(response("completed", [item(PIECE, "completed")])),
    stream: events.map((event, sequence_number) => named({ ...event, sequence_number })),
  };
}

function messages(): FakeDialect {
  const usage = {
    input_tokens: 210,
    output_tokens: CHUNKS,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
  };
  const message = (content: object[], stop_reason: string | null) => ({
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: FAKE_MODELS.anthropic,
    content,
    stop_reason,
    stop_sequence: null,
    usage,
  });
  return {
    contentType: "text/event-stream",
    whole: json(message([{ type: "text", text: PIECE }], "end_turn")),
    stream: [
      named({ type: "message_start", message: message([], null) }),
      named({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } }),
      ...pieces.map((text) => named({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } })),
      named({ type: "content_block_stop", index: 0 }),
      named({ type: "message_delta", delta: { stop_reason: "end_turn", stop_sequence: null }, usage }),
      named({ type: "message_stop" }),
    ],
  };
}

function gemini(): FakeDialect {
  const usageMetadata = { promptTokenCount: 210, candidatesTokenCount: CHUNKS, totalTokenCount: 210 + CHUNKS };
  const answer = (text: string, finishReason?: string) => ({
    candidates: [
      { index: 0, content: { role: "model", parts: [{ text }] }, ...(finishReason ? { finishReason } : {}) },
    ],
    usageMetadata,
    modelVersion: FAKE_MODELS.gemini,
    responseId: "r1",
  });
  return {
    contentType: "text/event-stream",
    whole: json(answer(PIECE, "STOP")),
    stream: pieces.map((text, index) => data(answer(text, index === CHUNKS - 1 ? "STOP" : undefined))),
  };
}

function converse(): FakeDialect {
  const codec = new EventStreamCodec(
    (bytes) => new TextDecoder().decode(typeof bytes === "string" ? encoder.encode(bytes) : bytes),
    (text) => encoder.encode(text),
  );
  const event = (type: string, body: object) =>
    codec.encode({
      headers: {
        ":message-type": { type: "string", value: "event" },
        ":event-type": { type: "string", value: type },
        ":content-type": { type: "string", value: "application/json" },
      },
      body: json(body),
    });
  const usage = { inputTokens: 210, outputTokens: CHUNKS, totalTokens: 210 + CHUNKS };
  const message = { role: "assistant", content: [{ text: PIECE }] };
  return {
    contentType: "application/vnd.amazon.eventstream",
    whole: json({ output: { message }, stopReason: "end_turn", usage, metrics: { latencyMs: 1 } }),
    stream: [
      event("messageStart", { role: "assistant" }),
      ...pieces.map((text) => event("contentBlockDelta", { contentBlockIndex: 0, delta: { text } })),
      event("contentBlockStop", { contentBlockIndex: 0 }),
      event("messageStop", { stopReason: "end_turn" }),
      event("metadata", { usage, metrics: { latencyMs: 1 } }),
    ],
  };
}

const fakes: readonly [RegExp, FakeDialect][] = [
  [/\/chat\/completions$/, chat()],
  [/\/responses$/, responses()],
  [/\/messages$/, messages()],
  [/:(?:stream)?[gG]enerateContent/, gemini()],
  [/\/converse(?:-stream)?$/, converse()],
];

const LISTS = {
  object: "list",
  data: Object.values(FAKE_MODELS).map((id) => ({ id, object: "model", type: "model", display_name: id })),
  has_more: false,
  models: [{ name: `models/${FAKE_MODELS.gemini}`, supportedGenerationMethods: ["generateContent"] }],
  modelSummaries: [
    {
      modelId: FAKE_MODELS.bedrock,
      modelName: "Claude",
      inputModalities: ["TEXT"],
      outputModalities: ["TEXT"],
      inferenceTypesSupported: ["ON_DEMAND"],
      responseStreamingSupported: true,
      modelLifecycle: { status: "ACTIVE" },
    },
  ],
  inferenceProfileSummaries: [],
};

function streamOf(parts: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  let next = 0;
  return new ReadableStream({
    pull: async (controller) => {
      const part = parts[next++];
      if (part === undefined) return controller.close();
      controller.enqueue(part);
      // Each piece leaves by itself, as it does where a model makes them.
      await Bun.sleep(0);
    },
  });
}

if (import.meta.main) {
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 120,
    fetch: async (request) => {
      const { pathname } = new URL(request.url);
      if (request.method === "GET") return Response.json(LISTS);
      const body = await request.text();
      const fake = fakes.find(([path]) => path.test(pathname))?.[1];
      if (!fake) return new Response(null, { status: 404 });
      const isStream = /[sS]tream/.test(pathname) || body.includes('"stream":true');
      if (!isStream) return new Response(new Blob([fake.whole]), { headers: { "content-type": "application/json" } });
      return new Response(streamOf(fake.stream), { headers: { "content-type": fake.contentType } });
    },
  });
  console.log(`The fake providers are listening on ${server.url.origin}`);
}
