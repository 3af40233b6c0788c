/**
 * A Responses stream on its way from a provider that speaks the dialect: events go through as they came, but for the
 * response objects in the first and the last of them, which get this generation's identity, and the cost. Pure.
 */
import type { GapuraError } from "../../../kernel/errors.ts";
import { isJsonObject, type JsonObject, objectField, stringField } from "../../../kernel/json.ts";
import type { AnswerIdentity, Billed, NativeUpstream, StreamStep, StreamTranslator } from "../../canonical/dialects.ts";
import type { TokenUsage } from "../../canonical/usage.ts";
import { textBytes } from "../../metering/usage.ts";
import { parseUpstreamJson } from "../upstream-json.ts";
import { endOf, identified, withUsage } from "./answer.ts";
import { failureCode, failureMessage, failureOf } from "./failures.ts";
import { DONE_FRAME, eventFrame, failureFrames, Numbering } from "./frames.ts";
import { StreamedItems } from "./streamed-items.ts";
import { readResponseUsage } from "./usage.ts";

const LAST_EVENTS: ReadonlySet<string> = new Set(["response.completed", "response.incomplete"]);

export class ResponsesStream implements StreamTranslator {
  readonly #identity: AnswerIdentity;
  readonly #upstream: NativeUpstream;
  readonly #numbering = new Numbering();
  readonly #items = new StreamedItems();
  /** The newest response object that was seen. */
  #response: JsonObject = {};
  /** The provider's last event, held back until the answer is billed. */
  #last: JsonObject | undefined;
  usage: TokenUsage | undefined;
  textLength = 0;
  upstreamId: string | null = null;
  finishReason: string | null = null;
  nativeFinishReason: string | null = null;
  serviceTier: string | null = null;
  mediaCount = 0;

  constructor(identity: AnswerIdentity, upstream: NativeUpstream) {
    this.#identity = identity;
    this.#upstream = upstream;
  }

  get isComplete(): boolean {
    return this.#last !== undefined;
  }

  accept(data: string): StreamStep {
    if (data === "[DONE]") return { kind: "done" };
    const parsed = parseUpstreamJson(data);
    if (!parsed.ok || !isJsonObject(parsed.value)) return { kind: "unreadable" };
    const event = this.#upstream.readChunk?.(parsed.value) ?? parsed.value;
    const type = stringField(event, "type");
    if (type === undefined) return { kind: "unreadable" };
    const failure = failureOf(event);
    if (failure) return { kind: "failed", ...failure };
    if (typeof event.sequence_number === "number") this.#numbering.after(event.sequence_number);
    const response = objectField(event, "response");
    if (!response) return this.#part(type, { event, data });
    this.#note(response);
    if (LAST_EVENTS.has(type)) return this.#finish(event, response);
    return { kind: "chunk", frames: eventFrame(type, JSON.stringify(event)), hasToken: false };
  }

  end(billed: Billed): string {
    if (!this.#last) return DONE_FRAME;
    withUsage(this.#response, billed);
    return eventFrame(String(this.#last.type), JSON.stringify(this.#last)) + DONE_FRAME;
  }

  cut(billed: Billed): string {
    const frames = this.#items.close(this.#numbering);
    const response = withUsage(
      {
        ...identified({ ...this.#response }, this.#identity),
        status: "incomplete",
        incomplete_details: { reason: "max_output_tokens" },
        output: this.#items.output(),
      },
      billed,
    );
    return frames + this.#numbering.frame({ type: "response.incomplete", response }) + DONE_FRAME;
  }

  fail(error: GapuraError): string {
    const response = {
      ...identified({ ...this.#response }, this.#identity),
      output: Array.isArray(this.#response.output) ? this.#response.output : [],
      status: "failed",
      error: { code: failureCode(error), message: failureMessage(error) },
      error_type: error.errorType,
    };
    return failureFrames(this.#numbering, { error, response });
  }

  #note(response: JsonObject): void {
    this.upstreamId ??= stringField(response, "id") ?? null;
    this.serviceTier = stringField(response, "service_tier") ?? this.serviceTier;
    this.usage = readResponseUsage(response) ?? this.usage;
    this.#response = identified(response, this.#identity);
  }

  #finish(event: JsonObject, response: JsonObject): StreamStep {
    const { finishReason, nativeFinishReason } = endOf(response);
    this.finishReason = finishReason;
    this.nativeFinishReason = nativeFinishReason;
    this.#last = event;
    return { kind: "done" };
  }

  /** An event that tells of a part of the output: it goes through as it came. */
  #part(type: string, { event, data }: { event: JsonObject; data: string }): StreamStep {
    const delta = stringField(event, "delta") ?? "";
    this.#items.note(type, event);
    this.textLength += textBytes(delta);
    const itemType = stringField(objectField(event, "item") ?? {}, "type") ?? "";
    const isPicture = type === "response.output_item.done" && itemType === "image_generation_call";
    // A tool at work, a search for example, is something that people are shown.
    const isToolAtWork = type.includes("_call") || itemType.endsWith("_call");
    if (isPicture) this.mediaCount++;
    // A line break between the fields of the JSON would end the line of the event.
    const isOneLine = !data.includes("\n") && !this.#upstream.readChunk;
    const frames = eventFrame(type, isOneLine ? data : JSON.stringify(event));
    return { kind: "chunk", frames, hasToken: delta !== "" || isPicture || isToolAtWork };
  }
}
