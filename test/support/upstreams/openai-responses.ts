/**
 * OpenAI's Responses API over real HTTP, as strict as the real one where the gateway could break something: it refuses
 * fields that it does not know, items that it would have to remember, and thoughts that it has not encrypted. Answers
 * are typed with the official package.
 */
import type {
  Response as OpenAiResponse,
  ResponseFunctionToolCall,
  ResponseOutputItem,
  ResponseOutputMessage,
  ResponseReasoningItem,
  ResponseStreamEvent,
} from "openai/resources/responses/responses";
import { errorOf, type MockUpstream, type StreamForm, streamed } from "./replies.ts";

/** A whole response, which a stream tells of event by event; or single events. */
export type ResponsesPiece = OpenAiResponse | ResponseStreamEvent;

export const OPENAI_KEY = "sk-invented-0123456789abcdef";
export const ENCRYPTED = "gAAAAA-invented-thoughts";

export const responsesStream: StreamForm<ResponsesPiece> = {
  contentType: "text/event-stream; charset=utf-8",
  encoder: () => {
    let number = 0;
    return (piece) => {
      const events = "object" in piece ? eventsOf(piece) : [piece];
      return Buffer.from(events.map((event) => sse({ ...event, sequence_number: number++ })).join(""));
    };
  },
};

export function startResponsesUpstream(models: readonly string[]): MockUpstream<ResponsesPiece> {
  const left = Promise.withResolvers<void>();
  const server = Bun.serve({
    port: 0,
    idleTimeout: 60,
    fetch: async (request) => {
      const { pathname } = new URL(request.url);
      if (request.headers.get("authorization") !== `Bearer ${OPENAI_KEY}`) return refusal(401, "Incorrect API key");
      if (pathname === "/v1/models") {
        return Response.json({ object: "list", data: models.map((id) => ({ id, object: "model", created: 1 })) });
      }
      if (pathname !== "/v1/responses") return refusal(404, `Invalid URL (POST ${pathname})`);
      const body = (await request.json()) as Record<string, unknown>;
      upstream.seen.push({ path: pathname, headers: request.headers, body });
      const problem = refusalOf(body, models);
      if (problem) return refusal(400, problem);
      const { reply } = upstream;
      if (reply.kind === "error") return errorOf(reply);
      if (body.stream !== true) return Response.json(reply.pieces[0]);
      return streamed(reply, responsesStream, left.resolve);
    },
  });
  const host = `127.0.0.1:${server.port}`;
  const upstream: MockUpstream<ResponsesPiece> = {
    url: `http://${host}/v1`,
    host,
    seen: [],
    left: left.promise,
    reply: { kind: "answer", pieces: [] },
    stop: () => server.stop(true),
  };
  return upstream;
}

function sse(event: ResponseStreamEvent): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

function refusal(status: number, message: string): Response {
  const error = { message, type: "invalid_request_error", param: null, code: null };
  return Response.json({ error }, { status });
}

/** Fields that OpenAI knows; everything else is "Unknown parameter". */
const FIELDS = new Set([
  ...["model", "input", "instructions", "stream", "stream_options", "store", "include", "metadata", "user"],
  ...["temperature", "top_p", "top_logprobs", "max_output_tokens", "max_tool_calls", "tools", "tool_choice"],
  ...["parallel_tool_calls", "text", "reasoning", "service_tier", "prompt_cache_key", "safety_identifier"],
  ...["truncation", "background", "previous_response_id", "context_management", "prompt_cache_retention"],
]);

function refusalOf(body: Record<string, unknown>, models: readonly string[]): string | undefined {
  if (!models.includes(String(body.model))) return `The requested model '${body.model}' does not exist.`;
  const unknown = Object.keys(body).find((name) => !FIELDS.has(name));
  if (unknown) return `Unknown parameter: '${unknown}'.`;
  if (body.store !== false) return "this test's organisation must not store anything";
  if (typeof body.max_output_tokens === "number" && body.max_output_tokens < 16) return "Expected a value >= 16";
  const items = Array.isArray(body.input) ? (body.input as Record<string, unknown>[]) : [];
  for (const [index, item] of items.entries()) {
    if (item.type !== "reasoning") continue;
    if ("format" in item || "signature" in item) return `Unknown parameter: 'input[${index}].format'.`;
    if (item.encrypted_content === undefined) return `Item '${item.id}' not found. Items are not persisted.`;
    if (item.encrypted_content !== ENCRYPTED) return "The encrypted content could not be verified.";
  }
  return undefined;
}

export const REASONING: ResponseReasoningItem = {
  id: "rs_abc",
  type: "reasoning",
  summary: [
    { type: "summary_text", text: "Melihat langit 🌤️ dulu." },
    { type: "summary_text", text: "Lalu menjawab." },
  ],
  encrypted_content: ENCRYPTED,
};
export const MESSAGE: ResponseOutputMessage = {
  id: "msg_abc",
  type: "message",
  role: "assistant",
  status: "completed",
  content: [
    {
      type: "output_text",
      text: "Kabar baik! 🎉",
      annotations: [{ type: "url_citation", url: "https://example.com/a", title: "A", start_index: 0, end_index: 5 }],
      logprobs: [],
    },
  ],
};
export const CALL: ResponseFunctionToolCall = {
  id: "fc_abc",
  type: "function_call",
  call_id: "call_abc",
  name: "weather",
  arguments: '{"city":"Bogor"}',
  status: "completed",
};

/** A whole response with these items, as OpenAI sends it. */
export function responseWith(output: ResponseOutputItem[], more: Partial<OpenAiResponse> = {}): OpenAiResponse {
  const whole: Omit<OpenAiResponse, "output_text"> = {
    id: "resp_abc",
    object: "response",
    created_at: 1_700_000_000,
    status: "completed",
    error: null,
    incomplete_details: null,
    instructions: null,
    metadata: {},
    model: "gpt-5-2025-08-07",
    output,
    parallel_tool_calls: true,
    temperature: 1,
    tool_choice: "auto",
    tools: [],
    top_p: 1,
    service_tier: "default",
    usage: {
      input_tokens: 1000,
      input_tokens_details: { cached_tokens: 200, cache_write_tokens: 0 },
      output_tokens: 2000,
      output_tokens_details: { reasoning_tokens: 500 },
      total_tokens: 3000,
    },
    ...more,
  };
  return whole as OpenAiResponse;
}

/** The events of a stream that ends with `response`. */
export function eventsOf(response: OpenAiResponse): ResponseStreamEvent[] {
  const begun: OpenAiResponse = { ...response, status: "in_progress", output: [] };
  delete begun.usage;
  const sequence_number = 0;
  const last = response.status === "incomplete" ? "response.incomplete" : "response.completed";
  return [
    { type: "response.created", response: begun, sequence_number },
    { type: "response.in_progress", response: begun, sequence_number },
    ...response.output.flatMap((item, output_index) => itemEvents(item, output_index)),
    { type: last, response, sequence_number },
  ];
}

/** Two pieces at least, cut inside of characters of several bytes where there are any. */
function cut(text: string): string[] {
  const points = [...text];
  const half = Math.ceil(points.length / 2);
  return [points.slice(0, half).join(""), points.slice(half).join("")].filter((piece) => piece !== "");
}

function itemEvents(item: ResponseOutputItem, output_index: number): ResponseStreamEvent[] {
  const place = { output_index, sequence_number: 0 };
  const done: ResponseStreamEvent = { type: "response.output_item.done", item, ...place };
  const added = (begun: ResponseOutputItem): ResponseStreamEvent => ({
    type: "response.output_item.added",
    item: begun,
    ...place,
  });
  switch (item.type) {
    case "message": {
      const parts = item.content.flatMap((part, content_index): ResponseStreamEvent[] => {
        const at = { ...place, item_id: item.id, content_index };
        const empty = part.type === "refusal" ? { ...part, refusal: "" } : { ...part, text: "", annotations: [] };
        return [
          { type: "response.content_part.added", part: empty, ...at },
          ...partEvents(part, at),
          { type: "response.content_part.done", part, ...at },
        ];
      });
      return [added({ ...item, status: "in_progress", content: [] }), ...parts, done];
    }
    case "reasoning": {
      const parts = item.summary.flatMap((part, summary_index): ResponseStreamEvent[] => {
        const at = { ...place, item_id: item.id, summary_index };
        return [
          { type: "response.reasoning_summary_part.added", part: { type: "summary_text", text: "" }, ...at },
          ...cut(part.text).map(
            (delta): ResponseStreamEvent => ({ type: "response.reasoning_summary_text.delta", delta, ...at }),
          ),
          { type: "response.reasoning_summary_text.done", text: part.text, ...at },
          { type: "response.reasoning_summary_part.done", part, ...at },
        ];
      });
      return [added({ id: item.id, type: "reasoning", summary: [] }), ...parts, done];
    }
    case "function_call": {
      const at = { ...place, item_id: item.id ?? "" };
      return [
        added({ ...item, arguments: "", status: "in_progress" }),
        ...cut(item.arguments).map(
          (delta): ResponseStreamEvent => ({ type: "response.function_call_arguments.delta", delta, ...at }),
        ),
        { type: "response.function_call_arguments.done", name: item.name, arguments: item.arguments, ...at },
        done,
      ];
    }
    default:
      return [added(item), done];
  }
}

function partEvents(
  part: ResponseOutputMessage["content"][number],
  at: { item_id: string; output_index: number; content_index: number; sequence_number: number },
): ResponseStreamEvent[] {
  if (part.type === "refusal") {
    return [
      ...cut(part.refusal).map((delta): ResponseStreamEvent => ({ type: "response.refusal.delta", delta, ...at })),
      { type: "response.refusal.done", refusal: part.refusal, ...at },
    ];
  }
  return [
    ...cut(part.text).map(
      (delta): ResponseStreamEvent => ({ type: "response.output_text.delta", delta, logprobs: [], ...at }),
    ),
    ...part.annotations.map(
      (annotation, annotation_index): ResponseStreamEvent => ({
        type: "response.output_text.annotation.added",
        annotation,
        annotation_index,
        ...at,
      }),
    ),
    { type: "response.output_text.done", text: part.text, logprobs: [], ...at },
  ];
}
