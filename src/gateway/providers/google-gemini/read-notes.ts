/** What stands beside the parts of a Gemini answer: why it ended, what it was grounded in, how likely its words were. */
import { arrayField, isJsonObject, type JsonObject, objectField, stringField } from "../../../kernel/json.ts";
import type { CanonicalEvent, Citation, FinishReason } from "../../canonical/events.ts";

/** Words that mean the answer was held back; what is neither here nor below is an error. */
const HELD_BACK = /SAFETY|RECITATION|BLOCKLIST|PROHIBITED|SPII|LANGUAGE|MODEL_ARMOR|ESCALATION|JAILBREAK|^PUP_LIMITED/;

export function finishReasonOf(native: string, hasCalls: boolean): FinishReason {
  if (native === "STOP" || native === "FINISH_REASON_UNSPECIFIED") return hasCalls ? "tool_calls" : "stop";
  if (native === "MAX_TOKENS" || native === "CONTINUATION") return "length";
  return HELD_BACK.test(native) ? "content_filter" : "error";
}

/** A prompt that was refused has no candidate to say why it ended. */
export function blockOf(answer: JsonObject): CanonicalEvent | undefined {
  const reason = stringField(objectField(answer, "promptFeedback") ?? {}, "blockReason");
  return reason === undefined
    ? undefined
    : { kind: "finish", reason: "content_filter", native: reason, stopSequence: null };
}

/** The failure that an answer or a chunk tells of. */
export function failureOf(answer: JsonObject): CanonicalEvent | undefined {
  const error = objectField(answer, "error");
  if (error === undefined) return undefined;
  const { code } = error;
  const status = typeof code === "number" && code >= 400 && code < 600 ? code : 502;
  return { kind: "failure", status, message: (stringField(error, "message") ?? "").slice(0, 300) };
}

/** Google counts places in bytes; `text` is what was said so far. */
export function citationsOf(grounding: JsonObject, text: string): CanonicalEvent[] {
  const sources = arrayField(grounding, "groundingChunks").map(sourceOf);
  const supports = arrayField(grounding, "groundingSupports").filter(isJsonObject);
  const bytes = Buffer.from(text);
  const place = (offset: unknown) =>
    typeof offset === "number" && offset >= 0 ? bytes.subarray(0, offset).toString().length : 0;
  const cited = new Set<number>();
  const events: CanonicalEvent[] = [];
  for (const support of supports) {
    const segment = objectField(support, "segment") ?? {};
    for (const index of arrayField(support, "groundingChunkIndices")) {
      const source = typeof index === "number" ? sources[index] : undefined;
      if (typeof index !== "number" || source === undefined) continue;
      cited.add(index);
      const [startIndex, endIndex] = [place(segment.startIndex), place(segment.endIndex)];
      const content = stringField(segment, "text") ?? null;
      events.push({ kind: "citation", citation: { ...source, content, startIndex, endIndex } });
    }
  }
  for (const [index, source] of sources.entries()) {
    if (source !== undefined && !cited.has(index)) events.push({ kind: "citation", citation: source });
  }
  return events;
}

function sourceOf(chunk: unknown): Citation | undefined {
  if (!isJsonObject(chunk)) return undefined;
  const source = objectField(chunk, "web") ?? objectField(chunk, "retrievedContext") ?? objectField(chunk, "maps");
  const url = source && stringField(source, "uri");
  if (source === undefined || url === undefined) return undefined;
  return { url, title: stringField(source, "title") ?? null, content: null, startIndex: null, endIndex: null };
}

/** In the form of OpenAI's dialect. */
export function logprobsOf(result: JsonObject): CanonicalEvent {
  const tops = arrayField(result, "topCandidates");
  const content = arrayField(result, "chosenCandidates").flatMap((chosen, index) => {
    const top = tops[index];
    const others = isJsonObject(top) ? arrayField(top, "candidates") : [];
    return tokenOf(chosen).map((token) => ({ ...token, top_logprobs: others.flatMap(tokenOf) }));
  });
  return { kind: "logprobs", logprobs: { content, refusal: null } };
}

function tokenOf(candidate: unknown): JsonObject[] {
  if (!isJsonObject(candidate)) return [];
  const token = stringField(candidate, "token");
  const { logProbability } = candidate;
  if (token === undefined || typeof logProbability !== "number") return [];
  return [{ token, logprob: logProbability, bytes: [...Buffer.from(token)] }];
}
