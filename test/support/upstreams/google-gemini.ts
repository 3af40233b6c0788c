/**
 * Gemini over real HTTP, as AI Studio has it under `/v1beta` and Vertex under `/v1`; for the latter it also gives out
 * access tokens. Shapes are those of Google's own client.
 */
import type { ContentEmbedding, EmbedContentResponse, GenerateContentResponse, Model } from "@google/genai";
import { geminiEmbeddingRefusal, geminiRefusal } from "./gemini-rules.ts";
import { errorOf, type MockUpstream, type StreamForm, sseData, streamed } from "./replies.ts";

export type GeminiPiece =
  | Partial<GenerateContentResponse>
  | { error: { code: number; message: string } }
  | GeminiVectors;

/** The answers of the three operations that make vectors, the last two of them Vertex's. */
export type GeminiVectors =
  | Pick<EmbedContentResponse, "embeddings" | "usageMetadata">
  | { embedding: Pick<ContentEmbedding, "values">; usageMetadata?: EmbedContentResponse["usageMetadata"] }
  | { predictions: { embeddings: { values: number[]; statistics?: { token_count: number; truncated: boolean } } }[] };

export interface GeminiUpstream extends MockUpstream<GeminiPiece> {
  /** The statements for which tokens were given out. */
  statements: string[];
  /** The key, or the token, that is accepted. */
  secret: string;
}

const PAGE = 2;

export const geminiStream: StreamForm<GeminiPiece> = {
  contentType: "text/event-stream",
  encoder: () => (piece) => sseData(piece, "\r\n"),
};

/** Lists `models` two on a page. Refuses other keys and tokens than `secret`. */
export function startGeminiUpstream(models: readonly Model[], secret = "AIza-invented-0123456789"): GeminiUpstream {
  const left = Promise.withResolvers<void>();
  const server = Bun.serve({
    port: 0,
    idleTimeout: 60,
    fetch: async (request) => {
      const { pathname, searchParams } = new URL(request.url);
      if (pathname === "/token") {
        upstream.statements.push(new URLSearchParams(await request.text()).get("assertion") ?? "");
        return Response.json({ access_token: upstream.secret, expires_in: 3_600, token_type: "Bearer" });
      }
      const shown =
        request.headers.get("x-goog-api-key") ?? request.headers.get("authorization")?.replace("Bearer ", "");
      if (shown !== upstream.secret) return wrongKey(request.headers.has("x-goog-api-key"));
      if (request.method === "GET") return listed(pathname, searchParams, models);
      const body = (await request.json()) as Record<string, unknown>;
      upstream.seen.push({ path: pathname, headers: request.headers, body });
      const [, model = "", operation = ""] = /([^/]+):(\w+)$/.exec(decodeURIComponent(pathname)) ?? [];
      const problem = /embed|predict/i.test(operation)
        ? geminiEmbeddingRefusal(operation, model, body)
        : geminiRefusal(body);
      if (problem) return refusal(400, "INVALID_ARGUMENT", problem);
      const { reply } = upstream;
      if (reply.kind === "error") return errorOf(reply);
      if (!pathname.endsWith(":streamGenerateContent")) return Response.json(reply.pieces[0]);
      return streamed(reply, geminiStream, left.resolve);
    },
  });
  const host = `127.0.0.1:${server.port}`;
  const upstream: GeminiUpstream = {
    url: `http://${host}/v1beta`,
    host,
    seen: [],
    statements: [],
    secret,
    left: left.promise,
    reply: { kind: "answer", pieces: [] },
    stop: () => server.stop(true),
  };
  return upstream;
}

function listed(path: string, query: URLSearchParams, models: readonly Model[]): Response {
  if (path.includes("/publishers/")) return Response.json({ publisherModels: models.map(({ name }) => ({ name })) });
  const from = Number(query.get("pageToken") ?? 0);
  const more = from + PAGE < models.length ? { nextPageToken: String(from + PAGE) } : {};
  const page = models.slice(from, from + PAGE);
  const entries = page.map((model) => ({ supportedGenerationMethods: ["generateContent"], ...model }));
  return Response.json({ models: entries, ...more });
}

function refusal(code: number, status: string, message: string): Response {
  return Response.json({ error: { code, message, status } }, { status: code });
}

/** AI Studio calls a wrong key a bad request; Vertex says 401. */
function wrongKey(isStudio: boolean): Response {
  const details = [{ "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "API_KEY_INVALID" }];
  if (!isStudio) return refusal(401, "UNAUTHENTICATED", "No.");
  const error = { code: 400, message: "API key not valid.", status: "INVALID_ARGUMENT", details };
  return Response.json({ error }, { status: 400 });
}
