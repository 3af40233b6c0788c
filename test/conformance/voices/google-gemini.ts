/** Google's generateContent: calls come whole, their seal on the first of them, and an error names its wait in details. */
import type { FinishReason, GenerateContentResponse, Part } from "@google/genai";
import { type GeminiPiece, geminiStream } from "../../support/upstreams/google-gemini.ts";
import { pieces, type Told, type Voice } from "../told.ts";

type Answer = Partial<GenerateContentResponse>;

const SEAL = "c2VhbC1vZi1nb29nbGU=";
const ENDINGS = { stop: "STOP", tool_calls: "STOP", length: "MAX_TOKENS", content_filter: "SAFETY" } as const;
const STATUSES: Readonly<Record<number, string>> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  429: "RESOURCE_EXHAUSTED",
  500: "INTERNAL",
  503: "UNAVAILABLE",
};

function callParts(told: Told): Part[] {
  return told.calls.map(({ id, name, input }, index): Part => {
    const seal = index === 0 && told.thoughts ? { thoughtSignature: SEAL } : {};
    return { functionCall: { id, name, args: input }, ...seal };
  });
}

function pictureParts({ picture }: Told): Part[] {
  return picture ? [{ inlineData: { mimeType: picture.mediaType, data: picture.data } }] : [];
}

function answer(parts: Part[], finishReason?: string): Answer {
  const reason = finishReason === undefined ? {} : { finishReason: finishReason as FinishReason };
  const candidates = [{ index: 0, content: { role: "model", parts }, ...reason }];
  return { responseId: "resp_abc", modelVersion: "gemini-upstream", candidates };
}

function usageOf({ usage }: Told): Answer {
  if (usage === null) return {};
  return {
    usageMetadata: {
      promptTokenCount: usage.prompt,
      cachedContentTokenCount: usage.cached,
      candidatesTokenCount: usage.completion - usage.reasoning,
      thoughtsTokenCount: usage.reasoning,
      totalTokenCount: usage.prompt + usage.completion,
    },
  };
}

function sealedText(told: Told): Part[] {
  if (told.text === "") return [];
  const seal = told.thoughts && told.calls.length === 0 ? { thoughtSignature: SEAL } : {};
  return [{ text: told.text, ...seal }];
}

export const geminiVoice: Voice<GeminiPiece> = {
  form: geminiStream,
  whole: (told) => {
    const thoughts: Part[] = told.thoughts ? [{ text: told.thoughts, thought: true }] : [];
    const parts = [...thoughts, ...sealedText(told), ...pictureParts(told), ...callParts(told)];
    return { ...answer(parts, ENDINGS[told.ending]), ...usageOf(told) };
  },
  stream: (told) => {
    const seal = told.thoughts && told.calls.length === 0 ? { thoughtSignature: SEAL } : {};
    return [
      ...pieces(told.thoughts).map((text) => answer([{ text, thought: true }])),
      ...pieces(told.text).map((text) => answer([{ text }])),
      ...pictureParts(told).map((part) => answer([part])),
      ...callParts(told).map((part) => answer([part])),
      { ...answer([{ text: "", ...seal }], ENDINGS[told.ending]), ...usageOf(told) },
    ];
  },
  failure: (message) => ({ error: { code: 503, message, status: "UNAVAILABLE" } }),
  refusal: (message, status) => {
    const wait = { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "7s" };
    const key = { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "NONE" };
    const error = { code: status, message, status: STATUSES[status] ?? "UNKNOWN", details: [key, wait] };
    return { body: [{ error }] };
  },
  unknown: { sparkleMetadata: { sparkles: 3 } } as unknown as GeminiPiece,
  seal: SEAL,
  cannot: ["refusal"],
};
