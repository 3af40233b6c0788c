/** A reasoning item: thoughts as text or as a summary, and what the provider wants back of them. */
import type { JsonObject } from "../../../kernel/json.ts";
import type { ReasoningDetail } from "../../canonical/events.ts";
import { type ItemPlace, type OpenItem, type Step, step } from "./output-item.ts";
import { OWN_FORMAT, sealThought } from "./sealed-thoughts.ts";

export class ReasoningItem implements OpenItem {
  readonly place: ItemPlace;
  readonly body: JsonObject;
  /** As the provider gave it. */
  readonly #id: string | null;
  readonly #format: string | null;
  #text: string | null = null;
  #summary: string | null = null;
  #signature: string | null = null;
  #data: string | null = null;

  constructor(place: ItemPlace, { id, format }: ReasoningDetail) {
    this.place = place;
    this.#id = id;
    this.#format = format;
    this.body = { id: place.id, type: "reasoning", status: "in_progress", summary: [] };
  }

  /** False where the thought is another one: a new id, another reader, or something after its signature. */
  takes({ kind, id, format }: ReasoningDetail): boolean {
    if (id !== this.#id || format !== this.#format || this.#data !== null || this.#signature !== null) return false;
    if (kind === "summary") return this.#text === null;
    return kind === "text" || id !== null;
  }

  think(detail: ReasoningDetail): Step[] {
    if (detail.kind === "encrypted") {
      this.#data = detail.data;
      return [];
    }
    if (detail.kind === "summary") return this.#addSummary(detail.summary);
    this.#signature = detail.signature ?? this.#signature;
    return detail.text === "" ? [] : this.#addText(detail.text);
  }

  close(status: "completed" | "incomplete"): Step[] {
    const steps = [...this.#endSummary(), ...this.#endText()];
    this.body.status = status;
    if (this.#format !== null) this.body.format = this.#format;
    if (this.#signature !== null) this.body.signature = this.#signature;
    const encrypted = this.#encrypted();
    if (encrypted !== null) this.body.encrypted_content = encrypted;
    return steps;
  }

  #encrypted(): string | null {
    if (this.#data !== null && this.#format === OWN_FORMAT) return this.#data;
    if (this.#data === null && this.#signature === null) return null;
    return sealThought({ format: this.#format, signature: this.#signature, data: this.#data, id: this.#id });
  }

  #addSummary(delta: string): Step[] {
    const at = { ...this.#at(), summary_index: 0 };
    const steps: Step[] = [];
    if (this.#summary === null) {
      steps.push(step("response.reasoning_summary_part.added", { ...at, part: { type: "summary_text", text: "" } }));
    }
    this.#summary = (this.#summary ?? "") + delta;
    steps.push(step("response.reasoning_summary_text.delta", { ...at, delta }));
    return steps;
  }

  #addText(delta: string): Step[] {
    const at = { ...this.#at(), content_index: 0 };
    const steps: Step[] = [];
    if (this.#text === null) {
      steps.push(...this.#endSummary());
      steps.push(step("response.content_part.added", { ...at, part: { type: "reasoning_text", text: "" } }));
    }
    this.#text = (this.#text ?? "") + delta;
    steps.push(step("response.reasoning_text.delta", { ...at, delta }));
    return steps;
  }

  #endSummary(): Step[] {
    const text = this.#summary;
    if (text === null) return [];
    this.#summary = null;
    const at = { ...this.#at(), summary_index: 0 };
    const part = { type: "summary_text", text };
    this.body.summary = [part];
    return [
      step("response.reasoning_summary_text.done", { ...at, text }),
      step("response.reasoning_summary_part.done", { ...at, part }),
    ];
  }

  #endText(): Step[] {
    const text = this.#text;
    if (text === null) return [];
    this.#text = null;
    const at = { ...this.#at(), content_index: 0 };
    const part = { type: "reasoning_text", text };
    this.body.content = [part];
    return [step("response.reasoning_text.done", { ...at, text }), step("response.content_part.done", { ...at, part })];
  }

  #at(): JsonObject {
    return { item_id: this.place.id, output_index: this.place.index };
  }
}
