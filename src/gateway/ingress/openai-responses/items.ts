/**
 * The items of a Responses request as messages. What an assistant thought, said and called in a row becomes one message
 * with its parts in that order; what only the provider that ran a tool can read is left out and named.
 */
import type { ReasoningDetail } from "../../canonical/events.ts";
import type { AssistantPart, Message } from "../../canonical/request.ts";
import type { Fields } from "../fields.ts";
import { readContent } from "./content.ts";
import { isSealed, OWN_FORMAT, openThought } from "./sealed-thoughts.ts";
import { customArguments, flatName } from "./tools.ts";

/** Records of tools that OpenAI's servers or one client's own protocol ran, and marks that only they understand. */
const PRIVATE_ITEMS =
  /^(?:(?:web_search|file_search|computer|code_interpreter|local_shell|shell|apply_patch|mcp|tool_search)_\w+|compaction\w*|context_compaction|additional_tools|agent_message|program\w*|openrouter:[\w-]+)$/;

export interface ReadItems {
  messages: Message[];
  /** Kinds of items that were left out. */
  leftOut: string[];
}

/** Throws GapuraError invalid_field. */
export function readItems(body: Fields): ReadItems {
  const { input } = body.object;
  if (typeof input === "string") {
    return { messages: [{ role: "user", name: null, parts: readContent(body, "input") }], leftOut: [] };
  }
  const messages: Message[] = [];
  const leftOut = new Set<string>();
  const say = (parts: readonly AssistantPart[]) => {
    const last = messages.at(-1);
    if (last?.role === "assistant") last.parts.push(...parts);
    else messages.push({ role: "assistant", name: null, parts: [...parts] });
  };
  for (const item of body.children("input")) {
    const type = item.text("type") ?? "message";
    const said = readSaid(item, type);
    if (said) say(said);
    else if (type === "message") messages.push(readMessage(item));
    else if (type === "function_call_output" || type === "custom_tool_call_output") messages.push(readOutput(item));
    else if (PRIVATE_ITEMS.test(type)) leftOut.add(type);
    else throw unknownItem(item, type);
  }
  return { messages, leftOut: [...leftOut] };
}

function unknownItem(item: Fields, type: string) {
  if (type === "item_reference") {
    return item.wrong("type", "is item_reference, but nothing is stored here; send the item itself");
  }
  return item.wrong(
    "type",
    "must be one of message, function_call, function_call_output, custom_tool_call, custom_tool_call_output, reasoning",
  );
}

/** What the assistant said with an item; undefined for items of others. */
function readSaid(item: Fields, type: string): AssistantPart[] | undefined {
  switch (type) {
    case "message":
      return item.text("role") === "assistant" ? readAnswerParts(item) : undefined;
    case "reasoning":
      return readThoughts(item).map((detail) => ({ kind: "reasoning", detail }));
    case "function_call":
      return [{ ...callOf(item), arguments: item.text("arguments") ?? "" }];
    case "custom_tool_call":
      return [{ ...callOf(item), arguments: customArguments(item.text("input") ?? "") }];
    case "image_generation_call": {
      const data = item.text("result");
      return data === null ? [] : [{ kind: "image", source: { kind: "base64", mediaType: imageType(data), data } }];
    }
    default:
      return undefined;
  }
}

function callOf(item: Fields) {
  const name = flatName(item.text("namespace"), item.requiredText("name"));
  return { kind: "tool-call" as const, id: item.requiredText("call_id"), name, cache: null };
}

/** By the first bytes, as base64 shows them. */
function imageType(base64: string): string {
  if (base64.startsWith("/9j/")) return "image/jpeg";
  return base64.startsWith("UklGR") ? "image/webp" : "image/png";
}

function readMessage(item: Fields): Message {
  const role = item.text("role");
  const parts = readContent(item, "content");
  if (role === "user") return { role, name: null, parts };
  if (role !== "system" && role !== "developer") {
    throw item.wrong("role", "must be one of user, assistant, system, developer");
  }
  const texts = parts.filter((part) => part.kind === "text");
  if (texts.length < parts.length) throw item.wrong("content", "must be text in a message of this role");
  return { role, name: null, parts: texts };
}

function readAnswerParts(item: Fields): AssistantPart[] {
  if (!Array.isArray(item.object.content)) {
    return readContent(item, "content").filter((part) => part.kind === "text");
  }
  return item.children("content").map((part): AssistantPart => {
    if (part.text("type") === "refusal") return { kind: "refusal", text: part.requiredText("refusal") };
    return { kind: "text", text: part.requiredText("text"), cache: null };
  });
}

function readOutput(item: Fields): Message {
  return {
    role: "tool",
    toolCallId: item.requiredText("call_id"),
    parts: readContent(item, "output"),
    isError: item.text("status") === "failed",
    cache: null,
  };
}

/** The thoughts of one reasoning item, with what its provider wants back. */
function readThoughts(item: Fields): ReasoningDetail[] {
  const encrypted = item.text("encrypted_content");
  const sealed = encrypted === null ? undefined : openThought(encrypted);
  const isDamaged = !sealed && encrypted !== null && isSealed(encrypted);
  const format = sealed ? sealed.format : (item.text("format") ?? (encrypted === null ? null : OWN_FORMAT));
  const id = item.text("id");
  const texts = item.children("content").map((part) => part.requiredText("text"));
  const summaries = item.children("summary").map((part) => part.requiredText("text"));
  const details: ReasoningDetail[] = [];
  if (summaries.length > 0) details.push({ kind: "summary", summary: summaries.join("\n\n"), id, format });
  if (texts.length > 0) {
    const signature = sealed ? sealed.signature : item.text("signature");
    details.push({ kind: "text", text: texts.join(""), signature, id: sealed ? sealed.id : id, format });
  }
  const data = sealed ? sealed.data : isDamaged ? null : encrypted;
  if (data !== null) details.push({ kind: "encrypted", data, id: sealed ? sealed.id : id, format });
  return details;
}
