/** Canonical parts as Anthropic's content blocks. Throws GapuraError content_unsupported for what Claude cannot take. */
import { isJsonObject, type JsonObject, type JsonValue, parseJson } from "../../../kernel/json.ts";
import type { AssistantPart, CacheMark, ContentPart, MediaSource } from "../../canonical/request.ts";
import { ANTHROPIC_FORMAT } from "../../ingress/anthropic-messages/carried-thoughts.ts";
import { present, unsupportedContent } from "../writing.ts";

/** Who is written for, for messages about what cannot be sent. */
export interface Where {
  provider: string;
  model: string;
}

export function cacheBody(mark: CacheMark | null): JsonValue {
  return mark && present({ type: "ephemeral", ttl: mark.ttl });
}

/** The blocks of what a user or a tool shows; empty texts, which Anthropic refuses, are left out. */
export function contentBlocks(parts: readonly ContentPart[], where: Where): JsonObject[] {
  return parts.flatMap((part) => contentBlock(part, where));
}

export function textBlocks(text: string, cache: CacheMark | null): JsonObject[] {
  return text.trim() === "" ? [] : [present({ type: "text", text, cache_control: cacheBody(cache) })];
}

function contentBlock(part: ContentPart, where: Where): JsonObject[] {
  const cache_control = cacheBody(part.cache);
  switch (part.kind) {
    case "text":
      return textBlocks(part.text, part.cache);
    case "image":
      return [present({ type: "image", source: sourceBody(part.source), cache_control })];
    case "file":
      return [fileBlock(part.source, part.filename, cache_control)];
    case "audio":
    case "video":
      throw unsupportedContent(where, `${part.kind}; send it to a model that takes it`);
  }
}

function sourceBody(source: MediaSource): JsonObject {
  switch (source.kind) {
    case "url":
      return { type: "url", url: source.url };
    case "id":
      return { type: "file", file_id: source.id };
    case "base64":
      return { type: "base64", media_type: source.mediaType, data: source.data };
  }
}

function fileBlock(source: MediaSource, title: string | null, cache_control: JsonValue): JsonObject {
  if (source.kind === "base64" && source.mediaType.startsWith("image/")) {
    return present({ type: "image", source: sourceBody(source), cache_control });
  }
  const isText = source.kind === "base64" && /^(?:text\/|application\/(?:json|xml))/.test(source.mediaType);
  const body: JsonObject = isText
    ? { type: "text", media_type: "text/plain", data: Buffer.from(source.data, "base64").toString("utf8") }
    : sourceBody(source);
  return present({ type: "document", source: body, title, cache_control });
}

/** What the model said before, in its order. Thoughts that Anthropic has not signed cannot be given back to it. */
export function assistantBlocks(parts: readonly AssistantPart[]): JsonObject[] {
  const blocks: JsonObject[] = [];
  let thought = "";
  for (const part of parts) {
    if (part.kind === "reasoning") {
      const { detail } = part;
      if (detail.kind === "encrypted") {
        if (detail.format === ANTHROPIC_FORMAT) blocks.push({ type: "redacted_thinking", data: detail.data });
      } else if (detail.kind === "text" && (detail.format === ANTHROPIC_FORMAT || detail.format === null)) {
        // Clients may give the pieces of a stream back one by one; the signature is on the last.
        thought += detail.text;
        if (detail.signature !== null && detail.signature !== "") {
          blocks.push({ type: "thinking", thinking: thought, signature: detail.signature });
          thought = "";
        }
      }
      continue;
    }
    thought = "";
    blocks.push(...spokenBlocks(part));
  }
  return blocks;
}

function spokenBlocks(part: Exclude<AssistantPart, { kind: "reasoning" }>): JsonObject[] {
  switch (part.kind) {
    case "text":
      return textBlocks(part.text, part.cache);
    case "refusal":
      return textBlocks(part.text, null);
    case "tool-call": {
      const { id, name, cache } = part;
      const input = inputOf(part.arguments);
      return [present({ type: "tool_use", id: toolId(id), name, input, cache_control: cacheBody(cache) })];
    }
    case "image":
      // Claude draws none, and takes none in its own turns.
      return [];
  }
}

/** Arguments as the object that Anthropic wants; what is none is kept as a text in one. */
function inputOf(text: string): JsonObject {
  if (text.trim() === "") return {};
  const parsed = parseJson(text);
  return parsed.ok && isJsonObject(parsed.value) ? parsed.value : { arguments: text };
}

/** Ids of other makers hold characters that Anthropic refuses. The same id always becomes the same one. */
export function toolId(id: string): string {
  return id.replace(/[^\w-]/g, "_") || "_";
}
