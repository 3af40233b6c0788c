/** Reads a stream of chat completion chunks into canonical events: the first choice, in order. */
import { arrayField, isJsonObject, type JsonObject, stringField } from "../../../kernel/json.ts";
import type { EventReader } from "../../canonical/dialects.ts";
import type { CanonicalEvent } from "../../canonical/events.ts";
import { parseUpstreamJson } from "../../ingress/upstream-json.ts";
import { commonEvents, finishOf, partsOf, startOf } from "./read-answer.ts";

export class ChatReader implements EventReader {
  readonly #readChunk: (chunk: JsonObject) => JsonObject;
  readonly #calls = new Map<number, number>();
  #started = false;

  constructor(readChunk: (chunk: JsonObject) => JsonObject) {
    this.#readChunk = readChunk;
  }

  accept(data: string): CanonicalEvent[] | undefined {
    if (data === "[DONE]") return [{ kind: "end" }];
    const parsed = parseUpstreamJson(data);
    if (!parsed.ok || !isJsonObject(parsed.value)) return undefined;
    const chunk = this.#readChunk(parsed.value);
    const failure = failureOf(chunk);
    if (failure) return [failure];
    const events: CanonicalEvent[] = [];
    if (!this.#started) {
      this.#started = true;
      events.push(startOf(chunk));
    }
    events.push(...commonEvents(chunk));
    const choice = arrayField(chunk, "choices")
      .filter(isJsonObject)
      .find(({ index }) => index === undefined || index === 0);
    if (!choice) return events;
    if (isJsonObject(choice.delta)) events.push(...partsOf(choice.delta, this.#calls));
    if (isJsonObject(choice.logprobs)) events.push({ kind: "logprobs", logprobs: choice.logprobs });
    const finish = finishOf(choice);
    return finish ? [...events, finish] : events;
  }
}

/** The failure that a chunk tells of, undefined for an ordinary one. */
export function failureOf(chunk: JsonObject): { kind: "failure"; status: number; message: string } | undefined {
  const { error } = chunk;
  if (error === undefined || error === null) return undefined;
  if (!isJsonObject(error)) return { kind: "failure", status: 502, message: String(error).slice(0, 300) };
  const status = typeof error.code === "number" && error.code >= 400 && error.code < 600 ? error.code : 502;
  return { kind: "failure", status, message: (stringField(error, "message") ?? "").slice(0, 300) };
}
