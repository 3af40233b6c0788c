/**
 * The messages of a canonical request as Converse has them: instructions apart, sides that alternate, results of tools
 * on the user's side, cache points behind the blocks that are marked. Blocks of empty text, which Bedrock refuses, are
 * left out.
 */
import type { JsonObject } from "../../../kernel/json.ts";
import type { ReasoningDetail } from "../../canonical/events.ts";
import type { AssistantPart, CacheMark, CanonicalRequest, ContentPart, Message } from "../../canonical/request.ts";
import { argumentsObject, present } from "../writing.ts";
import type { Family } from "./families.ts";
import { Documents, type Where, writeMedia } from "./write-media.ts";

/** Whose thoughts a Claude model can read back. */
export const CLAUDE_FORMAT = "anthropic-claude-v1";
const MAX_CALL_ID = 64;
/** A result must say something. */
const NOTHING = "(no output)";

export interface WrittenMessages {
  system: JsonObject[];
  messages: JsonObject[];
  /** Names of the functions that were called in the conversation. */
  called: string[];
}

export function writeMessages(request: CanonicalRequest, family: Family, where: Where): WrittenMessages {
  return new MessageWriter(family, where).write(request);
}

/** The block that ends a cached part, none where the model keeps no cache. */
export function cachePoint(mark: CacheMark | null, family: Family): JsonObject[] {
  if (mark === null || !family.caches) return [];
  const ttl = family.claude && mark.ttl === "1h" ? mark.ttl : null;
  return [{ cachePoint: present({ type: "default", ttl }) }];
}

class MessageWriter {
  readonly #family: Family;
  readonly #where: Where;
  readonly #documents = new Documents();
  readonly #system: JsonObject[] = [];
  readonly #turns: { role: "user" | "assistant"; content: JsonObject[] }[] = [];
  readonly #called = new Set<string>();

  constructor(family: Family, where: Where) {
    this.#family = family;
    this.#where = where;
  }

  write(request: CanonicalRequest): WrittenMessages {
    for (const message of request.messages) this.#message(message);
    // Instructions alone are no question to Amazon; they are asked as one.
    if (this.#turns.length === 0) this.#add("user", this.#system.splice(0));
    const last = this.#turns.at(-1);
    last?.content.push(...cachePoint(request.cache, this.#family));
    return {
      system: this.#system,
      messages: this.#turns.map(({ role, content }) => ({ role, content })),
      called: [...this.#called],
    };
  }

  #message(message: Message): void {
    switch (message.role) {
      case "system":
      case "developer":
        this.#system.push(...this.#parts(message.parts));
        break;
      case "user":
        this.#add("user", this.#parts(message.parts));
        break;
      case "assistant":
        this.#add("assistant", this.#assistant(message.parts));
        break;
      case "tool":
        this.#add("user", this.#result(message));
        break;
    }
  }

  #add(role: "user" | "assistant", content: JsonObject[]): void {
    if (content.length === 0) return;
    const last = this.#turns.at(-1);
    if (last?.role === role) last.content.push(...content);
    else this.#turns.push({ role, content });
  }

  #parts(parts: readonly ContentPart[]): JsonObject[] {
    return parts.flatMap((part) => {
      const block = part.kind === "text" ? textBlock(part.text) : [writeMedia(part, this.#where, this.#documents)];
      return block.length === 0 ? [] : [...block, ...cachePoint(part.cache, this.#family)];
    });
  }

  #assistant(parts: readonly AssistantPart[]): JsonObject[] {
    return parts.flatMap((part) => this.#said(part));
  }

  #said(part: AssistantPart): JsonObject[] {
    switch (part.kind) {
      case "text":
        return this.#parts([part]);
      case "refusal":
        return textBlock(part.text);
      case "reasoning":
        return this.#family.claude ? thoughtBlock(part.detail) : [];
      case "image":
        return [writeMedia({ ...part, detail: null, cache: null }, this.#where, this.#documents)];
      case "tool-call": {
        this.#called.add(part.name);
        const toolUse = { toolUseId: callId(part.id), name: part.name, input: argumentsObject(part) };
        return [{ toolUse }, ...cachePoint(part.cache, this.#family)];
      }
    }
  }

  #result(message: Extract<Message, { role: "tool" }>): JsonObject[] {
    const content = message.parts.flatMap((part) =>
      part.kind === "text" ? textBlock(part.text) : [writeMedia(part, this.#where, this.#documents)],
    );
    const toolResult = present({
      toolUseId: callId(message.toolCallId),
      content: content.length === 0 ? [{ text: NOTHING }] : content,
      status: message.isError ? "error" : null,
    });
    return [{ toolResult }, ...cachePoint(message.cache, this.#family)];
  }
}

function textBlock(text: string): JsonObject[] {
  return text.trim() === "" ? [] : [{ text }];
}

/** Only what Claude has signed or sealed can be given back to it. */
function thoughtBlock(detail: ReasoningDetail): JsonObject[] {
  if (detail.format !== CLAUDE_FORMAT) return [];
  if (detail.kind === "encrypted") return [{ reasoningContent: { redactedContent: detail.data } }];
  if (detail.kind !== "text" || detail.signature === null) return [];
  return [{ reasoningContent: { reasoningText: { text: detail.text, signature: detail.signature } } }];
}

/** Ids of other providers' calls may hold signs that Bedrock refuses. */
export function callId(id: string): string {
  return id.replace(/[^A-Za-z0-9_-]/g, "_").slice(0, MAX_CALL_ID) || "call";
}
