/** A call of a function, or of a custom tool, whose plain text is known only when the arguments are whole. */
import type { JsonObject } from "../../../kernel/json.ts";
import { type ItemPlace, type OpenItem, type Step, step } from "./output-item.ts";
import { type CalledTool, customInput } from "./tools.ts";

export class CallItem implements OpenItem {
  readonly place: ItemPlace;
  readonly body: JsonObject;
  readonly #called: CalledTool;
  #arguments = "";

  constructor(place: ItemPlace, { called, callId }: { called: CalledTool; callId: string }) {
    this.place = place;
    this.#called = called;
    const { name, namespace } = called;
    const named = { call_id: callId, name, ...(namespace === null ? {} : { namespace }) };
    this.body =
      called.kind === "custom"
        ? { id: place.id, type: "custom_tool_call", status: "in_progress", ...named, input: "" }
        : { id: place.id, type: "function_call", status: "in_progress", ...named, arguments: "" };
  }

  arguments(delta: string): Step[] {
    this.#arguments += delta;
    if (this.#called.kind === "custom") return [];
    return [step("response.function_call_arguments.delta", { ...this.#at(), delta })];
  }

  close(status: "completed" | "incomplete"): Step[] {
    this.body.status = status;
    if (this.#called.kind === "custom") return this.#closeCustom();
    // A function without parameters is called with nothing, which no client can parse as JSON.
    const isEmpty = this.#arguments === "" && status === "completed";
    if (isEmpty) this.#arguments = "{}";
    this.body.arguments = this.#arguments;
    const done = { ...this.#at(), name: this.#called.name, arguments: this.#arguments };
    return [
      ...(isEmpty ? [step("response.function_call_arguments.delta", { ...this.#at(), delta: "{}" })] : []),
      step("response.function_call_arguments.done", done),
    ];
  }

  #closeCustom(): Step[] {
    const input = customInput(this.#arguments);
    this.body.input = input;
    const deltas = input === "" ? [] : [step("response.custom_tool_call_input.delta", { ...this.#at(), delta: input })];
    return [...deltas, step("response.custom_tool_call_input.done", { ...this.#at(), input })];
  }

  #at(): JsonObject {
    return { item_id: this.place.id, output_index: this.place.index };
  }
}
