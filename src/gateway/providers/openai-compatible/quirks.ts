/** How one server's chat dialect differs from the ordinary one, as data. */
import type { JsonObject, JsonValue } from "../../../kernel/json.ts";

/** What a request says about thinking, from `reasoning`, `reasoning_effort` and `include_reasoning` together. */
export interface ThinkingWish {
  /** False where thinking is switched off, by an effort of "none" too. */
  enabled: boolean | null;
  effort: string | null;
  maxTokens: number | null;
}

export type ThoughtsBack =
  | "reasoning_details"
  | "reasoning_content"
  | "reasoning"
  | "thinking-part"
  | "think-tags"
  | "nothing";

export interface ChatQuirks {
  /** Top-level fields that it rejects; they are taken out and reported as dropped. */
  rejects: readonly string[];
  /** More of them, where that depends on the model or on what else is asked. */
  rejectsFor?(body: JsonObject, upstreamModel: string): readonly string[];
  /** False for a body that it answers only in another dialect. */
  takes?(body: JsonObject): boolean;
  /** Fields that it knows by another name: from OpenRouter's to its own. */
  renames: Readonly<Record<string, string>>;
  /**
   * How thinking is asked for: OpenRouter's `reasoning` object, OpenAI's `reasoning_effort`, not at all, or with fields of
   * its own, made from the wish and the vendor's name of the model. What it makes of no wish is asked for always.
   */
  asksReasoning:
    | "reasoning"
    | "reasoning_effort"
    | "nothing"
    | ((wish: ThinkingWish, upstreamModel: string) => JsonObject);
  /** How former thoughts are given back, whatever the client called them: in which field, in the content, or not. */
  returnsReasoning: ThoughtsBack | ((upstreamModel: string) => ThoughtsBack);
  /** True where its documentation says that thoughts stand at the beginning of the content, between `<think>` tags. */
  thinksInContent?: boolean;
  /** True where a message with tool calls is refused when it comes back without any thoughts. */
  missesThoughts?: boolean;
  /** False where `stream_options` is rejected (usage comes by itself, or not at all). */
  takesStreamOptions: boolean;
  /** The role of the system's message in bodies written anew. */
  systemRole: "system" | "developer";
  /** Messages as this server takes them; the same list where nothing must change. Bodies that pass through, too. */
  rewriteMessages?(messages: readonly JsonValue[]): readonly JsonValue[];
  /** Makes an answer or a chunk ordinary where data cannot say how; may change it in place. */
  readAnswer?(answer: JsonObject): JsonObject;
}

/** A plain server: takes everything, and asks for nothing special. */
export const PLAIN: ChatQuirks = {
  rejects: [],
  renames: {},
  asksReasoning: "reasoning_effort",
  returnsReasoning: "reasoning_content",
  takesStreamOptions: true,
  systemRole: "system",
};

/**
 * Fields of OpenRouter's API that steer the gateway and mean nothing to a plain OpenAI-dialect server; many servers
 * reject what they do not know. Taking them out loses nothing, so they are not reported as dropped.
 */
export const GATEWAY_FIELDS: readonly string[] = [
  "provider",
  "models",
  "route",
  "plugins",
  "transforms",
  "preset",
  "session_id",
  "trace",
  "debug",
  "usage",
  "sandbox",
];
