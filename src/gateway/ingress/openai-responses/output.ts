/**
 * Builds the output items of a response out of canonical events, and tells of each step as OpenAI does.
 *
 * Invariants: every item that is added is done exactly once, in the order of the items; what `.done` says is what the
 * deltas said; the items of a whole answer are those of the stream.
 */
import type { JsonObject } from "../../../kernel/json.ts";
import type { CanonicalEvent, ReasoningDetail } from "../../canonical/events.ts";
import { CallItem } from "./output-call.ts";
import { type ItemPlace, type OpenItem, type Step, step } from "./output-item.ts";
import { MessageItem } from "./output-message.ts";
import { ReasoningItem } from "./output-reasoning.ts";
import type { CalledTool } from "./tools.ts";

export class ResponseOutput {
  /** The finished items, and the ones under way as far as they have come. */
  readonly items: JsonObject[] = [];
  readonly #idSuffix: string;
  readonly #tools: ReadonlyMap<string, CalledTool>;
  /** Several only where calls run side by side. */
  #open: OpenItem[] = [];
  readonly #calls = new Map<number, CallItem>();
  #lastMessage: MessageItem | undefined;

  constructor(generationId: string, tools: ReadonlyMap<string, CalledTool>) {
    this.#idSuffix = generationId.replace(/^gen-/, "").replace(/[^\w-]/g, "");
    this.#tools = tools;
  }

  /** The steps that an event makes; none for events that are no part of the output. */
  accept(event: CanonicalEvent): Step[] {
    switch (event.kind) {
      case "text":
        return this.#message((message) => message.text(event.text));
      case "refusal":
        return this.#message((message) => message.refusal(event.text));
      case "citation":
        return this.#message((message) => message.citation(event.citation));
      case "logprobs":
        // Whole answers of chat report them after everything else.
        this.#lastMessage?.logprobs(event.logprobs);
        return [];
      case "reasoning":
        return this.#reasoning(event.detail);
      case "tool-call":
        return this.#call(event);
      case "tool-arguments":
        return this.#calls.get(event.index)?.arguments(event.text) ?? [];
      case "image":
        return this.#image(event.data);
      default:
        return [];
    }
  }

  /** Ends what is under way. */
  close(status: "completed" | "incomplete"): Step[] {
    const steps = this.#open.flatMap((item) => {
      const last = item.close(status);
      this.items[item.place.index] = item.body;
      return [...last, step("response.output_item.done", { output_index: item.place.index, item: item.body })];
    });
    this.#open = [];
    this.#calls.clear();
    return steps;
  }

  #place(prefix: string): ItemPlace {
    const index = this.items.length;
    return { index, id: `${prefix}_${this.#idSuffix}_${index}` };
  }

  #begin(item: OpenItem): Step[] {
    this.#open.push(item);
    this.items[item.place.index] = item.body;
    // The item as it is now: it goes on changing until it is done.
    return [step("response.output_item.added", { output_index: item.place.index, item: structuredClone(item.body) })];
  }

  #openMessage(): MessageItem | undefined {
    return this.#open.find((item) => item instanceof MessageItem);
  }

  #message(say: (message: MessageItem) => Step[]): Step[] {
    const open = this.#openMessage();
    if (open) return say(open);
    const steps = this.close("completed");
    const message = new MessageItem(this.#place("msg"));
    this.#lastMessage = message;
    steps.push(...this.#begin(message));
    return [...steps, ...say(message)];
  }

  #reasoning(detail: ReasoningDetail): Step[] {
    const open = this.#open.find((item) => item instanceof ReasoningItem);
    if (open?.takes(detail)) return open.think(detail);
    const steps = this.close("completed");
    const place = this.#place("rs");
    const item = new ReasoningItem(detail.id?.startsWith("rs_") ? { ...place, id: detail.id } : place, detail);
    steps.push(...this.#begin(item));
    return [...steps, ...item.think(detail)];
  }

  #call({ index, id, name }: { index: number; id: string; name: string }): Step[] {
    const steps = this.#open.every((item) => item instanceof CallItem) ? [] : this.close("completed");
    const called = this.#tools.get(name) ?? { kind: "function", name, namespace: null };
    const item = new CallItem(this.#place(called.kind === "custom" ? "ctc" : "fc"), { called, callId: id });
    this.#calls.set(index, item);
    steps.push(...this.#begin(item));
    return steps;
  }

  #image(data: string): Step[] {
    const steps = this.close("completed");
    const place = this.#place("ig");
    const body = { id: place.id, type: "image_generation_call", status: "completed", result: data };
    const at = { output_index: place.index };
    this.items[place.index] = body;
    steps.push(
      step("response.output_item.added", { ...at, item: { ...body, status: "in_progress", result: null } }),
      step("response.image_generation_call.completed", { ...at, item_id: place.id }),
      step("response.output_item.done", { ...at, item: body }),
    );
    return steps;
  }
}
