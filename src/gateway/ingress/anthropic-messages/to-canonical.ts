/** A Messages request in the canonical form, for providers that speak another dialect. Throws GapuraError invalid_field. */
import { createHash } from "node:crypto";
import type { ClientRequest } from "../../canonical/dialects.ts";
import {
  type CanonicalRequest,
  type Effort,
  type Message,
  NO_SAMPLING,
  type ReasoningWish,
  type ResponseFormat,
  type TextPart,
  type Tool,
  type ToolChoice,
} from "../../canonical/request.ts";

import { Fields } from "../fields.ts";
import { readCacheMark } from "../openai-chat/content.ts";
import { blocksOf, readAssistantBlock, readUserMessages } from "./content.ts";

const EFFORTS = ["low", "medium", "high", "xhigh", "max"] as const satisfies readonly Effort[];
/** Servers of other dialects refuse longer names of users; Claude Code's are about 150 characters long. */
const MAX_USER = 64;

/** What is read here or steers the gateway; everything else is an extra. */
const KNOWN: ReadonlySet<string> = new Set([
  ...["model", "models", "fallbacks", "messages", "system", "max_tokens", "stream", "provider", "plugins", "route"],
  ...["session_id", "trace", "debug", "preset", "transforms", "usage", "sandbox", "user", "metadata", "tools"],
  ...["tool_choice", "thinking", "output_config", "temperature", "top_p", "top_k", "stop_sequences", "service_tier"],
  "cache_control",
]);

export function messagesToCanonical(request: ClientRequest): CanonicalRequest {
  const fields = new Fields(request.body.value);
  const choice = fields.child("tool_choice");
  return {
    model: request.models[0] ?? "",
    streamed: request.streamed,
    messages: [...readSystem(fields), ...fields.children("messages").flatMap(readMessage)],
    tools: fields.children("tools").map(readTool),
    toolChoice: choice && readToolChoice(choice),
    parallelToolCalls: choice?.flag("disable_parallel_tool_use") === true ? false : null,
    responseFormat: readFormat(fields.child("output_config")),
    reasoning: readThinking(fields),
    sampling: {
      ...NO_SAMPLING,
      temperature: fields.number("temperature"),
      topP: fields.number("top_p"),
      topK: fields.whole("top_k"),
    },
    maxOutputTokens: fields.whole("max_tokens", 1),
    stop: fields.texts("stop_sequences"),
    modalities: [],
    audio: null,
    imageConfig: null,
    prediction: null,
    verbosity: null,
    serviceTier: readTier(fields),
    user: shortName(fields.text("user") ?? fields.child("metadata")?.text("user_id") ?? null),
    metadata: null,
    promptCacheKey: null,
    cache: readCacheMark(fields),
    extras: fields.others(KNOWN),
  };
}

function readSystem(fields: Fields): Message[] {
  const parts = textParts(blocksOf(fields, "system"));
  return parts.length === 0 ? [] : [{ role: "system", parts, name: null }];
}

function textParts(blocks: Fields[]): TextPart[] {
  return blocks
    .map((block): TextPart => ({ kind: "text", text: block.requiredText("text"), cache: readCacheMark(block) }))
    .filter(({ text }) => text !== "");
}

function readMessage(fields: Fields): Message[] {
  const role = fields.text("role");
  if (role === "user") return readUserMessages(fields);
  if (role === "system") return [{ role, parts: textParts(blocksOf(fields)), name: null }];
  return [{ role: "assistant", parts: blocksOf(fields).flatMap(readAssistantBlock), name: null }];
}

function readTool(fields: Fields): Tool {
  const type = fields.text("type") ?? "custom";
  if (type !== "custom") return { kind: "native", dialect: "anthropic-messages", declaration: fields.object };
  return {
    kind: "function",
    name: fields.requiredText("name"),
    description: fields.text("description"),
    parameters: fields.record("input_schema"),
    strict: fields.flag("strict"),
    cache: readCacheMark(fields),
  };
}

function readToolChoice(fields: Fields): ToolChoice {
  switch (fields.text("type")) {
    case "auto":
      return { kind: "auto" };
    case "any":
      return { kind: "required" };
    case "none":
      return { kind: "none" };
    case "tool":
      return { kind: "function", name: fields.requiredText("name") };
    default:
      throw fields.wrong("type", "must be one of auto, any, tool, none");
  }
}

/** Not strict: Anthropic's schemas may have optional fields, which a strict one of OpenAI's may not. */
function readFormat(config: Fields | null): ResponseFormat | null {
  const format = config?.child("format") ?? null;
  if (format === null) return null;
  if (format.text("type") !== "json_schema") throw format.wrong("type", "must be json_schema");
  return { kind: "schema", name: "output", description: null, schema: format.record("schema") ?? {}, strict: null };
}

function readThinking(fields: Fields): ReasoningWish | null {
  const thinking = fields.child("thinking");
  const effort = fields.child("output_config")?.word("effort", EFFORTS) ?? null;
  if (thinking === null && effort === null) return null;
  const wish: ReasoningWish = { enabled: null, effort, maxTokens: null, exclude: null, summary: null };
  if (thinking === null) return wish;
  if (thinking.text("display") === "omitted") wish.exclude = true;
  switch (thinking.text("type")) {
    case "enabled":
      // A budget and an effort are alternatives everywhere else, and the budget is the exacter one.
      return { ...wish, enabled: true, effort: null, maxTokens: thinking.whole("budget_tokens", 1) };
    case "adaptive":
      return { ...wish, enabled: true };
    case "disabled":
    case "between_tools":
      return { ...wish, enabled: false, effort: null };
    default:
      throw thinking.wrong("type", "must be one of enabled, adaptive, disabled, between_tools");
  }
}

function readTier(fields: Fields): string | null {
  const tier = fields.text("service_tier");
  return tier === "standard_only" ? "default" : tier;
}

/** A name that is too long for others is replaced by its fingerprint, so that it stays the same and tells nobody. */
function shortName(user: string | null): string | null {
  if (user === null || user.length <= MAX_USER) return user;
  return createHash("sha256").update(user).digest("hex");
}
