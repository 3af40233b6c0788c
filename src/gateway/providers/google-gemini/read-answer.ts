/**
 * Answers of generateContent as canonical events. A whole answer is the same thing as one chunk of a stream. Tolerant:
 * parts of kinds that nobody here knows (code that Google ran, for example) are passed over.
 */
import { arrayField, isJsonObject, type JsonObject, objectField, stringField } from "../../../kernel/json.ts";
import type { EventReader } from "../../canonical/dialects.ts";
import type { CanonicalEvent } from "../../canonical/events.ts";
import { parseUpstreamJson } from "../../ingress/upstream-json.ts";
import { FORMAT, imageSignatureId } from "./format.ts";
import { blockOf, citationsOf, failureOf, finishReasonOf, logprobsOf } from "./read-notes.ts";
import { readGeminiUsage } from "./read-usage.ts";

export class GeminiReader implements EventReader {
  #started = false;
  #finished = false;
  #responseId: string | null = null;
  #calls = 0;
  #images = 0;
  /** What was said so far; places of citations are counted in it. */
  #text = "";
  #grounding: JsonObject | undefined;

  accept(data: string): CanonicalEvent[] | undefined {
    const parsed = parseUpstreamJson(data);
    if (!parsed.ok) return undefined;
    // Errors come wrapped in a list at times.
    const said = Array.isArray(parsed.value) ? parsed.value[0] : parsed.value;
    return isJsonObject(said) ? this.read(said) : undefined;
  }

  /** The events of one chunk, or of a whole answer. */
  read(answer: JsonObject): CanonicalEvent[] {
    const failure = failureOf(answer);
    if (failure) return [failure];
    const events: CanonicalEvent[] = this.#start(answer);
    const candidate = arrayField(answer, "candidates").find(isJsonObject);
    for (const part of arrayField(objectField(candidate ?? {}, "content") ?? {}, "parts")) {
      if (isJsonObject(part)) events.push(...this.#part(part));
    }
    const usage = readGeminiUsage(answer);
    if (usage) events.push({ kind: "usage", usage });
    if (candidate) events.push(...this.#notes(candidate));
    const block = blockOf(answer);
    if (block && !candidate) events.push(block);
    return events;
  }

  #start(answer: JsonObject): CanonicalEvent[] {
    if (this.#started) return [];
    this.#started = true;
    this.#responseId = stringField(answer, "responseId") ?? null;
    const created = Date.parse(stringField(answer, "createTime") ?? "");
    const createdSeconds = Number.isNaN(created) ? null : Math.floor(created / 1000);
    return [{ kind: "start", upstreamId: this.#responseId, createdSeconds, fingerprint: null }];
  }

  #part(part: JsonObject): CanonicalEvent[] {
    const signature = stringField(part, "thoughtSignature") ?? null;
    const text = stringField(part, "text");
    if (part.thought === true) return text === undefined ? [] : [thought(text, signature)];
    const call = objectField(part, "functionCall");
    if (call) return this.#call(call, signature);
    const inline = objectField(part, "inlineData");
    if (inline) return this.#media(inline, signature);
    if (text === undefined) return [];
    this.#text += text;
    return [...(text === "" ? [] : [{ kind: "text" as const, text }]), ...signed(null, signature)];
  }

  /** A signature comes before its call, so that a client has it when the call is whole. */
  #call(call: JsonObject, signature: string | null): CanonicalEvent[] {
    const index = this.#calls++;
    const id = stringField(call, "id") ?? ["call", this.#responseId, index].filter((word) => word !== null).join("_");
    return [
      ...signed(id, signature),
      { kind: "tool-call", index, id, name: stringField(call, "name") ?? "" },
      { kind: "tool-arguments", index, text: JSON.stringify(objectField(call, "args") ?? {}) },
    ];
  }

  #media(inline: JsonObject, signature: string | null): CanonicalEvent[] {
    const mediaType = stringField(inline, "mimeType") ?? "";
    const data = stringField(inline, "data") ?? "";
    if (data === "") return [];
    if (mediaType.startsWith("image/")) {
      const id = imageSignatureId(this.#images++);
      return [{ kind: "image", mediaType, data }, ...signed(id, signature)];
    }
    return mediaType.startsWith("audio/") ? [{ kind: "audio", audio: { data } }] : [];
  }

  #notes(candidate: JsonObject): CanonicalEvent[] {
    this.#grounding = objectField(candidate, "groundingMetadata") ?? this.#grounding;
    const logprobs = objectField(candidate, "logprobsResult");
    const events: CanonicalEvent[] = logprobs ? [logprobsOf(logprobs)] : [];
    const native = stringField(candidate, "finishReason");
    if (native === undefined || this.#finished) return events;
    this.#finished = true;
    // Each chunk repeats the sources known so far; they are told once.
    if (this.#grounding) events.push(...citationsOf(this.#grounding, this.#text));
    this.#grounding = undefined;
    const reason = finishReasonOf(native, this.#calls > 0);
    return [...events, { kind: "finish", reason, native, stopSequence: null }];
  }
}

function thought(text: string, signature: string | null): CanonicalEvent {
  return { kind: "reasoning", detail: { kind: "text", text, signature, id: null, format: FORMAT } };
}

function signed(id: string | null, data: string | null): CanonicalEvent[] {
  return data === null ? [] : [{ kind: "reasoning", detail: { kind: "encrypted", data, id, format: FORMAT } }];
}
