/**
 * Thoughts that a server writes at the beginning of the content, between `<think>` and `</think>`: moved into `reasoning`.
 * One instance for each answer or stream. Only for servers whose documentation says so: a text about such tags that does not
 * begin with one stays as it is.
 */
import { arrayField, isJsonObject, type JsonObject } from "../../../kernel/json.ts";

const OPEN = "<think>";
const CLOSE = "</think>";

interface Progress {
  /** Between the closing tag and the first letter of the answer there is white space that belongs to neither. */
  stage: "beginning" | "thinking" | "between" | "answering";
  /** What may be a part of a tag, or the white space before one. */
  held: string;
}

export class ThinkTags {
  readonly #choices = new Map<number, Progress>();

  /** May change the chunk in place. */
  read(chunk: JsonObject): JsonObject {
    for (const [position, choice] of arrayField(chunk, "choices").entries()) {
      if (!isJsonObject(choice)) continue;
      const index = typeof choice.index === "number" ? choice.index : position;
      const isLast = typeof choice.finish_reason === "string";
      for (const said of [choice.message, choice.delta]) if (isJsonObject(said)) this.#split(said, { index, isLast });
    }
    return chunk;
  }

  #split(said: JsonObject, { index, isLast }: { index: number; isLast: boolean }): void {
    const progress = this.#choices.get(index) ?? { stage: "beginning", held: "" };
    this.#choices.set(index, progress);
    const hasContent = typeof said.content === "string";
    if (progress.stage === "answering" || (!hasContent && !(isLast && progress.held !== ""))) return;
    const { thoughts, text } = advance(progress, progress.held + (hasContent ? said.content : ""), isLast);
    said.content = text;
    if (thoughts !== "") said.reasoning = thoughts;
  }
}

function advance(progress: Progress, piece: string, isLast: boolean): { thoughts: string; text: string } {
  progress.held = "";
  if (progress.stage === "beginning") {
    const begun = piece.trimStart();
    if (!begun.startsWith(OPEN)) {
      if (!isLast && OPEN.startsWith(begun)) {
        progress.held = piece;
        return { thoughts: "", text: "" };
      }
      progress.stage = "answering";
      return { thoughts: "", text: piece };
    }
    progress.stage = "thinking";
    return advance(progress, begun.slice(OPEN.length), isLast);
  }
  if (progress.stage === "between") {
    const text = piece.trimStart();
    if (text !== "") progress.stage = "answering";
    return { thoughts: "", text };
  }
  const end = piece.indexOf(CLOSE);
  if (end !== -1) {
    progress.stage = "between";
    return { thoughts: piece.slice(0, end), text: advance(progress, piece.slice(end + CLOSE.length), isLast).text };
  }
  const kept = isLast ? piece.length : piece.length - heldLength(piece);
  progress.held = piece.slice(kept);
  return { thoughts: piece.slice(0, kept), text: "" };
}

/** How many letters at the end may be the beginning of the closing tag. */
function heldLength(piece: string): number {
  for (let length = Math.min(CLOSE.length - 1, piece.length); length > 0; length--) {
    if (CLOSE.startsWith(piece.slice(-length))) return length;
  }
  return 0;
}
