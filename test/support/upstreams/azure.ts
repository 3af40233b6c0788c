/**
 * Azure OpenAI over real HTTP: the v1 API, and the older one with deployments in its path. A stream begins with the
 * results of filtering the prompt, as Azure's do. Shapes are those of OpenAI's own client, with Azure's additions.
 */
import type { ChatCompletion, ChatCompletionChunk } from "openai/resources/chat/completions";
import type { CreateEmbeddingResponse } from "openai/resources/embeddings";
import { chatRefusal } from "./openai-chat.ts";
import { errorOf, type MockUpstream, type StreamForm, sseData, streamed } from "./replies.ts";

export type AzurePiece =
  | ChatCompletion
  | ChatCompletionChunk
  | CreateEmbeddingResponse
  | { error: { code: string; message: string } };

const filtered = { hate: { filtered: false, severity: "safe" } };
const PROMPT_RESULTS = {
  id: "",
  object: "",
  created: 0,
  model: "",
  choices: [],
  prompt_filter_results: [{ prompt_index: 0, content_filter_results: filtered }],
};

export const azureStream: StreamForm<AzurePiece> = {
  contentType: "text/event-stream",
  encoder: () => {
    let isFirst = true;
    return (piece) => {
      const before = isFirst ? sseData(PROMPT_RESULTS) : Buffer.alloc(0);
      isFirst = false;
      return Buffer.concat([before, sseData(piece)]);
    };
  },
  last: "data: [DONE]\n\n",
};

/** Refuses other keys than `key`; lists `models` with what they can do. */
export function startAzureUpstream(models: readonly object[], key: string): MockUpstream<AzurePiece> {
  const left = Promise.withResolvers<void>();
  const server = Bun.serve({
    port: 0,
    idleTimeout: 60,
    fetch: async (request) => {
      const { pathname, search } = new URL(request.url);
      if (request.headers.get("api-key") !== key || request.headers.has("authorization")) {
        return Response.json({ error: { code: "401", message: "Access denied due to invalid key." } }, { status: 401 });
      }
      if (pathname.endsWith("/models")) return Response.json({ object: "list", data: models });
      const body = (await request.json()) as Record<string, unknown>;
      upstream.seen.push({ path: pathname + search, headers: request.headers, body });
      const problem = /\/(?:responses|embeddings)$/.test(pathname) ? null : chatRefusal(body);
      if (problem) return Response.json({ error: { code: "400", message: problem } }, { status: 400 });
      const { reply } = upstream;
      if (reply.kind === "error") return errorOf(reply);
      if (body.stream !== true) return Response.json(reply.pieces[0]);
      return streamed(reply, azureStream, left.resolve);
    },
  });
  const host = `127.0.0.1:${server.port}`;
  const upstream: MockUpstream<AzurePiece> = {
    url: `http://${host}`,
    host,
    seen: [],
    left: left.promise,
    reply: { kind: "answer", pieces: [] },
    stop: () => server.stop(true),
  };
  return upstream;
}
