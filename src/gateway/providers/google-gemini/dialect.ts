/**
 * Gemini's generateContent, as AI Studio and Vertex speak it. No client speaks it here, so that every body is written
 * from the canonical form. A stream has no last word: it ends with its body, after a reason why the answer ended.
 */
import { isJsonObject, type JsonValue } from "../../../kernel/json.ts";
import type { UpstreamDialect } from "../../canonical/dialects.ts";
import type { CanonicalEvent } from "../../canonical/events.ts";
import type { Attempt } from "../adapter.ts";
import { embeddingOperation, type GeminiService, geminiEmbeddings, isGeminiEmbedding } from "./embeddings.ts";
import { GeminiReader } from "./read-answer.ts";
import { type GeminiHost, writeGeminiRequest } from "./write-request.ts";

export function geminiDialect(host: GeminiHost): UpstreamDialect {
  return {
    name: "google-gemini",
    framing: "sse",
    canonical: {
      write: (request, target) => writeGeminiRequest(request, target, host),
      readAnswer,
      reader: () => new GeminiReader(),
    },
  };
}

/** An answer says why it ended, or it is none. */
function readAnswer(answer: JsonValue): CanonicalEvent[] | undefined {
  if (!isJsonObject(answer)) return undefined;
  const events = new GeminiReader().read(answer);
  return events.some(({ kind }) => kind === "finish" || kind === "failure") ? events : undefined;
}

/** Every dialect in which a service of Google's answers. */
export function geminiDialects(
  service: GeminiService,
  provider: string,
): (model: string) => readonly UpstreamDialect[] {
  const content = [geminiDialect({ takesServiceTier: service === "ai-studio" })];
  const vectors = [geminiEmbeddings(service, provider)];
  return (model) => (isGeminiEmbedding(model) ? vectors : content);
}

/** `models/{model}:generateContent` under an address; the name comes from a client and must not lead elsewhere. */
export function geminiUrl(
  models: string,
  { upstreamModel, dialect, streamed }: Attempt,
  service: GeminiService,
): string {
  const content = streamed ? "streamGenerateContent?alt=sse" : "generateContent";
  const operation = dialect === "embeddings" ? embeddingOperation(service, upstreamModel) : content;
  return `${models}/${encodeURIComponent(upstreamModel)}:${operation}`;
}
