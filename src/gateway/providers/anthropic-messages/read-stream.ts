/** Reads a stream of Anthropic's events into canonical ones. */
import { isJsonObject, type JsonObject, objectField, stringField } from "../../../kernel/json.ts";
import type { EventReader } from "../../canonical/dialects.ts";
import type { CanonicalEvent } from "../../canonical/events.ts";
import { statusOf } from "../../ingress/anthropic-messages/errors.ts";
import { mergedUsage, readMessagesUsage } from "../../ingress/anthropic-messages/usage.ts";
import { parseUpstreamJson } from "../../ingress/upstream-json.ts";
import { blockEvents, citationOf, finishOf, startOf, thought, usageEvents } from "./read-answer.ts";

export class MessagesReader implements EventReader {
  readonly #calls = { count: 0 };
  #usage: JsonObject = {};
  #textLength = 0;
  #blockStart = 0;
  #blockType: string | undefined;
  #hasArguments = true;
  #citations: unknown[] = [];

  accept(data: string): CanonicalEvent[] | undefined {
    const parsed = parseUpstreamJson(data);
    if (!parsed.ok || !isJsonObject(parsed.value)) return undefined;
    const event = parsed.value;
    switch (event.type) {
      case "message_start":
        return this.#start(objectField(event, "message") ?? {});
      case "content_block_start":
        return this.#blockStarts(objectField(event, "content_block") ?? {});
      case "content_block_delta":
        return this.#delta(objectField(event, "delta") ?? {});
      case "content_block_stop":
        return this.#blockStops();
      case "message_delta":
        return this.#messageDelta(event);
      case "message_stop":
        return [{ kind: "end" }];
      case "error":
        return [failureOf(event)];
      default:
        return [];
    }
  }

  #start(message: JsonObject): CanonicalEvent[] {
    this.#usage = mergedUsage(this.#usage, objectField(message, "usage") ?? {});
    const usage = readMessagesUsage(this.#usage);
    const start = startOf(message);
    // The prompt is counted; the answer is not, should it break off.
    return usage ? [start, { kind: "usage", usage: { ...usage, estimated: true } }] : [start];
  }

  #blockStarts(block: JsonObject): CanonicalEvent[] {
    this.#blockStart = this.#textLength;
    this.#blockType = stringField(block, "type");
    const events = blockEvents(block, this.#calls);
    this.#hasArguments = events.some(({ kind }) => kind === "tool-arguments");
    return this.#counted(events);
  }

  #delta(delta: JsonObject): CanonicalEvent[] {
    switch (delta.type) {
      case "text_delta":
        return this.#counted([{ kind: "text", text: stringField(delta, "text") ?? "" }]);
      case "thinking_delta": {
        const text = stringField(delta, "thinking") ?? "";
        return text === "" ? [] : [thought(text, null)];
      }
      case "signature_delta":
        return [thought("", stringField(delta, "signature") ?? null)];
      case "input_json_delta": {
        // Arguments of tools that Anthropic runs by itself belong to no call of the client's.
        const text = stringField(delta, "partial_json") ?? "";
        if (this.#blockType !== "tool_use" || text === "") return [];
        this.#hasArguments = true;
        return [{ kind: "tool-arguments", index: this.#calls.count - 1, text }];
      }
      case "citations_delta":
        this.#citations.push(delta.citation);
        return [];
      default:
        return [];
    }
  }

  /** A citation stands for the whole of its block, so it is told when that has ended. */
  #blockStops(): CanonicalEvent[] {
    const span = { startIndex: this.#blockStart, endIndex: this.#textLength };
    const cited = this.#citations.splice(0).flatMap((citation) => citationOf(citation, span));
    if (this.#blockType !== "tool_use" || this.#hasArguments) return cited;
    return [...cited, { kind: "tool-arguments", index: this.#calls.count - 1, text: "{}" }];
  }

  #messageDelta(event: JsonObject): CanonicalEvent[] {
    this.#usage = mergedUsage(this.#usage, objectField(event, "usage") ?? {});
    const finish = finishOf(objectField(event, "delta") ?? {});
    return [...usageEvents(this.#usage), ...(finish ? [finish] : [])];
  }

  #counted(events: CanonicalEvent[]): CanonicalEvent[] {
    for (const event of events) if (event.kind === "text") this.#textLength += event.text.length;
    return events;
  }
}

function failureOf(event: JsonObject): CanonicalEvent {
  const error = objectField(event, "error") ?? {};
  const status = statusOf(stringField(error, "type") ?? "");
  return { kind: "failure", status, message: (stringField(error, "message") ?? "").slice(0, 300) };
}
