/**
 * The conversation as Anthropic wants it: the system's words apart, turns that alternate, the results of tools at the
 * beginning of the user's turn.
 */
import type { JsonObject } from "../../../kernel/json.ts";
import type { Message } from "../../canonical/request.ts";
import { ANTHROPIC_FORMAT } from "../../ingress/anthropic-messages/carried-thoughts.ts";
import { present } from "../writing.ts";
import { assistantBlocks, cacheBody, contentBlocks, textBlocks, toolId, type Where } from "./write-blocks.ts";

export interface Conversation {
  system: JsonObject[];
  messages: { role: "user" | "assistant"; content: JsonObject[] }[];
}

type Spoken = Extract<Message, { role: "user" | "assistant" | "tool" }>;

function isSpoken(message: Message): message is Spoken {
  return message.role !== "system" && message.role !== "developer";
}

export function writeConversation(messages: readonly Message[], where: Where): Conversation {
  const system: JsonObject[] = [];
  const turns: Conversation["messages"] = [];
  for (const message of messages) {
    if (!isSpoken(message)) {
      for (const { text, cache } of message.parts) system.push(...textBlocks(text, cache));
      continue;
    }
    const role = message.role === "assistant" ? "assistant" : "user";
    const content = blocksOf(message, where);
    if (content.length === 0) continue;
    const last = turns.at(-1);
    if (last?.role === role) last.content.push(...content);
    else turns.push({ role, content });
  }
  for (const turn of turns) if (turn.role === "user") resultsFirst(turn);
  withoutTrailingSpace(turns.at(-1));
  // A conversation must have a turn; words of the system alone are what the user says.
  if (turns.length === 0 && system.length > 0) return { system: [], messages: [{ role: "user", content: system }] };
  return { system, messages: turns };
}

function blocksOf(message: Spoken, where: Where): JsonObject[] {
  if (message.role === "tool") {
    const content = contentBlocks(message.parts, where);
    return [
      present({
        type: "tool_result",
        tool_use_id: toolId(message.toolCallId),
        content: content.length === 0 ? null : content,
        is_error: message.isError ? true : null,
        cache_control: cacheBody(message.cache),
      }),
    ];
  }
  if (message.role === "assistant") return named(assistantBlocks(message.parts), message.name);
  return named(contentBlocks(message.parts, where), message.name);
}

/** Anthropic has no names of speakers; as OpenRouter does, the name is put before the text. */
function named(blocks: JsonObject[], name: string | null): JsonObject[] {
  const first = blocks.findIndex((block) => block.type === "text");
  if (name === null || name === "" || first === -1) return blocks;
  return blocks.map((block, index) => (index === first ? { ...block, text: `${name}: ${String(block.text)}` } : block));
}

function resultsFirst(turn: Conversation["messages"][number]): void {
  const isResult = (block: JsonObject) => block.type === "tool_result";
  turn.content = [...turn.content.filter(isResult), ...turn.content.filter((block) => !isResult(block))];
}

/** An answer that the model is to continue may not end with a space. */
function withoutTrailingSpace(turn: Conversation["messages"][number] | undefined): void {
  const last = turn?.role === "assistant" ? turn.content.at(-1) : undefined;
  if (last?.type === "text" && typeof last.text === "string") last.text = last.text.trimEnd();
}

/** True where the last answer called tools without a thought of its own before them. */
export function continuesWithoutThought({ messages }: Conversation): boolean {
  const last = messages.findLast(({ role }) => role === "assistant");
  if (last === undefined || !last.content.some(({ type }) => type === "tool_use")) return false;
  const first = last.content[0]?.type;
  return first !== "thinking" && first !== "redacted_thinking";
}

/** True where thoughts of the conversation are left out: other makers', and those that nobody has signed. */
export function losesThoughts(messages: readonly Message[]): boolean {
  return messages.some((message) => {
    if (message.role !== "assistant") return false;
    const details = message.parts.flatMap((part) => (part.kind === "reasoning" ? [part.detail] : []));
    if (details.some(({ format }) => format !== null && format !== ANTHROPIC_FORMAT)) return true;
    const texts = details.filter((detail) => detail.kind === "text");
    return texts.length > 0 && !texts.some(({ signature }) => signature !== null && signature !== "");
  });
}
