/**
 * Reads a stream of Responses events into canonical events. What a server tells only at the end of an item, because it
 * sends no deltas, is read from there.
 */
import { arrayField, isJsonObject, type JsonObject, objectField, stringField } from "../../../kernel/json.ts";
import type { EventReader } from "../../canonical/dialects.ts";
import type { CanonicalEvent } from "../../canonical/events.ts";
import { failureOf } from "../../ingress/openai-responses/failures.ts";
import { parseUpstreamJson } from "../../ingress/upstream-json.ts";
import { callBegins, citationOf, encryptedOf, endEvents, itemEvents, startOf } from "./read-answer.ts";

interface Call {
  /** Among the calls of the answer. */
  index: number;
  hasArguments: boolean;
}

export class ResponsesReader implements EventReader {
  readonly #thoughts: string | null;
  readonly #calls = new Map<number, Call>();
  /** Positions of items of which something was told piece by piece. */
  readonly #told = new Set<number>();

  constructor(thoughts: string | null) {
    this.#thoughts = thoughts;
  }

  accept(data: string): CanonicalEvent[] | undefined {
    if (data === "[DONE]") return [{ kind: "end" }];
    const parsed = parseUpstreamJson(data);
    if (!parsed.ok || !isJsonObject(parsed.value)) return undefined;
    const event = parsed.value;
    const failure = failureOf(event);
    if (failure) return [{ kind: "failure", ...failure }];
    const position = typeof event.output_index === "number" ? event.output_index : -1;
    const response = objectField(event, "response");
    switch (event.type) {
      case "response.created":
        return response ? [startOf(response)] : [];
      case "response.completed":
      case "response.incomplete":
        return [...this.#lastEvents(response ?? {}), { kind: "end" }];
      case "response.output_item.added":
        return this.#added(objectField(event, "item") ?? {}, position);
      case "response.output_item.done":
        return this.#done(objectField(event, "item") ?? {}, position);
      default:
        return this.#piece(event, position);
    }
  }

  /** Whether a function was called is known from the events, too: some servers leave the output out of the last one. */
  #lastEvents(response: JsonObject): CanonicalEvent[] {
    return endEvents(response).map((event) =>
      event.kind === "finish" && event.reason === "stop" && this.#calls.size > 0
        ? { ...event, reason: "tool_calls" }
        : event,
    );
  }

  #added(item: JsonObject, position: number): CanonicalEvent[] {
    if (item.type !== "function_call") return [];
    const call = { index: this.#calls.size, hasArguments: false };
    this.#calls.set(position, call);
    return [callBegins(item, call.index)];
  }

  #done(item: JsonObject, position: number): CanonicalEvent[] {
    if (item.type === "function_call") {
      const events = this.#calls.has(position) ? [] : this.#added(item, position);
      return [...events, ...this.#arguments(item.arguments, position)];
    }
    return this.#told.has(position) ? encryptedOf(item, this.#thoughts) : itemEvents(item, this.#thoughts);
  }

  /** The whole arguments, where they did not come piece by piece. */
  #arguments(text: unknown, position: number): CanonicalEvent[] {
    const call = this.#calls.get(position);
    if (!call || call.hasArguments || typeof text !== "string" || text === "") return [];
    call.hasArguments = true;
    return [{ kind: "tool-arguments", index: call.index, text }];
  }

  #piece(event: JsonObject, position: number): CanonicalEvent[] {
    const delta = stringField(event, "delta") ?? "";
    const id = stringField(event, "item_id") ?? null;
    const format = this.#thoughts;
    switch (event.type) {
      case "response.output_text.delta": {
        const logprobs = arrayField(event, "logprobs");
        const events = this.#tell(position, delta, { kind: "text", text: delta });
        return logprobs.length === 0
          ? events
          : [...events, { kind: "logprobs", logprobs: { content: [...logprobs], refusal: null } }];
      }
      case "response.refusal.delta":
        return this.#tell(position, delta, { kind: "refusal", text: delta });
      case "response.reasoning_text.delta":
        return this.#tell(position, delta, {
          kind: "reasoning",
          detail: { kind: "text", text: delta, signature: null, id, format },
        });
      case "response.reasoning_summary_part.added":
        if (event.summary_index === 0 || !this.#told.has(position)) return [];
        return [{ kind: "reasoning", detail: { kind: "summary", summary: "\n\n", id, format } }];
      case "response.reasoning_summary_text.delta":
        return this.#tell(position, delta, {
          kind: "reasoning",
          detail: { kind: "summary", summary: delta, id, format },
        });
      case "response.function_call_arguments.delta": {
        const call = this.#calls.get(position);
        if (!call || delta === "") return [];
        call.hasArguments = true;
        return [{ kind: "tool-arguments", index: call.index, text: delta }];
      }
      case "response.function_call_arguments.done":
        return this.#arguments(event.arguments, position);
      case "response.output_text.annotation.added":
        return citationOf(event.annotation);
      default:
        return [];
    }
  }

  #tell(position: number, delta: string, event: CanonicalEvent): CanonicalEvent[] {
    if (delta === "") return [];
    this.#told.add(position);
    return [event];
  }
}
