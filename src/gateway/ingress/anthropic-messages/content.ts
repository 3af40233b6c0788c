/** Anthropic's content blocks as canonical parts. Throws GapuraError invalid_field. */
import type { JsonObject } from "../../../kernel/json.ts";
import type { AssistantPart, ContentPart, MediaSource, Message } from "../../canonical/request.ts";
import { Fields } from "../fields.ts";
import { readCacheMark } from "../openai-chat/content.ts";
import { redactedThoughtOf, thoughtOf } from "./carried-thoughts.ts";

/** The blocks of a content that may be a plain text. */
export function blocksOf(fields: Fields, name = "content"): Fields[] {
  const content = fields.object[name];
  if (typeof content !== "string") return fields.children(name);
  const block: JsonObject = { type: "text", text: content };
  return content === "" ? [] : [new Fields(block, fields.path(name))];
}

/** One user message: the results of tools become messages of their own, in the order in which they stand. */
export function readUserMessages(fields: Fields): Message[] {
  const messages: Message[] = [];
  let parts: ContentPart[] = [];
  const flush = () => {
    if (parts.length > 0) messages.push({ role: "user", parts, name: null });
    parts = [];
  };
  for (const block of blocksOf(fields)) {
    if (block.text("type") === "tool_result") {
      flush();
      messages.push(readToolResult(block));
    } else parts.push(...readUserBlock(block));
  }
  flush();
  return messages;
}

function readToolResult(block: Fields): Message {
  return {
    role: "tool",
    toolCallId: block.requiredText("tool_use_id"),
    parts: blocksOf(block).flatMap(readUserBlock),
    isError: block.flag("is_error") === true,
    cache: readCacheMark(block),
  };
}

/** What a user or a tool shows. Blocks that only Anthropic's servers understand are left out. */
function readUserBlock(block: Fields): ContentPart[] {
  const cache = readCacheMark(block);
  switch (block.text("type")) {
    case "text":
      return [{ kind: "text", text: block.requiredText("text"), cache }];
    case "image":
      return [{ kind: "image", source: readSource(sourceOf(block)), detail: null, cache }];
    case "document":
      return readDocument(block).map((part, index, all) => (index === all.length - 1 ? { ...part, cache } : part));
    case "search_result": {
      const found = blocksOf(block).map((text) => text.requiredText("text"));
      const text = [block.requiredText("title"), block.requiredText("source"), ...found].join("\n");
      return [{ kind: "text", text, cache }];
    }
    case null:
      throw block.wrong("type", "is missing; it must be a string such as text, image, document or tool_result");
    default:
      return [];
  }
}

function sourceOf(block: Fields): Fields {
  return Fields.of(block.object.source, block.path("source"));
}

function readSource(source: Fields): MediaSource {
  switch (source.text("type")) {
    case "base64":
      return { kind: "base64", mediaType: source.requiredText("media_type"), data: source.requiredText("data") };
    case "url":
      return { kind: "url", url: source.requiredText("url") };
    case "file":
      return { kind: "id", id: source.requiredText("file_id") };
    default:
      throw source.wrong("type", "must be one of base64, url, file");
  }
}

/** A document of plain text is text to everybody else. */
function readDocument(block: Fields): ContentPart[] {
  const source = sourceOf(block);
  const title = block.text("title");
  switch (source.text("type")) {
    case "text":
      return [{ kind: "text", text: withTitle(title, source.requiredText("data")), cache: null }];
    case "content":
      return [...titlePart(title), ...blocksOf(source).flatMap(readUserBlock)];
    default:
      return [{ kind: "file", source: readSource(source), filename: title, cache: null }];
  }
}

function withTitle(title: string | null, text: string): string {
  return title === null ? text : `${title}\n\n${text}`;
}

function titlePart(title: string | null): ContentPart[] {
  return title === null ? [] : [{ kind: "text", text: title, cache: null }];
}

/** What the model said before. Steps of tools that Anthropic's servers ran are left out. */
export function readAssistantBlock(block: Fields): AssistantPart[] {
  switch (block.text("type")) {
    case "text": {
      const text = block.requiredText("text");
      return text === "" ? [] : [{ kind: "text", text, cache: readCacheMark(block) }];
    }
    case "thinking":
      return [{ kind: "reasoning", detail: thoughtOf(block.requiredText("thinking"), block.text("signature")) }];
    case "redacted_thinking":
      return [{ kind: "reasoning", detail: redactedThoughtOf(block.requiredText("data")) }];
    case "tool_use":
      return [
        {
          kind: "tool-call",
          id: block.requiredText("id"),
          name: block.requiredText("name"),
          arguments: JSON.stringify(block.object.input ?? {}),
          cache: readCacheMark(block),
        },
      ];
    case null:
      throw block.wrong("type", "is missing; it must be a string such as text, thinking or tool_use");
    default:
      return [];
  }
}
