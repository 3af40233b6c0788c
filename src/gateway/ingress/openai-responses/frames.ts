/** Events of the Responses API on the wire: their type as the event's name, and numbers that only rise. */
import type { GapuraError } from "../../../kernel/errors.ts";
import type { JsonObject } from "../../../kernel/json.ts";
import { failureCode, failureMessage } from "./failures.ts";

export const DONE_FRAME = "data: [DONE]\n\n";

/** One event; `data` is its JSON text, in one line. */
export function eventFrame(type: string, data: string): string {
  return `event: ${type}\ndata: ${data}\n\n`;
}

export class Numbering {
  #next: number;

  constructor(first = 0) {
    this.#next = first;
  }

  /** Goes on behind a number that somebody else gave. */
  after(sequenceNumber: number): void {
    this.#next = Math.max(this.#next, sequenceNumber + 1);
  }

  frame(event: JsonObject & { type: string }): string {
    return eventFrame(event.type, JSON.stringify({ ...event, sequence_number: this.#next++ }));
  }
}

/**
 * The end of a stream that broke: an `error` event, then `response.failed`. OpenAI's own package throws at the `error`
 * inside the first one, others look at the second; there is no `[DONE]`, which would look like a good end.
 */
export function failureFrames(
  numbering: Numbering,
  { error, response }: { error: GapuraError; response: JsonObject },
): string {
  const code = failureCode(error);
  const message = failureMessage(error);
  const told = { type: error.errorType, code, message, param: null };
  return (
    numbering.frame({ type: "error", code, message, param: null, error: told }) +
    numbering.frame({ type: "response.failed", response })
  );
}
