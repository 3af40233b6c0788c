/**
 * What one request asked and was answered, for an operator who has switched payload logging on. Without that no object
 * of this class exists, and nothing of a body outlives its request.
 */
import type { GapuraError } from "../../kernel/errors.ts";
import type { JsonObject } from "../../kernel/json.ts";
import type { PayloadInput, PayloadRecord } from "../ports.ts";
import { Budget } from "./bounds.ts";
import { payloadInput } from "./input.ts";
import { OutputReader } from "./output.ts";

/** Characters of a request that are kept; pictures and documents count with their base64. */
export const MAX_INPUT_CHARACTERS = 256 * 1024;
/** Characters of an answer that are kept: text, thoughts and tool calls together. */
export const MAX_OUTPUT_CHARACTERS = 256 * 1024;

export class PayloadCapture {
  readonly #inputBudget = new Budget(MAX_INPUT_CHARACTERS);
  readonly #outputBudget = new Budget(MAX_OUTPUT_CHARACTERS);
  readonly #input: PayloadInput;
  readonly #output = new OutputReader(this.#outputBudget);
  #error: PayloadRecord["error"] = null;

  constructor(body: JsonObject) {
    this.#input = payloadInput(body, this.#inputBudget);
  }

  /** Frames of a stream, as the client gets them. */
  sent(frames: string): void {
    this.#output.frames(frames);
  }

  /** The whole answer, as the client gets it. */
  answered(body: JsonObject): void {
    this.#output.whole(body);
  }

  failed(error: GapuraError, provider: string | null): void {
    const raw = error.metadata?.raw;
    this.#error = {
      status: error.status,
      message: error.message,
      provider,
      raw: typeof raw === "string" ? raw : null,
    };
  }

  record(of: Pick<PayloadRecord, "generationId" | "userId" | "createdAt">): PayloadRecord {
    return {
      ...of,
      input: this.#input,
      output: this.#output.output,
      error: this.#error,
      isTruncated: this.#inputBudget.isCut || this.#outputBudget.isCut,
    };
  }
}
