/** A whole chat completion as canonical events. Tolerant: what cannot be understood is passed over. */
import { arrayField, isJsonObject, type JsonObject, objectField, stringField } from "../../../kernel/json.ts";
import type { CanonicalEvent, Citation, ReasoningDetail } from "../../canonical/events.ts";
import { finishReasonFor } from "../../ingress/openai-chat/finish-reason.ts";
import { readUsage } from "../../metering/usage.ts";

/** The events of the first choice; undefined when there is none. */
export function readChatAnswer(answer: JsonObject): CanonicalEvent[] | undefined {
  const choice = arrayField(answer, "choices").find(isJsonObject);
  if (!choice) return undefined;
  const events: CanonicalEvent[] = [startOf(answer)];
  events.push(...commonEvents(answer));
  events.push(...partsOf(objectField(choice, "message") ?? {}, new Map()));
  if (isJsonObject(choice.logprobs)) events.push({ kind: "logprobs", logprobs: choice.logprobs });
  events.push(finishOf(choice) ?? { kind: "finish", reason: "stop", native: null, stopSequence: null });
  return events;
}

export function startOf(answer: JsonObject): CanonicalEvent {
  const created = answer.created;
  return {
    kind: "start",
    upstreamId: stringField(answer, "id") ?? null,
    createdSeconds: typeof created === "number" && created > 0 ? created : null,
    fingerprint: stringField(answer, "system_fingerprint") ?? null,
  };
}

/** What stands beside the choices, of a whole answer as of a chunk. */
export function commonEvents(answer: JsonObject): CanonicalEvent[] {
  const events: CanonicalEvent[] = [];
  const tier = stringField(answer, "service_tier");
  if (tier !== undefined) events.push({ kind: "service-tier", tier });
  const usage = readUsage(answer.usage);
  if (usage) events.push({ kind: "usage", usage });
  return events;
}

export function finishOf(choice: JsonObject): CanonicalEvent | undefined {
  const said = choice.finish_reason;
  if (typeof said !== "string") return undefined;
  const native = stringField(choice, "native_finish_reason") ?? said;
  return { kind: "finish", reason: finishReasonFor(said), native, stopSequence: null };
}

/**
 * The events of a message or a delta. `calls` remembers, by the provider's index, which calls have begun and how they
 * are counted here.
 */
export function partsOf(said: JsonObject, calls: Map<number, number>): CanonicalEvent[] {
  const events: CanonicalEvent[] = thoughtsOf(said).map((detail) => ({ kind: "reasoning", detail }));
  for (const text of textsOf(said)) events.push({ kind: "text", text });
  const refusal = stringField(said, "refusal");
  if (refusal) events.push({ kind: "refusal", text: refusal });
  for (const image of arrayField(said, "images")) events.push(...imageOf(image));
  const audio = objectField(said, "audio");
  if (audio) events.push({ kind: "audio", audio });
  for (const note of arrayField(said, "annotations")) events.push(...citationOf(note));
  for (const [position, call] of arrayField(said, "tool_calls").entries()) {
    if (isJsonObject(call)) events.push(...callEvents(call, { position, calls }));
  }
  return events;
}

function textsOf(said: JsonObject): string[] {
  const { content } = said;
  if (typeof content === "string") return content === "" ? [] : [content];
  return arrayField(said, "content").flatMap((part) => (isJsonObject(part) ? (stringField(part, "text") ?? []) : []));
}

function thoughtsOf(said: JsonObject): ReasoningDetail[] {
  return arrayField(said, "reasoning_details").flatMap((entry): ReasoningDetail[] => {
    if (!isJsonObject(entry)) return [];
    const common = { id: stringField(entry, "id") ?? null, format: stringField(entry, "format") ?? null };
    const { type } = entry;
    if (type === "reasoning.text") {
      const signature = stringField(entry, "signature") ?? null;
      return [{ kind: "text", text: stringField(entry, "text") ?? "", signature, ...common }];
    }
    if (type === "reasoning.summary")
      return [{ kind: "summary", summary: stringField(entry, "summary") ?? "", ...common }];
    const data = stringField(entry, "data");
    return type === "reasoning.encrypted" && data !== undefined ? [{ kind: "encrypted", data, ...common }] : [];
  });
}

function callEvents(
  call: JsonObject,
  { position, calls }: { position: number; calls: Map<number, number> },
): CanonicalEvent[] {
  const named = objectField(call, "function") ?? {};
  const theirs = typeof call.index === "number" ? call.index : position;
  const events: CanonicalEvent[] = [];
  let index = calls.get(theirs);
  if (index === undefined) {
    index = calls.size;
    calls.set(theirs, index);
    const id = stringField(call, "id") ?? `call_${index}`;
    events.push({ kind: "tool-call", index, id, name: stringField(named, "name") ?? "" });
  }
  const text = stringField(named, "arguments");
  if (text) events.push({ kind: "tool-arguments", index, text });
  return events;
}

function imageOf(image: unknown): CanonicalEvent[] {
  const url = isJsonObject(image) ? stringField(objectField(image, "image_url") ?? {}, "url") : undefined;
  const found = url === undefined ? null : /^data:([^;,]+);base64,/.exec(url.slice(0, 256));
  if (url === undefined || !found?.[1]) return [];
  return [{ kind: "image", mediaType: found[1], data: url.slice(found[0].length) }];
}

function citationOf(note: unknown): CanonicalEvent[] {
  const cited = isJsonObject(note) ? objectField(note, "url_citation") : undefined;
  const url = cited && stringField(cited, "url");
  if (cited === undefined || url === undefined) return [];
  const citation: Citation = {
    url,
    title: stringField(cited, "title") ?? null,
    content: stringField(cited, "content") ?? null,
    startIndex: typeof cited.start_index === "number" ? cited.start_index : null,
    endIndex: typeof cited.end_index === "number" ? cited.end_index : null,
  };
  return [{ kind: "citation", citation }];
}
