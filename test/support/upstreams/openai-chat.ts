/**
 * OpenAI's chat completions over real HTTP, as strict as the real one where the gateway could break something: it
 * refuses fields that it does not know, calls without results, and a choice among no tools. Typed with the official
 * package.
 */
import type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionMessageParam,
} from "openai/resources/chat/completions";
import { errorOf, type MockUpstream, type StreamForm, sseData, streamed } from "./replies.ts";

/** A whole completion; or the chunks of a streamed one, and how one tells of a failure. */
export type ChatPiece = ChatCompletion | ChatCompletionChunk | { error: { code: number; message: string } };

export const OPENAI_CHAT_KEY = "sk-invented-chat-0123456789";

const FIELDS = new Set([
  ...["model", "messages", "stream", "stream_options", "temperature", "top_p", "max_completion_tokens", "max_tokens"],
  ...["stop", "tools", "tool_choice", "parallel_tool_calls", "response_format", "reasoning_effort", "user", "seed"],
  ...["service_tier", "metadata", "n", "logprobs", "top_logprobs", "logit_bias", "frequency_penalty", "verbosity"],
  ...["presence_penalty", "modalities", "audio", "prediction", "prompt_cache_key", "store"],
]);
const MAX_USER = 64;

export const chatStream: StreamForm<ChatPiece> = {
  contentType: "text/event-stream; charset=utf-8",
  encoder: () => (piece) => sseData(piece),
  last: "data: [DONE]\n\n",
};

export function startChatUpstream(models: readonly string[]): MockUpstream<ChatPiece> {
  const left = Promise.withResolvers<void>();
  const server = Bun.serve({
    port: 0,
    idleTimeout: 60,
    fetch: async (request) => {
      const { pathname } = new URL(request.url);
      if (request.headers.get("authorization") !== `Bearer ${OPENAI_CHAT_KEY}`)
        return refusal(401, "Incorrect API key");
      if (pathname === "/v1/models") {
        return Response.json({ object: "list", data: models.map((id) => ({ id, object: "model", created: 1 })) });
      }
      const body = (await request.json()) as Record<string, unknown>;
      upstream.seen.push({ path: pathname, headers: request.headers, body });
      const problem = chatRefusal(body);
      if (problem) return refusal(400, problem);
      const { reply } = upstream;
      if (reply.kind === "error") return errorOf(reply);
      if (body.stream !== true) return Response.json(reply.pieces[0]);
      return streamed(reply, chatStream, left.resolve);
    },
  });
  const host = `127.0.0.1:${server.port}`;
  const upstream: MockUpstream<ChatPiece> = {
    url: `http://${host}/v1`,
    host,
    seen: [],
    left: left.promise,
    reply: { kind: "error", status: 500, body: { error: { message: "the test has said nothing" } } },
    stop: () => server.stop(true),
  };
  return upstream;
}

function refusal(status: number, message: string): Response {
  return Response.json({ error: { message, type: "invalid_request_error", param: null, code: null } }, { status });
}

/** The sentence of the refusal, null for a body that is taken. */
export function chatRefusal(body: Record<string, unknown>): string | null {
  const unknown = Object.keys(body).find((name) => !FIELDS.has(name));
  if (unknown !== undefined) return `Unrecognized request argument supplied: ${unknown}`;
  if (typeof body.user === "string" && body.user.length > MAX_USER) return "Invalid 'user': string too long.";
  if (body.tool_choice !== undefined && body.tools === undefined) return "'tool_choice' is only allowed with 'tools'.";
  for (const tool of (body.tools ?? []) as { type: string }[]) {
    if (tool.type !== "function" && tool.type !== "custom") return `Invalid value: '${tool.type}'.`;
  }
  let open: string[] = [];
  for (const message of body.messages as ChatCompletionMessageParam[]) {
    if (message.role === "tool") {
      if (!open.includes(message.tool_call_id)) return "messages with role 'tool' must follow their 'tool_calls'";
      open = open.filter((id) => id !== message.tool_call_id);
      continue;
    }
    if (open.length > 0) return `tool_call_ids did not have response messages: ${open.join(", ")}`;
    if (message.role === "assistant") open = (message.tool_calls ?? []).map(({ id }) => id);
  }
  return null;
}

/** One chunk of a streamed completion. */
export function chatChunk(
  delta: ChatCompletionChunk.Choice.Delta & Record<string, unknown>,
  more: object = {},
): ChatCompletionChunk {
  const choice = { index: 0, delta, finish_reason: null, ...more };
  return { id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "m", choices: [choice] };
}
