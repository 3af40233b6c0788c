/** Thoughts, for which every server has a field of its own, in the two that OpenRouter's clients know. */
import { arrayField, isJsonObject, type JsonObject, type JsonValue, stringField } from "../../../kernel/json.ts";
import type { ChatQuirks, ThoughtsBack } from "./quirks.ts";

/** Gives messages and deltas `reasoning` and `reasoning_details` where they have only `reasoning_content`. Changes in place. */
export function ordinaryThoughts(answer: JsonObject): JsonObject {
  for (const choice of arrayField(answer, "choices")) {
    if (!isJsonObject(choice)) continue;
    if (isJsonObject(choice.message)) complete(choice.message);
    if (isJsonObject(choice.delta)) complete(choice.delta);
  }
  return answer;
}

function complete(said: JsonObject): void {
  const { reasoning_content: content } = said;
  if (typeof content === "string" && typeof said.reasoning !== "string") said.reasoning = content;
  if (content !== undefined) delete said.reasoning_content;
  if (typeof said.reasoning !== "string" || said.reasoning === "" || said.reasoning_details !== undefined) return;
  said.reasoning_details = [
    { type: "reasoning.text", text: said.reasoning, signature: null, id: null, format: null, index: 0 },
  ];
}

/** What is sent for thoughts that must be there and are not; some take an empty text for none. */
const NO_THOUGHTS = " ";
const THOUGHT_FIELDS: readonly string[] = ["reasoning", "reasoning_content", "reasoning_details"];

/** How a model of this server takes former thoughts. */
export function wayBack(returns: ChatQuirks["returnsReasoning"], upstreamModel: string): ThoughtsBack {
  return typeof returns === "function" ? returns(upstreamModel) : returns;
}

/** A thought that the client marked as to be given back. */
interface Former {
  /** Encrypted or signed: to its maker the words alone mean nothing. */
  isSealed: boolean;
}

/** True where thoughts that the client marked as to be given back cannot be, or not with their seal. */
export function losesThoughts(details: readonly Former[], way: ThoughtsBack): boolean {
  if (way === "reasoning_details") return false;
  return details.some(({ isSealed }) => isSealed || way === "nothing");
}

/** The details of all former thoughts in messages of chat. */
export function formerDetails(messages: readonly JsonValue[]): Former[] {
  const found: Former[] = [];
  for (const message of messages) {
    if (!isJsonObject(message)) continue;
    for (const detail of arrayField(message, "reasoning_details")) {
      if (!isJsonObject(detail)) continue;
      const { type, signature } = detail;
      found.push({ isSealed: type === "reasoning.encrypted" || typeof signature === "string" });
    }
  }
  return found;
}

/** Former thoughts where this server wants them; the same list where nothing must change. */
export function returnedThoughts(
  messages: readonly JsonValue[],
  { returnsReasoning, missesThoughts = false }: ChatQuirks,
  upstreamModel: string,
): readonly JsonValue[] {
  const way = wayBack(returnsReasoning, upstreamModel);
  if (way === "reasoning_details" || !messages.some(isOfAssistant)) return messages;
  let changed = false;
  const rewritten = messages.map((message) => {
    if (!isOfAssistant(message)) return message;
    const words = wordsOf(message) || (missesThoughts && hasCalls(message) ? NO_THOUGHTS : "");
    const fields = THOUGHT_FIELDS.filter((field) => field in message);
    const isThere = fields.length === 1 && fields[0] === way && message[way] === words;
    if (isThere || (fields.length === 0 && words === "")) return message;
    changed = true;
    const rest = Object.fromEntries(Object.entries(message).filter(([name]) => !THOUGHT_FIELDS.includes(name)));
    return { ...rest, ...(words === "" ? {} : asWanted(words, message.content, way)) };
  });
  return changed ? rewritten : messages;
}

function isOfAssistant(message: JsonValue): message is JsonObject {
  return isJsonObject(message) && message.role === "assistant";
}

function hasCalls(message: JsonObject): boolean {
  return arrayField(message, "tool_calls").length > 0;
}

function wordsOf(message: JsonObject): string {
  for (const field of ["reasoning_content", "reasoning"]) {
    const words = message[field];
    if (typeof words === "string" && words !== "") return words;
  }
  const details = arrayField(message, "reasoning_details").filter(isJsonObject);
  return details.map((detail) => stringField(detail, "text") ?? stringField(detail, "summary") ?? "").join("");
}

function textOf(content: JsonValue | undefined): string {
  if (typeof content === "string") return content;
  const parts = Array.isArray(content) ? content.filter(isJsonObject) : [];
  return parts.map((part) => stringField(part, "text") ?? "").join("");
}

function asWanted(words: string, content: JsonValue | undefined, way: ThoughtsBack): JsonObject {
  if (way === "nothing") return {};
  if (way === "think-tags") return { content: `<think>${words}</think>\n\n${textOf(content)}` };
  if (way !== "thinking-part") return { [way]: words };
  const said = Array.isArray(content) ? content : typeof content === "string" ? [{ type: "text", text: content }] : [];
  return { content: [{ type: "thinking", thinking: [{ type: "text", text: words }] }, ...said] };
}
