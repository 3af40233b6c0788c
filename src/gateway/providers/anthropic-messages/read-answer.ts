/** A whole message as canonical events. Tolerant: blocks that cannot be understood are passed over. */
import { arrayField, isJsonObject, type JsonObject, objectField, stringField } from "../../../kernel/json.ts";
import type { CanonicalEvent, Citation } from "../../canonical/events.ts";
import { ANTHROPIC_FORMAT } from "../../ingress/anthropic-messages/carried-thoughts.ts";
import { finishReasonOf } from "../../ingress/anthropic-messages/stop-reason.ts";
import { readMessagesUsage } from "../../ingress/anthropic-messages/usage.ts";

/** The events of a message; undefined when it is none. */
export function readMessageAnswer(answer: JsonObject): CanonicalEvent[] | undefined {
  if (!Array.isArray(answer.content)) return undefined;
  const events: CanonicalEvent[] = [startOf(answer)];
  const calls = { count: 0 };
  let textLength = 0;
  for (const block of answer.content) {
    if (!isJsonObject(block)) continue;
    const text = block.type === "text" ? (stringField(block, "text") ?? "") : "";
    const made = blockEvents(block, calls);
    events.push(...made);
    const isEmptyCall = block.type === "tool_use" && !made.some(({ kind }) => kind === "tool-arguments");
    if (isEmptyCall) events.push({ kind: "tool-arguments", index: calls.count - 1, text: "{}" });
    const span = { startIndex: textLength, endIndex: textLength + text.length };
    events.push(...arrayField(block, "citations").flatMap((one) => citationOf(one, span)));
    textLength += text.length;
  }
  const usage = objectField(answer, "usage");
  events.push(...usageEvents(usage ?? {}));
  events.push(finishOf(answer) ?? { kind: "finish", reason: "stop", native: null, stopSequence: null });
  return events;
}

export function startOf(message: JsonObject): CanonicalEvent {
  return { kind: "start", upstreamId: stringField(message, "id") ?? null, createdSeconds: null, fingerprint: null };
}

export function usageEvents(usage: JsonObject): CanonicalEvent[] {
  const events: CanonicalEvent[] = [];
  const tier = stringField(usage, "service_tier");
  if (tier !== undefined) events.push({ kind: "service-tier", tier: tier === "standard" ? "default" : tier });
  const tokens = readMessagesUsage(usage);
  if (tokens) events.push({ kind: "usage", usage: tokens });
  return events;
}

/** How a message, or the delta at a stream's end, says that it ended. */
export function finishOf(said: JsonObject): CanonicalEvent | undefined {
  const native = stringField(said, "stop_reason");
  if (native === undefined) return undefined;
  return {
    kind: "finish",
    reason: finishReasonOf(native),
    native,
    stopSequence: stringField(said, "stop_sequence") ?? null,
  };
}

/** The events of a whole block, or of what a stream says when a block begins. */
export function blockEvents(block: JsonObject, calls: { count: number }): CanonicalEvent[] {
  switch (block.type) {
    case "text": {
      const text = stringField(block, "text") ?? "";
      return text === "" ? [] : [{ kind: "text", text }];
    }
    case "thinking": {
      const text = stringField(block, "thinking") ?? "";
      const signature = stringField(block, "signature") || null;
      return text === "" && signature === null ? [] : [thought(text, signature)];
    }
    case "redacted_thinking": {
      const data = stringField(block, "data") ?? "";
      return [{ kind: "reasoning", detail: { kind: "encrypted", data, id: null, format: ANTHROPIC_FORMAT } }];
    }
    case "tool_use":
      return callEvents(block, calls);
    default:
      return [];
  }
}

export function thought(text: string, signature: string | null): CanonicalEvent {
  return { kind: "reasoning", detail: { kind: "text", text, signature, id: null, format: ANTHROPIC_FORMAT } };
}

function callEvents(block: JsonObject, calls: { count: number }): CanonicalEvent[] {
  const index = calls.count++;
  const begun: CanonicalEvent = {
    kind: "tool-call",
    index,
    id: stringField(block, "id") ?? `call_${index}`,
    name: stringField(block, "name") ?? "",
  };
  const input = objectField(block, "input") ?? {};
  // In a stream the block begins with an empty input, and its pieces follow.
  if (Object.keys(input).length === 0) return [begun];
  return [begun, { kind: "tool-arguments", index, text: JSON.stringify(input) }];
}

/** Citations of pages; those of the client's own documents have no address that OpenRouter's form could name. */
export function citationOf(cited: unknown, span: Pick<Citation, "startIndex" | "endIndex">): CanonicalEvent[] {
  if (!isJsonObject(cited)) return [];
  const url = stringField(cited, "url") ?? stringField(cited, "source");
  if (url === undefined) return [];
  const title = stringField(cited, "title") ?? null;
  return [{ kind: "citation", citation: { url, title, content: stringField(cited, "cited_text") ?? null, ...span } }];
}
