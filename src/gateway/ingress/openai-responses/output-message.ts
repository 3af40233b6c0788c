/** A message of the assistant: parts of text, each with its citations, and refusals. */
import { arrayField, isJsonObject, type JsonObject, type JsonValue } from "../../../kernel/json.ts";
import type { Citation } from "../../canonical/events.ts";
import { type ItemPlace, type OpenItem, type Step, step } from "./output-item.ts";

type OpenPart =
  | { type: "output_text"; text: string; annotations: JsonObject[]; logprobs: JsonObject[] }
  | { type: "refusal"; refusal: string };

export class MessageItem implements OpenItem {
  readonly place: ItemPlace;
  readonly body: JsonObject;
  readonly #parts: JsonObject[] = [];
  #open: OpenPart | null = null;
  #lastText: Extract<OpenPart, { type: "output_text" }> | undefined;

  constructor(place: ItemPlace) {
    this.place = place;
    this.body = { id: place.id, type: "message", status: "in_progress", role: "assistant", content: this.#parts };
  }

  text(delta: string): Step[] {
    const { part, steps } = this.#textPart();
    part.text += delta;
    steps.push(step("response.output_text.delta", { ...this.#at(), delta, logprobs: [] }));
    return steps;
  }

  refusal(delta: string): Step[] {
    const steps = this.#open?.type === "refusal" ? [] : this.#begin({ type: "refusal", refusal: "" });
    if (this.#open?.type === "refusal") this.#open.refusal += delta;
    steps.push(step("response.refusal.delta", { ...this.#at(), delta }));
    return steps;
  }

  citation({ url, title, startIndex, endIndex }: Citation): Step[] {
    const { part, steps } = this.#textPart();
    const annotation = {
      type: "url_citation",
      url,
      title: title ?? "",
      start_index: startIndex ?? 0,
      end_index: endIndex ?? 0,
    };
    const annotation_index = part.annotations.length;
    part.annotations.push(annotation);
    steps.push(step("response.output_text.annotation.added", { ...this.#at(), annotation_index, annotation }));
    return steps;
  }

  /** In the chat dialect's form, for the last text. They stand in the finished part. */
  logprobs(reported: JsonValue): void {
    if (!isJsonObject(reported)) return;
    this.#lastText?.logprobs.push(...arrayField(reported, "content").filter(isJsonObject).map(ordinaryLogprob));
  }

  close(status: "completed" | "incomplete"): Step[] {
    const steps = this.#endPart();
    this.body.status = status;
    return steps;
  }

  #textPart(): { part: Extract<OpenPart, { type: "output_text" }>; steps: Step[] } {
    if (this.#open?.type === "output_text") return { part: this.#open, steps: [] };
    const part = { type: "output_text" as const, text: "", annotations: [], logprobs: [] };
    this.#lastText = part;
    return { part, steps: this.#begin(part) };
  }

  #begin(part: OpenPart): Step[] {
    const steps = this.#endPart();
    this.#open = part;
    steps.push(step("response.content_part.added", { ...this.#at(), part: structuredClone(part) }));
    return steps;
  }

  #endPart(): Step[] {
    const part = this.#open;
    if (part === null) return [];
    const at = this.#at();
    const done =
      part.type === "refusal"
        ? step("response.refusal.done", { ...at, refusal: part.refusal })
        : step("response.output_text.done", { ...at, text: part.text, logprobs: part.logprobs });
    this.#open = null;
    this.#parts.push(part);
    return [done, step("response.content_part.done", { ...at, part })];
  }

  /** Where the open part stands. */
  #at(): JsonObject {
    return { item_id: this.place.id, output_index: this.place.index, content_index: this.#parts.length };
  }
}

/** Clients take the bytes of a token as a list, never null. */
function ordinaryLogprob(entry: JsonObject): JsonObject {
  const top = arrayField(entry, "top_logprobs").filter(isJsonObject);
  return { ...tokenOf(entry), top_logprobs: top.map(tokenOf) };
}

function tokenOf({ token, logprob, bytes }: JsonObject): JsonObject {
  return { token: token ?? "", logprob: logprob ?? 0, bytes: Array.isArray(bytes) ? bytes : [] };
}
