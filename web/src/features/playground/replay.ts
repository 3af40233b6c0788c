/** A recorded request as the beginning of a conversation. Pure. */
import type { GenerationContent } from "../../../../src/contract/schemas/records.ts";
import { arrayField, isJsonObject, type JsonObject, objectField, stringField } from "../../../../src/kernel/json.ts";
import { type Attachment, NEW_REPLY, type Reply, type Turn } from "./conversation.ts";

interface Replayed {
  system: string;
  turns: Turn[];
}

/** What was asked; the recorded answer is left out, so that it can be had anew. `ids` names the turns. */
export function replayOf(content: GenerationContent, model: string, newId: () => string): Replayed {
  const { input } = content;
  const messages = "prompt" in input ? [{ role: "user", content: input.prompt }] : input.messages.filter(isJsonObject);
  const replayed: Replayed = { system: "", turns: [] };
  for (const message of messages) take(replayed, message, { model, newId });
  return replayed;
}

function take(replayed: Replayed, message: JsonObject, { model, newId }: { model: string; newId: () => string }): void {
  const role = stringField(message, "role");
  const text = textOf(message);
  if (role === "system" || role === "developer") {
    replayed.system = [replayed.system, text].filter(Boolean).join("\n\n");
    return;
  }
  const last = replayed.turns.at(-1);
  if (role === "user" || last === undefined) {
    replayed.turns.push({ id: newId(), text, attachments: attachmentsOf(message), replies: {} });
    return;
  }
  const replies = last.replies[model] ?? [];
  const next = role === "tool" ? withResult(replies, message, text) : [...replies, replyOf(message, text)];
  replayed.turns[replayed.turns.length - 1] = { ...last, replies: { [model]: next } };
}

function replyOf(message: JsonObject, text: string): Reply {
  const toolCalls = arrayField(message, "tool_calls")
    .filter(isJsonObject)
    .map((call) => {
      const called = objectField(call, "function") ?? {};
      return {
        id: stringField(call, "id") ?? "",
        name: stringField(called, "name") ?? "",
        arguments: stringField(called, "arguments") ?? "",
        result: "",
      };
    });
  return { ...NEW_REPLY, state: "done", text, toolCalls };
}

function withResult(replies: readonly Reply[], message: JsonObject, text: string): Reply[] {
  const id = stringField(message, "tool_call_id");
  return replies.map((reply) => ({
    ...reply,
    toolCalls: reply.toolCalls.map((call) => (call.id === id ? { ...call, result: text } : call)),
  }));
}

function partsOf(message: JsonObject): JsonObject[] {
  return arrayField(message, "content").filter(isJsonObject);
}

function textOf(message: JsonObject): string {
  const plain = stringField(message, "content");
  return (
    plain ??
    partsOf(message)
      .flatMap((part) => stringField(part, "text") ?? [])
      .join("\n")
  );
}

/** What was sent as data; what was only named by an address is left out. */
function attachmentsOf(message: JsonObject): Attachment[] {
  return partsOf(message).flatMap((part): Attachment[] => {
    const image = stringField(objectField(part, "image_url") ?? {}, "url");
    if (image?.startsWith("data:")) return [{ name: "", isImage: true, dataUrl: image }];
    const file = objectField(part, "file") ?? {};
    const data = stringField(file, "file_data");
    return data?.startsWith("data:")
      ? [{ name: stringField(file, "filename") ?? "", isImage: false, dataUrl: data }]
      : [];
  });
}
