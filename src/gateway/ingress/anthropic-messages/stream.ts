/**
 * A Messages stream on its way from a provider that speaks the dialect. Events go through as they came, but for the
 * first, which gets this generation's identity, and the last two, which wait until the cost is known. Pure.
 */
import type { GapuraError } from "../../../kernel/errors.ts";
import { isJsonObject, type JsonObject, objectField, stringField } from "../../../kernel/json.ts";
import type { AnswerIdentity, Billed, NativeUpstream, StreamStep, StreamTranslator } from "../../canonical/dialects.ts";
import type { TokenUsage } from "../../canonical/usage.ts";
import { CUT } from "../../metering/settlement.ts";
import { textBytes } from "../../metering/usage.ts";
import { parseUpstreamJson } from "../upstream-json.ts";
import { errorFrame, frame, STOP_FRAME, statusOf } from "./errors.ts";
import { finishReasonOf, stopFields } from "./stop-reason.ts";
import { costBody, mergedUsage, readMessagesUsage, usageBody } from "./usage.ts";

export class MessagesStream implements StreamTranslator {
  readonly #identity: AnswerIdentity;
  readonly #upstream: NativeUpstream;
  #reported: JsonObject = {};
  /** The provider's `message_delta`, kept back for the cost. */
  #last: JsonObject | undefined;
  /** Blocks that have begun and not ended. */
  readonly #open = new Set<number>();
  textLength = 0;
  upstreamId: string | null = null;
  nativeFinishReason: string | null = null;

  constructor(identity: AnswerIdentity, upstream: NativeUpstream) {
    this.#identity = identity;
    this.#upstream = upstream;
  }

  get isComplete(): boolean {
    return this.nativeFinishReason !== null;
  }

  get finishReason(): string | null {
    if (this.nativeFinishReason === CUT) return "length";
    return this.nativeFinishReason === null ? null : finishReasonOf(this.nativeFinishReason);
  }

  /** Until the end only the prompt's tokens are final; what was written until then is counted by its length. */
  get usage(): TokenUsage | undefined {
    const usage = readMessagesUsage(this.#reported);
    return usage && !this.isComplete ? { ...usage, estimated: true } : usage;
  }

  get serviceTier(): string | null {
    return stringField(this.#reported, "service_tier") ?? null;
  }

  accept(data: string): StreamStep {
    const parsed = parseUpstreamJson(data);
    if (!parsed.ok || !isJsonObject(parsed.value)) return { kind: "unreadable" };
    const event = this.#upstream.readChunk?.(parsed.value) ?? parsed.value;
    switch (event.type) {
      case "message_start":
        return this.#start(event);
      case "message_delta":
        return this.#delta(event);
      case "message_stop":
        return { kind: "done" };
      case "error":
        return failureOf(event);
      default: {
        this.#noteBlock(event);
        const length = visibleLength(event);
        this.textLength += length;
        const type = stringField(event, "type");
        if (type === undefined) return { kind: "unreadable" };
        return { kind: "chunk", frames: unchanged(type, { event, parsed: parsed.value, data }), hasToken: length > 0 };
      }
    }
  }

  end(billed: Billed): string {
    const last = this.#last ?? { type: "message_delta", delta: {}, usage: {} };
    const usage = { ...objectField(last, "usage"), ...costBody(billed) };
    return frame("message_delta", { ...last, usage }) + STOP_FRAME;
  }

  /** Blocks that are open are closed; what the provider said of its own end, if anything, was about another one. */
  cut(billed: Billed): string {
    const stops = [...this.#open].map((index) => frame("content_block_stop", { type: "content_block_stop", index }));
    this.#open.clear();
    this.nativeFinishReason = CUT;
    const delta = { ...stopFields({ reason: "length", native: null, stopSequence: null }, false), container: null };
    const usage = usageBody(billed, this.serviceTier);
    return stops.join("") + frame("message_delta", { type: "message_delta", delta, usage }) + STOP_FRAME;
  }

  fail(error: GapuraError): string {
    return errorFrame(error, this.#identity.requestId);
  }

  #noteBlock({ type, index }: JsonObject): void {
    if (typeof index !== "number") return;
    if (type === "content_block_start") this.#open.add(index);
    else if (type === "content_block_stop") this.#open.delete(index);
  }

  #start(event: JsonObject): StreamStep {
    const message = objectField(event, "message") ?? {};
    this.upstreamId = stringField(message, "id") ?? null;
    this.#reported = mergedUsage(this.#reported, objectField(message, "usage") ?? {});
    const { generationId: id, model, provider } = this.#identity;
    const frames = frame("message_start", { ...event, message: { ...message, id, model, provider } });
    return { kind: "chunk", frames, hasToken: false };
  }

  #delta(event: JsonObject): StreamStep {
    const before = this.#last;
    this.#last = event;
    this.#reported = mergedUsage(this.#reported, objectField(event, "usage") ?? {});
    this.nativeFinishReason = stringField(objectField(event, "delta") ?? {}, "stop_reason") ?? this.nativeFinishReason;
    if (!before) return { kind: "nothing" };
    return { kind: "chunk", frames: frame("message_delta", before), hasToken: false };
  }
}

/** The event's own text where nobody touched it and it stands on one line. */
function unchanged(type: string, { event, parsed, data }: { event: JsonObject; parsed: JsonObject; data: string }) {
  return event === parsed && !data.includes("\n") ? `event: ${type}\ndata: ${data}\n\n` : frame(type, event);
}

function failureOf(event: JsonObject): StreamStep {
  const error = objectField(event, "error") ?? {};
  const message = (stringField(error, "message") ?? "").slice(0, 300);
  return { kind: "failed", status: statusOf(stringField(error, "type") ?? ""), message };
}

function visibleLength(event: JsonObject): number {
  const piece = objectField(event, "delta") ?? objectField(event, "content_block");
  if (!piece) return 0;
  let length = 0;
  for (const name of ["text", "thinking", "partial_json", "name"]) length += textBytes(stringField(piece, name) ?? "");
  return length;
}
