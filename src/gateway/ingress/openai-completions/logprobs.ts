/** Log probabilities in the old form: one list per fact instead of one object per token. */
import { arrayField, isJsonObject, type JsonObject, type JsonValue } from "../../../kernel/json.ts";

/** Collects what the chat dialect reports token by token. */
export class TextLogprobs {
  readonly #tokens: JsonValue[] = [];
  readonly #logprobs: JsonValue[] = [];
  readonly #top: JsonObject[] = [];
  readonly #offsets: JsonValue[] = [];
  #offset: number;

  /** `offset` is where the first token stands in the text. */
  constructor(offset: number) {
    this.#offset = offset;
  }

  /** The lists for the tokens of one report, or undefined where it holds none. */
  read(reported: JsonValue): JsonObject | undefined {
    const entries = isJsonObject(reported) ? arrayField(reported, "content").filter(isJsonObject) : [];
    if (entries.length === 0) return undefined;
    const first = this.#tokens.length;
    for (const { token, logprob, top_logprobs: top } of entries) {
      const text = typeof token === "string" ? token : "";
      const others = Array.isArray(top) ? top.filter(isJsonObject) : [];
      this.#tokens.push(text);
      this.#logprobs.push(logprob ?? null);
      this.#top.push(Object.fromEntries(others.map((other) => [String(other.token), other.logprob ?? null])));
      this.#offsets.push(this.#offset);
      this.#offset += text.length;
    }
    return this.#lists(first);
  }

  /** All of them; null where none were reported. */
  get whole(): JsonObject | null {
    return this.#tokens.length === 0 ? null : this.#lists(0);
  }

  #lists(first: number): JsonObject {
    return {
      tokens: this.#tokens.slice(first),
      token_logprobs: this.#logprobs.slice(first),
      top_logprobs: this.#top.slice(first),
      text_offset: this.#offsets.slice(first),
    };
  }
}
