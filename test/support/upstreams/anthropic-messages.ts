/**
 * Anthropic's API over real HTTP, as strict as the real one where the gateway could break something: it refuses unknown
 * fields, empty texts, thoughts that it has not signed, calls without results. Its answers are typed with the official
 * package, and its streams come in pieces of any size.
 */
import type {
  ContentBlock,
  Message,
  MessageParam,
  ModelInfo,
  RawMessageStreamEvent,
  Usage,
} from "@anthropic-ai/sdk/resources";
import { REDACTED, refusalOf, SIGNATURE } from "./anthropic-rules.ts";
import { errorOf, type MockUpstream, type StreamForm, streamed } from "./replies.ts";

export interface SeenByAnthropic {
  path: string;
  headers: Headers;
  /** The bytes as they came. */
  text: string;
  body: Record<string, unknown> & { messages: MessageParam[] };
}

export type AnthropicPiece = Message | StreamedEvent;

/** Without pieces to answer with, it answers as it is asked. */
export interface AnthropicUpstream extends MockUpstream<AnthropicPiece> {
  seen: SeenByAnthropic[];
  /** True once a client of a stream has gone. */
  wasLeft(): boolean;
}

export const ANTHROPIC_KEY = "sk-ant-invented-key";

export const USAGE: Usage = {
  input_tokens: 100,
  cache_creation_input_tokens: 30,
  cache_read_input_tokens: 20,
  cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
  output_tokens: 50,
  output_tokens_details: { thinking_tokens: 15 },
  server_tool_use: null,
  service_tier: "standard",
  inference_geo: null,
  speed: null,
};

const THOUGHTS: ContentBlock[] = [
  { type: "thinking", thinking: "Saya pikirkan dulu… 🤔", signature: SIGNATURE },
  { type: "redacted_thinking", data: REDACTED },
];

export function startAnthropicUpstream(models: readonly string[], pieceBytes = 7): AnthropicUpstream {
  const gone = Promise.withResolvers<void>();
  let left = false;
  const onLeave = () => {
    left = true;
    gone.resolve();
  };
  const server = Bun.serve({
    port: 0,
    idleTimeout: 60,
    fetch: async (request) => {
      const { pathname } = new URL(request.url);
      if (request.headers.get("x-api-key") !== ANTHROPIC_KEY) return refusal(401, "invalid x-api-key");
      if (!request.headers.has("anthropic-version")) return refusal(400, "anthropic-version: header is required");
      if (pathname === "/v1/models") return Response.json({ data: models.map(modelInfo), has_more: false });
      const text = await request.text();
      const body = JSON.parse(text) as SeenByAnthropic["body"];
      upstream.seen.push({ path: pathname, headers: request.headers, text, body });
      if (!models.includes(String(body.model))) return refusal(404, `model: ${body.model}`);
      const isCount = pathname.endsWith("/count_tokens");
      const problem = refusalOf(body, isCount);
      if (problem) return refusal(400, problem);
      if (isCount) return Response.json({ input_tokens: 4321 });
      const asked = /\[status (\d+)\]/.exec(text);
      if (asked) return refusal(Number(asked[1]), "as the test asked");
      const { reply } = upstream;
      if (reply.kind === "error") return errorOf(reply);
      if (reply.pieces.length > 0 || reply.kind !== "answer") {
        return body.stream === true ? streamed(reply, messagesStream, onLeave) : Response.json(reply.pieces[0]);
      }
      const message = messageFor(body);
      if (body.stream !== true) return Response.json(message);
      const events = eventsOf(message);
      const isSlow = text.includes("[slowly]");
      if (isSlow) events.splice(-3);
      if (text.includes("[broken]")) events.splice(5, events.length, overloaded);
      const stream = inPieces(events, { pieceBytes, isSlow, onLeave });
      return new Response(stream, { headers: { "content-type": "text/event-stream; charset=utf-8" } });
    },
  });
  const host = `127.0.0.1:${server.port}`;
  const upstream: AnthropicUpstream = {
    url: `http://${host}/v1`,
    host,
    seen: [],
    left: gone.promise,
    reply: { kind: "answer", pieces: [] },
    wasLeft: () => left,
    stop: () => server.stop(true),
  };
  return upstream;
}

const TYPES: Record<number, string> = { 401: "authentication_error", 404: "not_found_error", 429: "rate_limit_error" };

function refusal(status: number, message: string): Response {
  const type = TYPES[status] ?? (status === 529 ? "overloaded_error" : "invalid_request_error");
  return Response.json({ type: "error", error: { type, message }, request_id: "req_upstream" }, { status });
}

export type StreamedEvent = RawMessageStreamEvent | { type: "ping" } | typeof overloaded;
const overloaded = { type: "error" as const, error: { type: "overloaded_error", message: "Overloaded" } };

function modelInfo(
  id: string,
): Pick<ModelInfo, "id" | "type" | "display_name" | "created_at" | "max_tokens" | "max_input_tokens"> {
  const created_at = "2025-09-29T00:00:00Z";
  return { id, type: "model", display_name: `Test ${id}`, created_at, max_tokens: 64_000, max_input_tokens: 200_000 };
}

/** What it says depends on what it is asked: tools are called, results repeated, schemas followed, pictures seen. */
export function messageFor(body: SeenByAnthropic["body"]): Message {
  const last = body.messages.at(-1)?.content;
  const blocks = Array.isArray(last) ? last : [];
  const result = blocks.find((block) => block.type === "tool_result");
  const config = body.output_config as { format?: unknown } | undefined;
  const thinking = (body.thinking as { type?: string } | undefined)?.type;
  const thoughts = thinking === "enabled" || thinking === "adaptive" ? THOUGHTS : [];
  const say = (text: string): ContentBlock => ({ type: "text", text, citations: null });
  const call = (id: string, city: string): ContentBlock => ({
    type: "tool_use",
    id,
    name: "weather",
    input: { city },
    caller: { type: "direct" },
  });
  if (result) return message([...thoughts, say(`The tool says: ${JSON.stringify(result.content)}`)], "end_turn");
  if (body.tools) {
    return message([...thoughts, say("Sebentar."), call("toolu_1", "Solo"), call("toolu_2", "Bandung")], "tool_use");
  }
  if (config?.format) return message([say('{"city":"Surakarta"}')], "end_turn");
  if (blocks.some((block) => block.type === "image")) return message([say("An image, I see.")], "end_turn");
  if (body.stop_sequences) return message([say("Satu, ")], "stop_sequence");
  return message([...thoughts, say("Kabar baik! 👋 Terima kasih.")], "end_turn");
}

function message(content: ContentBlock[], stop_reason: NonNullable<Message["stop_reason"]>): Message {
  return {
    id: "msg_upstream",
    type: "message",
    role: "assistant",
    model: "claude-upstream",
    container: null,
    diagnostics: null,
    content,
    stop_reason,
    stop_sequence: stop_reason === "stop_sequence" ? "dua" : null,
    stop_details: null,
    usage: USAGE,
  };
}

/** The stream that stands for a message, with a ping where the real one has it. */
export function eventsOf(whole: Message): StreamedEvent[] {
  const usage = { ...whole.usage, output_tokens: 1 };
  const start = { ...whole, content: [], stop_reason: null, stop_sequence: null, usage };
  return [
    { type: "message_start", message: start },
    { type: "ping" },
    ...whole.content.flatMap((block, index) => blockEvents(block, index)),
    {
      type: "message_delta",
      delta: {
        stop_reason: whole.stop_reason,
        stop_sequence: whole.stop_sequence,
        stop_details: null,
        container: null,
      },
      usage: {
        input_tokens: null,
        cache_creation_input_tokens: null,
        cache_read_input_tokens: null,
        output_tokens: whole.usage.output_tokens,
        output_tokens_details: whole.usage.output_tokens_details,
        server_tool_use: null,
      },
    },
    { type: "message_stop" },
  ];
}

function blockEvents(block: ContentBlock, index: number): RawMessageStreamEvent[] {
  const stop = { type: "content_block_stop" as const, index };
  const delta = (piece: Extract<RawMessageStreamEvent, { type: "content_block_delta" }>["delta"]) => ({
    type: "content_block_delta" as const,
    index,
    delta: piece,
  });
  const begin = (content_block: ContentBlock) => ({ type: "content_block_start" as const, index, content_block });
  switch (block.type) {
    case "text":
      return [
        begin({ ...block, text: "" }),
        ...halves(block.text).map((text) => delta({ type: "text_delta", text })),
        stop,
      ];
    case "thinking":
      return [
        begin({ ...block, thinking: "", signature: "" }),
        ...halves(block.thinking).map((thinking) => delta({ type: "thinking_delta", thinking })),
        delta({ type: "signature_delta", signature: block.signature }),
        stop,
      ];
    case "tool_use":
      return [
        begin({ ...block, input: {} }),
        ...["", ...halves(JSON.stringify(block.input))].map((partial_json) =>
          delta({ type: "input_json_delta", partial_json }),
        ),
        stop,
      ];
    default:
      return [begin(block), stop];
  }
}

function halves(text: string): string[] {
  const letters = [...text];
  const middle = Math.ceil(letters.length / 2);
  return [letters.slice(0, middle).join(""), letters.slice(middle).join("")];
}

export const messagesStream: StreamForm<AnthropicPiece> = {
  contentType: "text/event-stream; charset=utf-8",
  encoder: () => (piece) => Buffer.from(wireOf(piece.type === "message" ? eventsOf(piece) : [piece])),
};

export function wireOf(events: readonly StreamedEvent[]): string {
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");
}

function inPieces(
  events: readonly StreamedEvent[],
  { pieceBytes, isSlow, onLeave }: { pieceBytes: number; isSlow: boolean; onLeave(): void },
): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(wireOf(events));
  let sent = 0;
  return new ReadableStream({
    pull: async (controller) => {
      // A slow answer never ends by itself; only a client that leaves ends it.
      if (sent >= bytes.length && isSlow) return new Promise(() => {});
      if (sent >= bytes.length) return controller.close();
      controller.enqueue(bytes.subarray(sent, sent + pieceBytes));
      sent += pieceBytes;
    },
    cancel: onLeave,
  });
}
