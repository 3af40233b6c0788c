/**
 * The items of a response that passes through, as far as their events have come, so that a stream which is ended before
 * its provider would can be closed as the dialect wants it: every item done, the response with what there is of it.
 */
import { type JsonObject, objectField, stringField } from "../../../kernel/json.ts";
import type { Numbering } from "./frames.ts";

interface StreamedItem {
  item: JsonObject;
  isDone: boolean;
  /** Parts of its content in their order, their texts as they have grown. */
  parts: { part: JsonObject; isDone: boolean }[];
  summaries: string[];
  arguments: string;
}

export class StreamedItems {
  readonly #items = new Map<number, StreamedItem>();

  /** Notes what an event says of an item. */
  note(type: string, event: JsonObject): void {
    const { output_index: index } = event;
    if (typeof index !== "number") return;
    const item = objectField(event, "item");
    if (type === "response.output_item.added" && item) this.#items.set(index, begun(item));
    else {
      const known = this.#items.get(index);
      if (type === "response.output_item.done" && item) this.#items.set(index, { ...begun(item), isDone: true });
      else if (known) grow(known, type, event);
    }
  }

  /** The frames that end every item which is still open. */
  close(numbering: Numbering): string {
    let frames = "";
    for (const [index, streamed] of this.#ordered()) {
      if (streamed.isDone) continue;
      for (const event of endsOf(index, streamed)) frames += numbering.frame(event);
      streamed.isDone = true;
    }
    return frames;
  }

  /** The items as they are now. */
  output(): JsonObject[] {
    return this.#ordered().map(([, { item }]) => item);
  }

  #ordered(): [number, StreamedItem][] {
    return [...this.#items].sort(([a], [b]) => a - b);
  }
}

function begun(item: JsonObject): StreamedItem {
  return { item, isDone: false, parts: [], summaries: [], arguments: "" };
}

/** The names under which the texts of parts stand, by the event that adds to them. */
const TEXT_OF: Readonly<Record<string, { type: string; name: string }>> = {
  "response.output_text.delta": { type: "output_text", name: "text" },
  "response.refusal.delta": { type: "refusal", name: "refusal" },
  "response.reasoning_text.delta": { type: "reasoning_text", name: "text" },
};

function grow(streamed: StreamedItem, type: string, event: JsonObject): void {
  const delta = stringField(event, "delta") ?? "";
  const place = typeof event.content_index === "number" ? event.content_index : 0;
  const part = objectField(event, "part");
  const text = TEXT_OF[type];
  if (text) {
    const known = streamed.parts[place]?.part ?? { type: text.type };
    const grown = { ...known, [text.name]: `${stringField(known, text.name) ?? ""}${delta}` };
    streamed.parts[place] = { part: grown, isDone: false };
  } else if (type === "response.content_part.added" && part) streamed.parts[place] = { part, isDone: false };
  else if (type === "response.content_part.done" && part) streamed.parts[place] = { part, isDone: true };
  else if (type === "response.function_call_arguments.delta") streamed.arguments += delta;
  else if (type === "response.reasoning_summary_text.delta") {
    const summary = typeof event.summary_index === "number" ? event.summary_index : 0;
    streamed.summaries[summary] = `${streamed.summaries[summary] ?? ""}${delta}`;
  }
}

type Event = JsonObject & { type: string };

function endsOf(index: number, streamed: StreamedItem): Event[] {
  const at = { item_id: stringField(streamed.item, "id") ?? "", output_index: index };
  const events = streamed.parts.flatMap(({ part, isDone }, place) =>
    isDone ? [] : endsOfPart(part, { ...at, content_index: place }),
  );
  if (streamed.item.type === "function_call") {
    const called = { name: stringField(streamed.item, "name") ?? "", arguments: streamed.arguments };
    events.push({ type: "response.function_call_arguments.done", ...at, ...called });
  }
  streamed.item = whole(streamed);
  return [...events, { type: "response.output_item.done", output_index: index, item: streamed.item }];
}

function endsOfPart(part: JsonObject, at: JsonObject): Event[] {
  const done: Event = { type: "response.content_part.done", ...at, part };
  if (part.type === "refusal") return [{ type: "response.refusal.done", ...at, refusal: part.refusal ?? "" }, done];
  if (part.type === "reasoning_text") return [{ type: "response.reasoning_text.done", ...at, text: part.text ?? "" }];
  if (part.type !== "output_text") return [done];
  return [{ type: "response.output_text.done", ...at, text: part.text ?? "", logprobs: [] }, done];
}

/** The item with all that came of it. */
function whole({ item, parts, summaries, arguments: said }: StreamedItem): JsonObject {
  // A part whose beginning was never told leaves its place empty.
  const content = parts.flatMap((one) => (one === undefined ? [] : [one.part]));
  return {
    ...item,
    status: "incomplete",
    ...(item.type === "function_call" ? { arguments: said } : {}),
    ...(summaries.length === 0 ? {} : { summary: summaries.map((text) => ({ type: "summary_text", text })) }),
    ...(content.length === 0 && item.type !== "message" ? {} : { content }),
  };
}
