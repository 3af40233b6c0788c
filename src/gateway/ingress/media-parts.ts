/** Pictures, sounds, films and documents in a request of any dialect. */
import { isJsonObject, type JsonObject, type JsonValue, stringField } from "../../kernel/json.ts";

export type MediaKind = "image" | "audio" | "video" | "file";

/** What they are called in the parts of messages, over all dialects. */
const KIND_OF_PART: ReadonlyMap<string, MediaKind> = new Map([
  ["image_url", "image"],
  ["input_image", "image"],
  ["image", "image"],
  ["input_audio", "audio"],
  ["video_url", "video"],
  ["input_video", "video"],
  ["file", "file"],
  ["input_file", "file"],
  ["document", "file"],
]);

/** The kind of each, in the order in which they stand. */
export function mediaKinds(body: JsonObject): MediaKind[] {
  const kinds: MediaKind[] = [];
  collect(body.messages, kinds);
  collect(body.input, kinds);
  return kinds;
}

/** Parts stand in the content of messages, and in the results of tools inside those. */
function collect(value: JsonValue | undefined, kinds: MediaKind[]): void {
  if (!Array.isArray(value)) return;
  for (const item of value) {
    if (!isJsonObject(item)) continue;
    const kind = KIND_OF_PART.get(stringField(item, "type") ?? "");
    if (kind !== undefined) {
      kinds.push(kind);
      continue;
    }
    collect(item.content, kinds);
    collect(item.output, kinds);
  }
}
