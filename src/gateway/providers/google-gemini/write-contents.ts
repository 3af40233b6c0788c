/**
 * The messages of a canonical request as Gemini's contents: instructions apart, turns of one side joined, results of
 * tools on the user's side, and each signature on the part it came with.
 */
import { isJsonObject, type JsonObject } from "../../../kernel/json.ts";
import type { ReasoningDetail } from "../../canonical/events.ts";
import type { AssistantPart, CanonicalRequest, ContentPart, Message } from "../../canonical/request.ts";
import { parseUpstreamJson } from "../../ingress/upstream-json.ts";
import { argumentsObject } from "../writing.ts";
import { FORMAT, imageSignatureId } from "./format.ts";
import type { GeminiTraits } from "./models.ts";
import { PICTURE, writeMedia, writeSource } from "./write-media.ts";

/** Google's own stand-in for the signature of a call that another model made. */
const NO_SIGNATURE = "skip_thought_signature_validator";
/** From this generation on the result of a tool may hold pictures and files. */
const MULTIMODAL_RESULTS = 3;

export interface WrittenContents {
  systemInstruction: JsonObject | null;
  contents: JsonObject[];
}

export function writeContents(request: CanonicalRequest, traits: GeminiTraits): WrittenContents {
  const instructions: JsonObject[] = [];
  const turns: { role: "user" | "model"; parts: JsonObject[] }[] = [];
  const names = new Map<string, string>();
  const add = (role: "user" | "model", parts: JsonObject[]) => {
    if (parts.length === 0) return;
    const last = turns.at(-1);
    if (last?.role === role) last.parts.push(...parts);
    else turns.push({ role, parts });
  };
  for (const message of request.messages) {
    switch (message.role) {
      case "system":
      case "developer":
        instructions.push(...message.parts.filter(({ text }) => text !== "").map(({ text }) => ({ text })));
        break;
      case "user":
        add("user", message.parts.map(writePart));
        break;
      case "assistant":
        for (const part of message.parts) if (part.kind === "tool-call") names.set(part.id, part.name);
        add("model", writeAssistant(message.parts, traits));
        break;
      case "tool":
        add("user", writeResult(message, { name: names.get(message.toolCallId), traits }));
        break;
    }
  }
  // Instructions alone are no question to Google; they are asked as one.
  if (turns.length === 0 && instructions.length > 0) {
    return { systemInstruction: null, contents: [{ role: "user", parts: instructions }] };
  }
  return {
    systemInstruction: instructions.length === 0 ? null : { parts: instructions },
    contents: turns.map(({ role, parts }) => ({ role, parts })),
  };
}

function writePart(part: ContentPart): JsonObject {
  return part.kind === "text" ? { text: part.text } : writeMedia(part);
}

/** Thoughts of other makers' models mean nothing here. */
function ownThoughts(parts: readonly AssistantPart[]): ReasoningDetail[] {
  return parts.flatMap((part) => (part.kind === "reasoning" && part.detail.format === FORMAT ? [part.detail] : []));
}

function writeAssistant(parts: readonly AssistantPart[], traits: GeminiTraits): JsonObject[] {
  const thoughts = ownThoughts(parts);
  const signatures = new Map<string | null, string>();
  for (const detail of thoughts) if (detail.kind === "encrypted") signatures.set(detail.id, detail.data);
  const signed = (id: string | null) => {
    const thoughtSignature = signatures.get(id);
    return thoughtSignature === undefined ? {} : { thoughtSignature };
  };
  const lastText = parts.findLastIndex((part) => part.kind === "text" || part.kind === "refusal");
  let images = 0;
  let isFirstCall = true;
  const written: JsonObject[] = thoughts.flatMap(writeThought);
  for (const [index, part] of parts.entries()) {
    if (part.kind === "text" || part.kind === "refusal") {
      written.push({ text: part.text, ...(index === lastText ? signed(null) : {}) });
    } else if (part.kind === "image") {
      written.push({ ...writeSource(part.source, { usual: PICTURE }), ...signed(imageSignatureId(images++)) });
    } else if (part.kind === "tool-call") {
      const functionCall = { id: part.id, name: part.name, args: argumentsObject(part) };
      const own = signed(part.id);
      // Of calls made at once only the first is signed.
      const isMissed = isFirstCall && traits.needsSignatures && own.thoughtSignature === undefined;
      written.push({ functionCall, ...(isMissed ? { thoughtSignature: NO_SIGNATURE } : own) });
      isFirstCall = false;
    }
  }
  if (lastText === -1 && signatures.has(null)) written.push({ text: "", ...signed(null) });
  return written;
}

function writeThought(detail: ReasoningDetail): JsonObject[] {
  if (detail.kind !== "text") return [];
  const signature = detail.signature === null ? {} : { thoughtSignature: detail.signature };
  return [{ text: detail.text, thought: true, ...signature }];
}

function writeResult(
  message: Extract<Message, { role: "tool" }>,
  { name, traits }: { name: string | undefined; traits: GeminiTraits },
): JsonObject[] {
  const text = message.parts.flatMap((part) => (part.kind === "text" ? [part.text] : [])).join("\n");
  const media = message.parts.flatMap((part) => (part.kind === "text" ? [] : [writeMedia(part)]));
  const functionResponse: JsonObject = {
    id: message.toolCallId,
    name: name ?? message.toolCallId,
    response: { [message.isError ? "error" : "output"]: resultValue(text) },
  };
  if (media.length === 0) return [{ functionResponse }];
  if (traits.version < MULTIMODAL_RESULTS) return [{ functionResponse }, ...media];
  return [{ functionResponse: { ...functionResponse, parts: media } }];
}

/** A result that is a JSON object is given as one; the model reads it more easily than a quoted text. */
function resultValue(text: string) {
  const parsed = text.trimStart().startsWith("{") ? parseUpstreamJson(text) : undefined;
  return parsed?.ok && isJsonObject(parsed.value) ? parsed.value : text;
}
