/** What the sandbox answers, decided purely: the same request gives the same plan. Sending it is `reply.ts`. */
import type { Locale } from "../../../kernel/locale.ts";
import { describeAttachments } from "./attachments.ts";
import type { Directives } from "./directives.ts";
import { detectLanguage } from "./language.ts";
import { CONTEXT_LENGTH, REASONING_MODEL_ID, sandboxModels } from "./models.ts";
import { pictureOf } from "./picture.ts";
import { SandboxRefusal } from "./refusal.ts";
import { type Effort, lastUserMessage, type SandboxRequest, textOf } from "./request.ts";
import { valueFor } from "./schema-value.ts";
import { countTokens, firstTokens } from "./tokens.ts";
import { type ToolCall, toolCalls } from "./tools.ts";
import { pictureText, replyText, thoughtText } from "./words.ts";

export interface Choice {
  content: string | null;
  reasoning: string | null;
  toolCalls: ToolCall[];
  /** `data:` URLs. */
  images: string[];
  finishReason: "stop" | "length" | "tool_calls" | "content_filter";
  /** How many messages came before: what sets one turn of a conversation apart from another. */
  conversation: number;
}

export interface Plan {
  choices: Choice[];
  promptTokens: number;
  completionTokens: number;
  /** Part of completionTokens. */
  reasoningTokens: number;
}

/** What every message and every attachment adds to the prompt's tokens. */
const MESSAGE_TOKENS = 4;
const ATTACHMENT_TOKENS = 85;
const IMAGE_ANSWER_TOKENS = 64;
const SENTENCES: Record<Effort, number> = { none: 0, minimal: 1, low: 1, medium: 2, high: 3, xhigh: 4, max: 4 };

/** `userText` is the last user message without directives. Throws SandboxRefusal. */
export function planAnswer(request: SandboxRequest, directives: Directives, userText: string): Plan {
  const locale = detectLanguage(userText);
  const asked = promptTokens(request);
  if (asked > CONTEXT_LENGTH) {
    const message = `The context of the sandbox holds ${CONTEXT_LENGTH} tokens; this request has more. Send less.`;
    throw new SandboxRefusal(message, "messages");
  }
  const thoughts = thoughtText(locale, SENTENCES[effortOf(request)]);
  const limit = Math.min(
    request.max_completion_tokens ?? Number.POSITIVE_INFINITY,
    request.max_tokens ?? Number.POSITIVE_INFINITY,
  );
  const thought = firstTokens(thoughts, Math.min(limit, request.reasoning?.max_tokens ?? Number.POSITIVE_INFINITY));
  const choice = cut(choose(request, directives, { locale, userText }), limit - thought.count, stopsOf(request));
  if (thought.text !== "" && !isHidden(request)) choice.reasoning = thought.text;
  if (directives.finish !== undefined) choice.finishReason = directives.finish;
  const answerTokens = thought.count + tokensOf(choice);
  const count = request.n ?? 1;
  return {
    choices: Array.from({ length: count }, () => choice),
    promptTokens: asked,
    completionTokens: answerTokens * count,
    reasoningTokens: thought.count * count,
  };
}

function choose(
  request: SandboxRequest,
  directives: Directives,
  { locale, userText }: { locale: Locale; userText: string },
): Choice {
  const conversation = request.messages.length;
  const base: Choice = {
    content: null,
    reasoning: null,
    toolCalls: [],
    images: [],
    finishReason: "stop",
    conversation,
  };
  const calls = toolCalls(request, directives, userText);
  if (calls.length > 0) return { ...base, toolCalls: calls, finishReason: "tool_calls" };
  if (directives.text !== undefined) return { ...base, content: directives.text };
  if (directives.chunks !== undefined) return { ...base, content: " word".repeat(directives.chunks).trimStart() };
  const user = lastUserMessage(request);
  const attachments = user ? describeAttachments(user, locale) : "";
  const standsInFor = sandboxModels.some(({ id }) => id === request.model) ? "" : request.model;
  const words = replyText(locale, { text: userText, attachments, toolResults: resultsOf(request), standsInFor });
  const structured = structuredContent(request, words);
  if (structured !== undefined) return { ...base, content: structured };
  if (request.modalities?.includes("image")) {
    return { ...base, content: pictureText(locale), images: [pictureOf(userText)] };
  }
  return { ...base, content: words };
}

function structuredContent(request: SandboxRequest, words: string): string | undefined {
  const format = request.response_format;
  if (format?.type === "json_object") return JSON.stringify({ sandbox: true, answer: words });
  if (format?.type !== "json_schema") return undefined;
  return JSON.stringify(valueFor(format.json_schema.schema ?? true, "response_format.json_schema.schema"));
}

/** The results of tools that came after the last words of the user. */
function resultsOf(request: SandboxRequest): string[] {
  const after = request.messages.slice(request.messages.findLastIndex(({ role }) => role === "user") + 1);
  return after.filter(({ role }) => role === "tool").map(textOf);
}

function effortOf(request: SandboxRequest): Effort {
  const { reasoning } = request;
  if (reasoning?.enabled === false) return "none";
  const [one, other] = [reasoning?.effort, request.reasoning_effort];
  if (one && other && one !== other) {
    throw new SandboxRefusal(
      "reasoning.effort and reasoning_effort ask for different efforts; send one.",
      "reasoning_effort",
    );
  }
  const asked = one ?? other;
  if (asked !== undefined && asked !== null) return asked;
  const isOn =
    reasoning?.enabled === true || typeof reasoning?.max_tokens === "number" || request.include_reasoning === true;
  return isOn || request.model === REASONING_MODEL_ID ? "medium" : "none";
}

function isHidden(request: SandboxRequest): boolean {
  return request.reasoning?.exclude === true || request.include_reasoning === false;
}

function stopsOf({ stop }: SandboxRequest): string[] {
  return [stop ?? []].flat().filter((one) => one !== "");
}

/** The choice as far as its tokens reach, and up to the first stop sequence. */
function cut(choice: Choice, tokensLeft: number, stops: readonly string[]): Choice {
  let left = Math.max(0, tokensLeft);
  let isCut = false;
  const take = (text: string): string => {
    const taken = firstTokens(text, left);
    left -= taken.count;
    isCut ||= taken.cut;
    return taken.text;
  };
  const content = choice.content === null ? null : take(untilStop(choice.content, stops));
  const calls = choice.toolCalls.map((call) => ({ ...call, arguments: take(call.arguments) }));
  return { ...choice, content, toolCalls: calls, ...(isCut ? { finishReason: "length" as const } : {}) };
}

function untilStop(text: string, stops: readonly string[]): string {
  const ends = stops.map((stop) => text.indexOf(stop)).filter((at) => at !== -1);
  return ends.length === 0 ? text : text.slice(0, Math.min(...ends));
}

function tokensOf(choice: Choice): number {
  const calls = choice.toolCalls.reduce((sum, call) => sum + countTokens(call.name) + countTokens(call.arguments), 0);
  return countTokens(choice.content ?? "") + calls + choice.images.length * IMAGE_ANSWER_TOKENS;
}

function promptTokens(request: SandboxRequest): number {
  let tokens = 0;
  // Nobody reads on once it is too much: a text of ten megabytes would hold up everybody else.
  const add = (text: string) => {
    tokens += countTokens(text, CONTEXT_LENGTH + 1 - tokens);
  };
  if (request.tools?.length) add(JSON.stringify(request.tools));
  if (request.response_format?.type === "json_schema") add(JSON.stringify(request.response_format));
  for (const message of request.messages) {
    const parts = Array.isArray(message.content) ? message.content : [];
    const attachments = parts.filter(({ type }) => type !== "text").length;
    if (message.role === "assistant" && message.tool_calls) add(JSON.stringify(message.tool_calls));
    add(textOf(message));
    tokens += MESSAGE_TOKENS + attachments * ATTACHMENT_TOKENS;
    if (tokens > CONTEXT_LENGTH) break;
  }
  return tokens;
}
