/**
 * Reads what a client was sent, in whichever dialect: answers, thoughts and tool calls, collected up to a bound. It
 * looks at the client's side of the pipeline alone, so what passed through and what was translated is read alike.
 */
import {
  arrayField,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  objectField,
  parseJson,
  stringField,
} from "../../kernel/json.ts";
import type { PayloadOutput } from "../ports.ts";
import type { Budget } from "./bounds.ts";

type ToolCall = PayloadOutput["toolCalls"][number];

export class OutputReader {
  readonly #budget: Budget;
  /** Text and thoughts by choice: a request may ask for several answers. */
  readonly #texts = new Map<string, string>();
  readonly #thoughts = new Map<string, string>();
  readonly #calls = new Map<string, ToolCall>();

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  /** Takes frames of a stream, each complete. */
  frames(frames: string): void {
    for (const line of frames.split("\n")) {
      if (!line.startsWith("data: ") || line === "data: [DONE]") continue;
      const parsed = parseJson(line.slice(6));
      if (parsed.ok && isJsonObject(parsed.value)) this.#event(parsed.value);
    }
  }

  /** Takes an answer that was not streamed. */
  whole(answer: JsonObject): void {
    for (const choice of arrayField(answer, "choices").filter(isJsonObject)) this.#choice(choice, choice.message);
    for (const [index, block] of arrayField(answer, "content").filter(isJsonObject).entries()) {
      this.#block(block, String(index));
    }
    for (const [index, item] of arrayField(answer, "output").filter(isJsonObject).entries()) {
      this.#item(item, String(index));
    }
  }

  get output(): PayloadOutput {
    const joined = (texts: Map<string, string>) => (texts.size === 0 ? null : [...texts.values()].join("\n\n"));
    return {
      completion: joined(this.#texts),
      reasoning: joined(this.#thoughts),
      toolCalls: [...this.#calls.values()],
    };
  }

  #event(event: JsonObject): void {
    for (const choice of arrayField(event, "choices").filter(isJsonObject)) this.#choice(choice, choice.delta);
    const type = stringField(event, "type") ?? "";
    if (type.startsWith("response.")) this.#responseEvent(type, event);
    else if (type.startsWith("content_block_")) this.#blockEvent(event);
  }

  /** A choice of a chat or of a text completion; `said` is its message, or what a chunk adds to it. */
  #choice(choice: JsonObject, said: JsonValue | undefined): void {
    const name = String(choice.index ?? 0);
    this.#add(this.#texts, name, choice.text);
    if (!isJsonObject(said)) return;
    this.#add(this.#texts, name, said.content);
    this.#add(this.#texts, name, said.refusal);
    this.#add(this.#thoughts, name, said.reasoning ?? said.reasoning_content);
    for (const [index, call] of arrayField(said, "tool_calls").filter(isJsonObject).entries()) {
      const made = objectField(call, "function") ?? {};
      this.#call(`${name}/${call.index ?? index}`, {
        id: call.id,
        name: made.name,
        arguments: made.arguments,
      });
    }
  }

  #responseEvent(type: string, event: JsonObject): void {
    const name = String(event.output_index ?? 0);
    if (type === "response.output_text.delta" || type === "response.refusal.delta") {
      this.#add(this.#texts, name, event.delta);
    } else if (type === "response.reasoning_text.delta" || type === "response.reasoning_summary_text.delta") {
      this.#add(this.#thoughts, name, event.delta);
    } else if (type === "response.function_call_arguments.delta" || type === "response.custom_tool_call_input.delta") {
      this.#call(name, { arguments: event.delta });
    } else if (type === "response.output_item.added") {
      const item = objectField(event, "item");
      if (isCall(item)) this.#call(name, { id: item.call_id, name: item.name });
    }
  }

  #item(item: JsonObject, name: string): void {
    if (isCall(item)) {
      this.#call(name, { id: item.call_id, name: item.name, arguments: item.arguments ?? item.input });
    }
    const isThought = item.type === "reasoning";
    for (const part of [...arrayField(item, "summary"), ...arrayField(item, "content")].filter(isJsonObject)) {
      this.#add(isThought ? this.#thoughts : this.#texts, name, part.text ?? part.refusal);
    }
  }

  #blockEvent(event: JsonObject): void {
    const name = String(event.index ?? 0);
    const begun = objectField(event, "content_block");
    // The input of a tool comes piece by piece after an empty object.
    if (begun) this.#block({ ...begun, input: null }, name);
    const delta = objectField(event, "delta");
    if (!delta) return;
    this.#add(this.#texts, name, delta.text);
    this.#add(this.#thoughts, name, delta.thinking);
    if (typeof delta.partial_json === "string") this.#call(name, { arguments: delta.partial_json });
  }

  #block(block: JsonObject, name: string): void {
    if (block.type === "text") this.#add(this.#texts, name, block.text);
    if (block.type === "thinking") this.#add(this.#thoughts, name, block.thinking);
    if (block.type !== "tool_use") return;
    const input = block.input ?? null;
    this.#call(name, { id: block.id, name: block.name, arguments: input === null ? undefined : JSON.stringify(input) });
  }

  #add(texts: Map<string, string>, name: string, piece: JsonValue | undefined): void {
    if (typeof piece !== "string" || piece === "" || this.#budget.isCut) return;
    texts.set(name, (texts.get(name) ?? "") + this.#budget.text(piece));
  }

  #call(
    index: string,
    piece: { id?: JsonValue | undefined; name?: JsonValue | undefined; arguments?: JsonValue | undefined },
  ): void {
    if (this.#budget.isCut) return;
    const call = this.#calls.get(index) ?? { id: "", name: "", arguments: "" };
    for (const field of ["id", "name", "arguments"] as const) {
      const text = piece[field];
      if (typeof text === "string") call[field] += this.#budget.text(text);
    }
    this.#calls.set(index, call);
  }
}

/** A call in the Responses API; the input of a custom tool is plain text. */
function isCall(item: JsonObject | undefined): item is JsonObject {
  return item?.type === "function_call" || item?.type === "custom_tool_call";
}
