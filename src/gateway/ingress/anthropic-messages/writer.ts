/** Canonical events as the stream of a Messages client, and as one whole message. */
import type { GapuraError } from "../../../kernel/errors.ts";
import { isJsonObject, type JsonObject, type JsonValue, parseJson } from "../../../kernel/json.ts";
import type { AnswerContext, AnswerIdentity, Billed, EventWriter } from "../../canonical/dialects.ts";
import type { CanonicalEvent } from "../../canonical/events.ts";
import { BlockSequence, type BlockStep } from "./blocks.ts";
import { errorFrame, frame, STOP_FRAME } from "./errors.ts";
import { type Ending, stopFields } from "./stop-reason.ts";
import { NO_USAGE, usageBody } from "./usage.ts";

const UNSAID: Ending = { reason: "stop", native: null, stopSequence: null };

export class MessagesWriter implements EventWriter {
  readonly #identity: AnswerIdentity;
  readonly #blocks = new BlockSequence();
  #begun = false;
  #ending = UNSAID;
  #tier: string | null = null;

  constructor(identity: AnswerIdentity) {
    this.#identity = identity;
  }

  write(event: CanonicalEvent): string {
    if (event.kind === "finish") this.#ending = event;
    if (event.kind === "service-tier") this.#tier = event.tier;
    return this.#beginning() + this.#blocks.add(event).map(frameOf).join("");
  }

  end(billed: Billed): string {
    const frames = this.#beginning() + this.#blocks.end().map(frameOf).join("");
    const delta = { ...stopFields(this.#ending, this.#blocks.hasToolCalls), container: null };
    const usage = usageBody(billed, this.#tier);
    return frames + frame("message_delta", { type: "message_delta", delta, usage }) + STOP_FRAME;
  }

  fail(error: GapuraError): string {
    return errorFrame(error, this.#identity.requestId);
  }

  #beginning(): string {
    if (this.#begun) return "";
    this.#begun = true;
    const ending = { stop_reason: null, stop_sequence: null, stop_details: null };
    return frame("message_start", {
      type: "message_start",
      message: { ...head(this.#identity), content: [], ...ending, container: null, usage: NO_USAGE },
    });
  }
}

function frameOf(step: BlockStep): string {
  return frame(step.type, step);
}

function head({ generationId, model, provider }: AnswerIdentity): JsonObject {
  return { id: generationId, type: "message", role: "assistant", model, provider };
}

/** The whole message that the events make. */
export function messageOf(events: readonly CanonicalEvent[], { identity, billed }: AnswerContext): JsonObject {
  const blocks = new BlockSequence();
  const content: JsonObject[] = [];
  let ending = UNSAID;
  let tier: string | null = null;
  for (const event of events) {
    if (event.kind === "finish") ending = event;
    if (event.kind === "service-tier") tier = event.tier;
    for (const step of blocks.add(event)) apply(step, content);
  }
  for (const step of blocks.end()) apply(step, content);
  return {
    ...head(identity),
    content,
    ...stopFields(ending, blocks.hasToolCalls),
    container: null,
    usage: usageBody(billed, tier),
  };
}

/** Where each delta's text goes. */
const GROWS = { text_delta: "text", thinking_delta: "thinking", input_json_delta: "partial_json" } as const;

function apply(step: BlockStep, content: JsonObject[]): void {
  if (step.type === "content_block_start") {
    content.push({ ...step.content_block });
    return;
  }
  const block = content[step.index];
  if (!block) return;
  if (step.type === "content_block_stop") {
    if (block.type === "tool_use") finishInput(block);
    return;
  }
  const { delta } = step;
  if (delta.type === "text_delta" || delta.type === "thinking_delta" || delta.type === "input_json_delta") {
    const name = GROWS[delta.type];
    block[name] = `${typeof block[name] === "string" ? block[name] : ""}${String(delta[name])}`;
  } else if (delta.type === "signature_delta") block.signature = delta.signature ?? "";
  else if (delta.type === "citations_delta") {
    const soFar: JsonValue[] = Array.isArray(block.citations) ? block.citations : [];
    block.citations = [...soFar, delta.citation ?? null];
  }
}

/** Arguments that were cut off are no object; what could be read of them is nothing. */
function finishInput(block: JsonObject): void {
  const parsed = typeof block.partial_json === "string" ? parseJson(block.partial_json) : undefined;
  delete block.partial_json;
  block.input = parsed?.ok && isJsonObject(parsed.value) ? parsed.value : {};
}
