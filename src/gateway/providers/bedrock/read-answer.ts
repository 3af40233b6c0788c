/** Converse's answers, whole and streamed, as canonical events. Tolerant: unknown blocks and events are passed over. */
import {
  arrayField,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  objectField,
  stringField,
} from "../../../kernel/json.ts";
import { NO_TOKENS } from "../../call.ts";
import type { EventReader } from "../../canonical/dialects.ts";
import type { CanonicalEvent, FinishReason, ReasoningDetail } from "../../canonical/events.ts";
import type { TokenUsage } from "../../canonical/usage.ts";
import { parseUpstreamJson } from "../../ingress/upstream-json.ts";
import { tokenCount } from "../../metering/usage.ts";
import { CLAUDE_FORMAT } from "./write-messages.ts";

const START: CanonicalEvent = { kind: "start", upstreamId: null, createdSeconds: null, fingerprint: null };

/** Status of each exception that may stand in a stream. */
const EXCEPTIONS: Readonly<Record<string, number>> = {
  throttlingException: 429,
  validationException: 400,
  accessDeniedException: 403,
  resourceNotFoundException: 404,
  modelTimeoutException: 504,
  serviceUnavailableException: 503,
  internalServerException: 500,
  modelStreamErrorException: 502,
};

const REASONS: Readonly<Record<string, FinishReason>> = {
  end_turn: "stop",
  stop_sequence: "stop",
  tool_use: "tool_calls",
  max_tokens: "length",
  model_context_window_exceeded: "length",
  guardrail_intervened: "content_filter",
  content_filtered: "content_filter",
  refusal: "content_filter",
  malformed_model_output: "error",
  malformed_tool_use: "error",
};

/** `isClaude` says whose thoughts they are: others' can be given back to nobody. */
export function readConverseAnswer(answer: JsonValue, isClaude: boolean): CanonicalEvent[] | undefined {
  if (!isJsonObject(answer)) return undefined;
  const message = objectField(objectField(answer, "output") ?? {}, "message");
  const stopReason = stringField(answer, "stopReason");
  if (message === undefined || stopReason === undefined) return undefined;
  let calls = 0;
  const parts = arrayField(message, "content").flatMap((block) => {
    if (!isJsonObject(block)) return [];
    const toolUse = objectField(block, "toolUse");
    if (!toolUse) return blockEvents(block, isClaude);
    const index = calls++;
    const text = JSON.stringify(objectField(toolUse, "input") ?? {});
    return [callEvent(toolUse, index), { kind: "tool-arguments" as const, index, text }];
  });
  return [START, ...parts, ...tierAndUsage(answer), finishOf(stopReason)];
}

export class ConverseReader implements EventReader {
  readonly #isClaude: boolean;
  /** Calls by the number of their block; `hasText` tells whether any of its arguments came. */
  readonly #calls = new Map<number, { index: number; hasText: boolean }>();

  constructor(isClaude: boolean) {
    this.#isClaude = isClaude;
  }

  accept(data: string): CanonicalEvent[] | undefined {
    const parsed = parseUpstreamJson(data);
    if (!parsed.ok || !isJsonObject(parsed.value)) return undefined;
    const event = parsed.value;
    const type = stringField(event, "type") ?? "";
    switch (type) {
      case "messageStart":
        return [START];
      case "contentBlockStart":
        return this.#begin(event);
      case "contentBlockDelta":
        return this.#delta(event);
      case "contentBlockStop":
        return this.#stop(event);
      case "messageStop":
        return [finishOf(stringField(event, "stopReason") ?? "end_turn")];
      case "metadata":
        return tierAndUsage(event);
      default:
        return failureOf(type, event);
    }
  }

  #begin(event: JsonObject): CanonicalEvent[] {
    const start = objectField(event, "start") ?? {};
    const toolUse = objectField(start, "toolUse");
    if (!toolUse) return [];
    const index = this.#calls.size;
    this.#calls.set(numberOf(event), { index, hasText: false });
    return [callEvent(toolUse, index)];
  }

  #delta(event: JsonObject): CanonicalEvent[] {
    const delta = objectField(event, "delta") ?? {};
    const toolUse = objectField(delta, "toolUse");
    if (!toolUse) return blockEvents(delta, this.#isClaude);
    const call = this.#calls.get(numberOf(event));
    const text = stringField(toolUse, "input") ?? "";
    if (!call || text === "") return [];
    call.hasText = true;
    return [{ kind: "tool-arguments", index: call.index, text }];
  }

  /** A call without arguments has said nothing of them. */
  #stop(event: JsonObject): CanonicalEvent[] {
    const call = this.#calls.get(numberOf(event));
    return call === undefined || call.hasText ? [] : [{ kind: "tool-arguments", index: call.index, text: "{}" }];
  }
}

function numberOf(event: JsonObject): number {
  return typeof event.contentBlockIndex === "number" ? event.contentBlockIndex : 0;
}

function failureOf(type: string, event: JsonObject): CanonicalEvent[] {
  if (type !== "error" && !/exception$/i.test(type)) return [];
  const message = stringField(event, "message") ?? stringField(event, "Message") ?? type;
  return [{ kind: "failure", status: EXCEPTIONS[type] ?? 502, message: message.slice(0, 300) }];
}

function callEvent(toolUse: JsonObject, index: number): CanonicalEvent {
  const id = stringField(toolUse, "toolUseId") ?? `call_${index}`;
  return { kind: "tool-call", index, id, name: stringField(toolUse, "name") ?? "" };
}

/** A block of a whole answer, or the next piece of one, that is no call. */
function blockEvents(block: JsonObject, isClaude: boolean): CanonicalEvent[] {
  const text = stringField(block, "text");
  if (text !== undefined) return text === "" ? [] : [{ kind: "text", text }];
  const reasoning = objectField(block, "reasoningContent");
  if (reasoning) return thoughtEvents(reasoning, isClaude);
  const image = objectField(block, "image");
  if (image) return imageEvents(image);
  const cited = objectField(block, "citationsContent");
  if (cited) {
    const texts = arrayField(cited, "content").flatMap((part) =>
      isJsonObject(part) ? blockEvents(part, isClaude) : [],
    );
    return [...texts, ...arrayField(cited, "citations").flatMap(citationEvents)];
  }
  return citationEvents(block.citation);
}

function thoughtEvents(reasoning: JsonObject, isClaude: boolean): CanonicalEvent[] {
  const format = isClaude ? CLAUDE_FORMAT : null;
  const redacted = stringField(reasoning, "redactedContent");
  if (redacted !== undefined) return [thought({ kind: "encrypted", data: redacted, id: null, format })];
  // In a whole answer text and signature stand one level deeper than in a stream.
  const said = objectField(reasoning, "reasoningText") ?? reasoning;
  const text = stringField(said, "text") ?? "";
  const signature = stringField(said, "signature") ?? null;
  return text === "" && signature === null ? [] : [thought({ kind: "text", text, signature, id: null, format })];
}

function thought(detail: ReasoningDetail): CanonicalEvent {
  return { kind: "reasoning", detail };
}

function imageEvents(image: JsonObject): CanonicalEvent[] {
  const data = stringField(objectField(image, "source") ?? {}, "bytes");
  return data === undefined
    ? []
    : [{ kind: "image", mediaType: `image/${stringField(image, "format") ?? "png"}`, data }];
}

/** Places in documents of the request have no address, and so no form that a client could read. */
function citationEvents(citation: JsonValue | undefined): CanonicalEvent[] {
  if (!isJsonObject(citation)) return [];
  const url = stringField(objectField(objectField(citation, "location") ?? {}, "web") ?? {}, "url");
  if (url === undefined) return [];
  const title = stringField(citation, "title") ?? null;
  const [source] = arrayField(citation, "sourceContent");
  const content = isJsonObject(source) ? (stringField(source, "text") ?? null) : null;
  return [{ kind: "citation", citation: { url, title, content, startIndex: null, endIndex: null } }];
}

function finishOf(native: string): CanonicalEvent {
  return { kind: "finish", reason: REASONS[native] ?? "stop", native, stopSequence: null };
}

function tierAndUsage(answer: JsonObject): CanonicalEvent[] {
  const tier = stringField(objectField(answer, "serviceTier") ?? {}, "type");
  const usage = readConverseUsage(objectField(answer, "usage"));
  return [
    ...(tier === undefined ? [] : [{ kind: "service-tier" as const, tier }]),
    ...(usage === undefined ? [] : [{ kind: "usage" as const, usage }]),
  ];
}

/** Amazon counts what was read from the cache and written to it beside the input, not in it. */
function readConverseUsage(usage: JsonObject | undefined): TokenUsage | undefined {
  const input = tokenCount(usage?.inputTokens);
  const output = tokenCount(usage?.outputTokens);
  if (usage === undefined || input === undefined || output === undefined) return undefined;
  const cachedTokens = tokenCount(usage.cacheReadInputTokens) ?? 0;
  const cacheWriteTokens = tokenCount(usage.cacheWriteInputTokens) ?? 0;
  const hourly = arrayField(usage, "cacheDetails").reduce<number>((sum, detail) => {
    const isHourly = isJsonObject(detail) && detail.ttl === "1h";
    return sum + (isHourly ? (tokenCount(detail.inputTokens) ?? 0) : 0);
  }, 0);
  return {
    ...NO_TOKENS,
    promptTokens: input + cachedTokens + cacheWriteTokens,
    cachedTokens,
    cacheWriteTokens,
    cacheWrite1hTokens: Math.min(hourly, cacheWriteTokens),
    completionTokens: output,
  };
}
