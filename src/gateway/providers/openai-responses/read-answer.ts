/** A whole response as canonical events. Tolerant: what cannot be understood is passed over. */
import { arrayField, isJsonObject, type JsonObject, objectField, stringField } from "../../../kernel/json.ts";
import type { CanonicalEvent, FinishReason } from "../../canonical/events.ts";
import { endOf } from "../../ingress/openai-responses/answer.ts";
import { failureOf } from "../../ingress/openai-responses/failures.ts";
import { readResponseUsage } from "../../ingress/openai-responses/usage.ts";

/** The events of an answer, `thoughts` being the format of the server's; undefined when it is none. */
export function readResponseAnswer(answer: JsonObject, thoughts: string | null): CanonicalEvent[] | undefined {
  const failure = failureOf(answer);
  if (failure) return [{ kind: "failure", ...failure }];
  if (!Array.isArray(answer.output)) return undefined;
  const events: CanonicalEvent[] = [startOf(answer)];
  let calls = 0;
  for (const item of arrayField(answer, "output").filter(isJsonObject)) {
    if (item.type === "function_call") events.push(...callOf(item, calls++));
    else events.push(...itemEvents(item, thoughts));
  }
  events.push(...endEvents(answer));
  return events;
}

export function startOf(response: JsonObject): CanonicalEvent {
  const created = response.created_at;
  return {
    kind: "start",
    upstreamId: stringField(response, "id") ?? null,
    createdSeconds: typeof created === "number" && created > 0 ? Math.trunc(created) : null,
    fingerprint: null,
  };
}

const REASONS: readonly FinishReason[] = ["stop", "length", "tool_calls", "content_filter", "error"];

/** What a response says at its end: tier, usage, why it ended. */
export function endEvents(response: JsonObject): CanonicalEvent[] {
  const events: CanonicalEvent[] = [];
  const tier = stringField(response, "service_tier");
  if (tier !== undefined) events.push({ kind: "service-tier", tier });
  const usage = readResponseUsage(response);
  if (usage) events.push({ kind: "usage", usage });
  const { finishReason, nativeFinishReason } = endOf(response);
  const reason = REASONS.find((word) => word === finishReason) ?? "stop";
  events.push({ kind: "finish", reason, native: nativeFinishReason, stopSequence: null });
  return events;
}

function callOf(item: JsonObject, index: number): CanonicalEvent[] {
  const text = stringField(item, "arguments") ?? "";
  return [callBegins(item, index), ...(text === "" ? [] : [{ kind: "tool-arguments" as const, index, text }])];
}

export function callBegins(item: JsonObject, index: number): CanonicalEvent {
  const id = stringField(item, "call_id") ?? stringField(item, "id") ?? `call_${index}`;
  return { kind: "tool-call", index, id, name: stringField(item, "name") ?? "" };
}

/** The events of a finished item that is no call. */
export function itemEvents(item: JsonObject, thoughts: string | null): CanonicalEvent[] {
  if (item.type === "message") return arrayField(item, "content").filter(isJsonObject).flatMap(partEvents);
  if (item.type === "reasoning") return [...thoughtTexts(item, thoughts), ...encryptedOf(item, thoughts)];
  return imageOf(item);
}

function partEvents(part: JsonObject): CanonicalEvent[] {
  if (part.type === "refusal") return [{ kind: "refusal", text: stringField(part, "refusal") ?? "" }];
  const text = stringField(part, "text") ?? "";
  const events: CanonicalEvent[] = text === "" ? [] : [{ kind: "text", text }];
  for (const note of arrayField(part, "annotations")) events.push(...citationOf(note));
  const logprobs = arrayField(part, "logprobs");
  if (logprobs.length > 0) events.push({ kind: "logprobs", logprobs: { content: [...logprobs], refusal: null } });
  return events;
}

function thoughtTexts(item: JsonObject, format: string | null): CanonicalEvent[] {
  const id = stringField(item, "id") ?? null;
  const summary = textsOf(item, "summary").join("\n\n");
  const text = textsOf(item, "content").join("");
  const events: CanonicalEvent[] = [];
  if (summary !== "") events.push({ kind: "reasoning", detail: { kind: "summary", summary, id, format } });
  if (text !== "") events.push({ kind: "reasoning", detail: { kind: "text", text, signature: null, id, format } });
  return events;
}

/** What the provider wants back of a thought; it is known when the item is whole. */
export function encryptedOf(item: JsonObject, format: string | null): CanonicalEvent[] {
  const data = stringField(item, "encrypted_content");
  if (item.type !== "reasoning" || data === undefined) return [];
  const id = stringField(item, "id") ?? null;
  return [{ kind: "reasoning", detail: { kind: "encrypted", data, id, format } }];
}

function textsOf(item: JsonObject, name: string): string[] {
  return arrayField(item, name).flatMap((part) => (isJsonObject(part) ? (stringField(part, "text") ?? []) : []));
}

export function imageOf(item: JsonObject): CanonicalEvent[] {
  const data = item.type === "image_generation_call" ? stringField(item, "result") : undefined;
  if (data === undefined) return [];
  const mediaType = `image/${stringField(item, "output_format") ?? "png"}`;
  return [{ kind: "image", mediaType, data }];
}

export function citationOf(note: unknown): CanonicalEvent[] {
  const cited = isJsonObject(note) ? (objectField(note, "url_citation") ?? note) : undefined;
  const url = cited && stringField(cited, "url");
  if (cited === undefined || url === undefined) return [];
  const position = (name: string) => (typeof cited[name] === "number" ? cited[name] : null);
  return [
    {
      kind: "citation",
      citation: {
        url,
        title: stringField(cited, "title") ?? null,
        content: stringField(cited, "content") ?? null,
        startIndex: position("start_index"),
        endIndex: position("end_index"),
      },
    },
  ];
}
