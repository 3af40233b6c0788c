/** Messages as items of the Responses API. */
import type { JsonObject, JsonValue } from "../../../kernel/json.ts";
import type { ReasoningDetail } from "../../canonical/events.ts";
import type { AssistantPart, ContentPart, MediaSource, Message } from "../../canonical/request.ts";
import { fileName, present } from "../writing.ts";

/** The items, and what this dialect has no word for. */
export function writeItems(
  messages: readonly Message[],
  thoughts: string | null,
): { items: JsonObject[]; dropped: string[] } {
  const dropped = new Set<string>();
  const items = messages.flatMap((message): JsonObject[] => {
    if (message.role === "assistant") return writeSaid(message.parts, { thoughts, dropped });
    const content = writeContent(message.parts, dropped);
    if (message.role !== "tool") return [{ type: "message", role: message.role, content }];
    return [{ type: "function_call_output", call_id: message.toolCallId, output: content }];
  });
  return { items, dropped: [...dropped] };
}

/** A plain text where there is nothing but one. */
function writeContent(parts: readonly ContentPart[], dropped: Set<string>): JsonValue {
  const [first] = parts;
  if (first === undefined) return "";
  if (parts.length === 1 && first.kind === "text") return first.text;
  return parts.flatMap((part) => {
    const written = writePart(part);
    if (written === null) dropped.add("video");
    return written ?? [];
  });
}

function writePart(part: ContentPart): JsonObject | null {
  switch (part.kind) {
    case "text":
      return { type: "input_text", text: part.text };
    case "image": {
      const place = part.source.kind === "id" ? { file_id: part.source.id } : { image_url: urlOf(part.source) };
      return { type: "input_image", detail: part.detail ?? "auto", ...place };
    }
    case "audio":
      return { type: "input_audio", input_audio: { data: part.data, format: part.format } };
    case "file":
      return present({ type: "input_file", filename: fileName(part), ...filePlace(part.source) });
    case "video":
      return null;
  }
}

function filePlace(source: MediaSource): Record<string, JsonValue> {
  if (source.kind === "id") return { file_id: source.id };
  return source.kind === "url" ? { file_url: source.url } : { file_data: urlOf(source) };
}

function urlOf(source: Exclude<MediaSource, { kind: "id" }>): string {
  return source.kind === "base64" ? `data:${source.mediaType};base64,${source.data}` : source.url;
}

function writeSaid(
  parts: readonly AssistantPart[],
  { thoughts, dropped }: { thoughts: string | null; dropped: Set<string> },
): JsonObject[] {
  const items: JsonObject[] = [];
  let message: JsonObject[] | null = null;
  const say = (part: JsonObject) => {
    if (message === null) {
      message = [];
      items.push({ type: "message", role: "assistant", content: message });
    }
    message.push(part);
  };
  for (const [index, part] of parts.entries()) {
    if (part.kind === "text") say({ type: "output_text", text: part.text });
    else if (part.kind === "refusal") say({ type: "refusal", refusal: part.text });
    else if (part.kind === "image") dropped.add("images");
    else {
      message = null;
      if (part.kind === "tool-call") {
        items.push({ type: "function_call", call_id: part.id, name: part.name, arguments: part.arguments || "{}" });
      } else items.push(...writeThought(part.detail, { before: parts[index - 1], last: items.at(-1), thoughts }));
    }
  }
  return items;
}

/** One reasoning item for the details of one thought; none for those that this server could not read. */
function writeThought(
  detail: ReasoningDetail,
  {
    before,
    last,
    thoughts,
  }: { before: AssistantPart | undefined; last: JsonObject | undefined; thoughts: string | null },
): JsonObject[] {
  if (thoughts !== null && detail.format !== thoughts) return [];
  const continues =
    before?.kind === "reasoning" && before.detail.id === detail.id && detail.id !== null && last?.type === "reasoning";
  const item: JsonObject = continues ? last : present({ type: "reasoning", id: detail.id, summary: [] });
  if (detail.kind === "summary") item.summary = [{ type: "summary_text", text: detail.summary }];
  else if (detail.kind === "text") item.content = [{ type: "reasoning_text", text: detail.text }];
  else item.encrypted_content = detail.data;
  if (thoughts === null) {
    item.format = detail.format;
    if (detail.kind === "text") item.signature = detail.signature;
  }
  return continues ? [] : [item];
}
