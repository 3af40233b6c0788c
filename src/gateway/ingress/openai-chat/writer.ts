/** Canonical events as chat completion chunks, and as one whole completion. */
import type { GapuraError } from "../../../kernel/errors.ts";
import type { JsonObject, JsonValue } from "../../../kernel/json.ts";
import type { AnswerContext, AnswerIdentity, Billed, EventWriter } from "../../canonical/dialects.ts";
import type { CanonicalEvent, Citation, ReasoningDetail } from "../../canonical/events.ts";
import { finishCompletion, usageBody } from "./answer.ts";
import { chunkHead, DONE_FRAME, errorFrame, frame } from "./errors.ts";

export class ChatWriter implements EventWriter {
  readonly #identity: AnswerIdentity;
  readonly #thoughts = new ThoughtIndex();
  #created: number;
  #common: JsonObject = {};
  #begun = false;

  constructor(identity: AnswerIdentity) {
    this.#identity = identity;
    this.#created = identity.createdSeconds;
  }

  write(event: CanonicalEvent): string {
    switch (event.kind) {
      case "start":
        this.#created = event.createdSeconds ?? this.#created;
        if (event.fingerprint !== null) this.#common.system_fingerprint = event.fingerprint;
        return "";
      case "service-tier":
        this.#common.service_tier = event.tier;
        return "";
      case "finish":
        return this.#chunk({}, { finish_reason: event.reason, native_finish_reason: event.native ?? event.reason });
      case "logprobs":
        return this.#chunk({}, { logprobs: event.logprobs });
      case "usage":
      case "failure":
      case "end":
        return "";
      default:
        return this.#chunk(this.#delta(event));
    }
  }

  end(billed: Billed): string {
    return frame({ ...this.#stamp(), choices: [], usage: usageBody(undefined, billed) }) + DONE_FRAME;
  }

  fail(error: GapuraError): string {
    return errorFrame(error, this.#identity, this.#created);
  }

  #delta(event: PartEvent): JsonObject {
    switch (event.kind) {
      case "text":
        return { content: event.text };
      case "refusal":
        return { refusal: event.text };
      case "reasoning":
        return thought(event.detail, this.#thoughts.of(event.detail));
      case "tool-call": {
        const call = { name: event.name, arguments: "" };
        return { tool_calls: [{ index: event.index, id: event.id, type: "function", function: call }] };
      }
      case "tool-arguments":
        return { tool_calls: [{ index: event.index, function: { arguments: event.text } }] };
      case "image":
        return { images: [imagePart(event)] };
      case "audio":
        return { audio: event.audio };
      case "citation":
        return { annotations: [annotation(event.citation)] };
    }
  }

  #chunk(delta: JsonObject, more: JsonObject = {}): string {
    const first: JsonObject = this.#begun ? {} : { role: "assistant", content: "" };
    this.#begun = true;
    const choice = {
      index: 0,
      delta: { ...first, ...delta },
      finish_reason: null,
      native_finish_reason: null,
      ...more,
    };
    return frame({ ...this.#stamp(), choices: [choice] });
  }

  #stamp(): JsonObject {
    return { ...chunkHead(this.#identity, this.#created), ...this.#common };
  }
}

type PartEvent = Exclude<
  CanonicalEvent,
  { kind: "start" | "service-tier" | "finish" | "logprobs" | "usage" | "failure" | "end" }
>;

/** The whole completion that the events make. */
export function completionOf(events: readonly CanonicalEvent[], { identity, billed }: AnswerContext): JsonObject {
  const message: JsonObject = { role: "assistant", content: null, refusal: null };
  const choice: JsonObject = { index: 0, message, finish_reason: null, logprobs: null };
  const answer: JsonObject = { choices: [choice] };
  const details: JsonObject[] = [];
  const calls: JsonObject[] = [];
  const thoughts = new ThoughtIndex();
  for (const event of events) {
    switch (event.kind) {
      case "start":
        answer.created = event.createdSeconds;
        answer.system_fingerprint = event.fingerprint;
        break;
      case "text":
        append(message, "content", event.text);
        break;
      case "refusal":
        append(message, "refusal", event.text);
        break;
      case "reasoning":
        addThought(details, event.detail, thoughts.of(event.detail));
        if (event.detail.kind !== "encrypted") append(message, "reasoning", wordsOf(event.detail));
        break;
      case "tool-call":
        calls[event.index] = { id: event.id, type: "function", function: { name: event.name, arguments: "" } };
        break;
      case "tool-arguments": {
        const call = calls[event.index]?.function;
        if (typeof call === "object" && call !== null && !Array.isArray(call)) append(call, "arguments", event.text);
        break;
      }
      case "image":
        message.images = [...listOf(message.images), imagePart(event)];
        break;
      case "audio":
        message.audio = mergedAudio(message.audio, event.audio);
        break;
      case "citation":
        message.annotations = [...listOf(message.annotations), annotation(event.citation)];
        break;
      case "logprobs":
        choice.logprobs = event.logprobs;
        break;
      case "service-tier":
        answer.service_tier = event.tier;
        break;
      case "finish":
        choice.finish_reason = event.reason;
        choice.native_finish_reason = event.native ?? event.reason;
        break;
    }
  }
  if (details.length > 0) message.reasoning_details = details;
  if (calls.length > 0) message.tool_calls = calls.filter((call) => call !== undefined);
  return finishCompletion(answer, { identity, billed });
}

/** Numbers the entries of `reasoning_details`: a new one begins with another kind or id, and after a signature. */
class ThoughtIndex {
  #index = -1;
  #last: ReasoningDetail | undefined;
  #closed = false;

  of(detail: ReasoningDetail): number {
    const last = this.#last;
    const continues = last !== undefined && !this.#closed && last.kind === detail.kind && last.id === detail.id;
    if (!continues || detail.kind === "encrypted") this.#index++;
    this.#closed = detail.kind === "text" && detail.signature !== null;
    this.#last = detail;
    return this.#index;
  }
}

/** The delta of one piece of a thought: its words for everybody, and the detail for who must give it back. */
function thought(detail: ReasoningDetail, index: number): JsonObject {
  const words = wordsOf(detail);
  return { ...(words === "" ? {} : { reasoning: words }), reasoning_details: [detailBody(detail, index)] };
}

function wordsOf(detail: ReasoningDetail): string {
  if (detail.kind === "text") return detail.text;
  return detail.kind === "summary" ? detail.summary : "";
}

/** One entry of `reasoning_details`. */
function detailBody(detail: ReasoningDetail, index: number): JsonObject {
  const { kind, format, ...rest } = detail;
  return { type: `reasoning.${kind}`, ...rest, format, index };
}

function addThought(details: JsonObject[], detail: ReasoningDetail, index: number): void {
  const open = details[index];
  if (open === undefined) {
    details[index] = detailBody(detail, index);
    return;
  }
  if (detail.kind === "text") {
    append(open, "text", detail.text);
    if (detail.signature !== null) open.signature = detail.signature;
  } else if (detail.kind === "summary") append(open, "summary", detail.summary);
}

function imagePart({ mediaType, data }: { mediaType: string; data: string }): JsonObject {
  return { type: "image_url", image_url: { url: `data:${mediaType};base64,${data}` } };
}

function annotation({ url, title, content, startIndex, endIndex }: Citation): JsonObject {
  return {
    type: "url_citation",
    url_citation: {
      url,
      title: title ?? "",
      ...(content === null ? {} : { content }),
      start_index: startIndex ?? 0,
      end_index: endIndex ?? 0,
    },
  };
}

/** Pieces of spoken output: `data` and `transcript` grow, the rest is replaced. */
function mergedAudio(soFar: JsonValue | undefined, piece: JsonObject): JsonObject {
  const merged: JsonObject = typeof soFar === "object" && soFar !== null && !Array.isArray(soFar) ? { ...soFar } : {};
  for (const [name, value] of Object.entries(piece)) {
    if ((name === "data" || name === "transcript") && typeof value === "string") append(merged, name, value);
    else merged[name] = value;
  }
  return merged;
}

function append(object: JsonObject, name: string, text: string): void {
  const soFar = object[name];
  object[name] = typeof soFar === "string" ? soFar + text : text;
}

function listOf(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? value : [];
}
