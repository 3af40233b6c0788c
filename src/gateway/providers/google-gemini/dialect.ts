/**
 * Gemini's generateContent, as AI Studio and Vertex speak it. No client speaks it here, so that every body is written
 * from the canonical form. A stream has no last word: it ends with its body, after a reason why the answer ended.
 */
import { isJsonObject, type JsonValue } from "../../../kernel/json.ts";
import type { UpstreamDialect } from "../../canonical/dialects.ts";
import type { CanonicalEvent } from "../../canonical/events.ts";
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

/** `models/{model}:generateContent` under an address; the name comes from a client and must not lead elsewhere. */
export function geminiUrl(models: string, { model, streamed }: { model: string; streamed: boolean }): string {
  const operation = streamed ? "streamGenerateContent?alt=sse" : "generateContent";
  return `${models}/${encodeURIComponent(model)}:${operation}`;
}
