/**
 * One request for an answer, in the form between the dialects: every client dialect can be read into it and every
 * provider's dialect written from it. Types only. `null` means that the client did not say.
 *
 * It is rich enough that nothing is lost which both sides can express; what only one dialect knows stays in `extras`
 * under that dialect's own field names, and is written only by the dialect it came from.
 */
import type { JsonObject, JsonValue } from "../../kernel/json.ts";
import type { DialectName } from "./dialects.ts";
import type { ReasoningDetail } from "./events.ts";

/** Where a picture, sound, film or document is. */
export type MediaSource =
  | { kind: "url"; url: string }
  /** `data` is base64. */
  | { kind: "base64"; mediaType: string; data: string }
  /** Uploaded to the provider before. */
  | { kind: "id"; id: string };

/** A breakpoint of the provider's prompt cache: everything up to here may be cached. */
export interface CacheMark {
  ttl: "5m" | "1h" | null;
}

export interface TextPart {
  kind: "text";
  text: string;
  cache: CacheMark | null;
}

/** What a user, or a tool, shows to the model. */
export type ContentPart =
  | TextPart
  | { kind: "image"; source: MediaSource; detail: string | null; cache: CacheMark | null }
  /** `data` is base64; `format` such as "wav". */
  | { kind: "audio"; data: string; format: string; cache: CacheMark | null }
  | { kind: "video"; source: MediaSource; cache: CacheMark | null }
  | { kind: "file"; source: MediaSource; filename: string | null; cache: CacheMark | null };

/** What the model said before, in the order in which it said it. */
export type AssistantPart =
  | TextPart
  | { kind: "refusal"; text: string }
  | { kind: "reasoning"; detail: ReasoningDetail }
  | { kind: "tool-call"; id: string; name: string /** JSON text. */; arguments: string; cache: CacheMark | null }
  | { kind: "image"; source: MediaSource };

export type Message =
  | { role: "system" | "developer"; parts: TextPart[]; name: string | null }
  | { role: "user"; parts: ContentPart[]; name: string | null }
  | { role: "assistant"; parts: AssistantPart[]; name: string | null }
  /** The result of one tool call. */
  | { role: "tool"; toolCallId: string; parts: ContentPart[]; isError: boolean; cache: CacheMark | null };

/** A function that the client runs for the model. */
export interface FunctionTool {
  kind: "function";
  name: string;
  description: string | null;
  /** JSON Schema of the arguments; null for none. */
  parameters: JsonObject | null;
  strict: boolean | null;
  cache: CacheMark | null;
}

/** A tool that the provider runs by itself, as its dialect declares it. Only that dialect can write it. */
export interface NativeTool {
  kind: "native";
  dialect: DialectName;
  declaration: JsonObject;
}

export type Tool = FunctionTool | NativeTool;

export type ToolChoice = { kind: "auto" | "none" | "required" } | { kind: "function"; name: string };

export type ResponseFormat =
  | { kind: "text" }
  | { kind: "json" }
  | { kind: "schema"; name: string; description: string | null; schema: JsonObject; strict: boolean | null }
  /** Grammars and whatever else one dialect alone knows, as it was written. */
  | { kind: "native"; declaration: JsonObject };

export type Effort = "none" | "minimal" | "low" | "medium" | "high" | "xhigh" | "max";

export interface ReasoningWish {
  /** False switches thinking off. */
  enabled: boolean | null;
  effort: Effort | null;
  maxTokens: number | null;
  /** True: the model may think, but the answer shall not hold its thoughts. */
  exclude: boolean | null;
  summary: "auto" | "concise" | "detailed" | null;
}

/** How the next token is chosen. */
export interface Sampling {
  temperature: number | null;
  topP: number | null;
  topK: number | null;
  minP: number | null;
  topA: number | null;
  frequencyPenalty: number | null;
  presencePenalty: number | null;
  repetitionPenalty: number | null;
  seed: number | null;
  logitBias: JsonObject | null;
  logprobs: boolean | null;
  topLogprobs: number | null;
}

export interface CanonicalRequest {
  /** As the client named it. */
  model: string;
  streamed: boolean;
  messages: Message[];
  tools: Tool[];
  toolChoice: ToolChoice | null;
  parallelToolCalls: boolean | null;
  responseFormat: ResponseFormat | null;
  reasoning: ReasoningWish | null;
  sampling: Sampling;
  maxOutputTokens: number | null;
  stop: string[];
  /** Kinds of output wanted: "text", "image", "audio". Empty when the client did not say. */
  modalities: string[];
  /** Voice and format of spoken output. */
  audio: JsonObject | null;
  imageConfig: JsonObject | null;
  /** Text that the answer is expected to resemble. */
  prediction: JsonValue | null;
  verbosity: string | null;
  serviceTier: string | null;
  /** The end user, as the client calls them. */
  user: string | null;
  metadata: JsonObject | null;
  promptCacheKey: string | null;
  /** Asks for an automatic breakpoint at the last block that can be cached. */
  cache: CacheMark | null;
  /** Fields of the client's own dialect that stand nowhere above. */
  extras: JsonObject;
}

export const NO_SAMPLING: Sampling = {
  temperature: null,
  topP: null,
  topK: null,
  minP: null,
  topA: null,
  frequencyPenalty: null,
  presencePenalty: null,
  repetitionPenalty: null,
  seed: null,
  logitBias: null,
  logprobs: null,
  topLogprobs: null,
};
