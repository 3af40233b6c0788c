/**
 * An answer in the form between the dialects: a sequence of events, for streams and whole answers alike. A provider's
 * dialect is read into events; a client's dialect is written from them. Types only.
 *
 * Order: `start` first; parts as they come; `usage` whenever it is known (the last one counts); `finish` once; `end`
 * last. Text of one part comes in any number of events that follow each other; a part ends where an event of another
 * kind begins, or at its `signature`.
 */
import type { JsonObject, JsonValue } from "../../kernel/json.ts";
import type { TokenUsage } from "./usage.ts";

export type FinishReason = "stop" | "length" | "tool_calls" | "content_filter" | "error";

/**
 * A thought. `format` names who can read it back ("anthropic-claude-v1", "openai-responses-v1", "google-gemini-v1"), null when
 * nobody said. In events `text` and `summary` are the next piece of it; a signature comes alone, with empty text, or
 * with the last piece.
 */
export type ReasoningDetail =
  | { kind: "text"; text: string; signature: string | null; id: string | null; format: string | null }
  | { kind: "summary"; summary: string; id: string | null; format: string | null }
  /** What only the provider can read and must be given back unchanged. For Gemini, `id` is that of a tool call. */
  | { kind: "encrypted"; data: string; id: string | null; format: string | null };

export interface Citation {
  url: string;
  title: string | null;
  content: string | null;
  startIndex: number | null;
  endIndex: number | null;
}

export type CanonicalEvent =
  | { kind: "start"; upstreamId: string | null; createdSeconds: number | null; fingerprint: string | null }
  | { kind: "text"; text: string }
  | { kind: "refusal"; text: string }
  | { kind: "reasoning"; detail: ReasoningDetail }
  /** A call begins. `index` counts the calls of the answer from 0. */
  | { kind: "tool-call"; index: number; id: string; name: string }
  /** The next piece of the arguments, JSON text. */
  | { kind: "tool-arguments"; index: number; text: string }
  /** `data` is base64. */
  | { kind: "image"; mediaType: string; data: string }
  /** The next piece of spoken output, in the OpenAI dialect's own fields (id, data, transcript, expires_at). */
  | { kind: "audio"; audio: JsonObject }
  | { kind: "citation"; citation: Citation }
  /** In the OpenAI dialect's own form: {content: [...], refusal: …}. */
  | { kind: "logprobs"; logprobs: JsonValue }
  | { kind: "service-tier"; tier: string }
  | { kind: "usage"; usage: TokenUsage }
  /** `stopSequence` is the one that was met, where the provider says which. */
  | { kind: "finish"; reason: FinishReason; native: string | null; stopSequence: string | null }
  /** The provider says that it failed. `status` is its own, 502 when it gives none. */
  | { kind: "failure"; status: number; message: string }
  | { kind: "end" };
