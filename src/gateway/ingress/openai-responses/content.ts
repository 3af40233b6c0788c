/** The content parts of the Responses API's messages and tool outputs. */
import type { CacheMark, ContentPart, MediaSource } from "../../canonical/request.ts";
import { Fields } from "../fields.ts";
import { dataUrlSource, readCacheMark } from "../openai-chat/content.ts";

/** A text, or a list of parts. Throws GapuraError invalid_field for a part that no other dialect knows. */
export function readContent(fields: Fields, name: string): ContentPart[] {
  const content = fields.object[name];
  if (typeof content === "string") return content === "" ? [] : [{ kind: "text", text: content, cache: null }];
  return fields.children(name).map(readPart);
}

function readPart(fields: Fields): ContentPart {
  const cache = cacheOf(fields);
  switch (fields.text("type")) {
    case "input_text":
    case "output_text":
    case "text":
      return { kind: "text", text: fields.requiredText("text"), cache };
    case "input_image":
      return { kind: "image", source: imageSource(fields), detail: fields.text("detail"), cache };
    case "input_file":
      return { kind: "file", source: fileSource(fields), filename: fields.text("filename"), cache };
    case "input_audio": {
      const audio = Fields.of(fields.object.input_audio, fields.path("input_audio"));
      return { kind: "audio", data: audio.requiredText("data"), format: audio.requiredText("format"), cache };
    }
    case "input_video":
      return { kind: "video", source: dataUrlSource(fields.requiredText("video_url")), cache };
    default:
      throw fields.wrong("type", "must be one of input_text, input_image, input_file, input_audio, output_text");
  }
}

/** The breakpoint of a block, in OpenRouter's words or in OpenAI's. */
function cacheOf(fields: Fields): CacheMark | null {
  return readCacheMark(fields) ?? (fields.child("prompt_cache_breakpoint") === null ? null : { ttl: null });
}

function imageSource(fields: Fields): MediaSource {
  const id = fields.text("file_id");
  if (id !== null) return { kind: "id", id };
  return dataUrlSource(fields.requiredText("image_url"));
}

function fileSource(fields: Fields): MediaSource {
  const id = fields.text("file_id");
  if (id !== null) return { kind: "id", id };
  const url = fields.text("file_url");
  if (url !== null) return dataUrlSource(url);
  const data = fields.text("file_data");
  if (data === null) throw fields.wrong("file_data", "is missing; send file_data, file_url or file_id");
  if (/^(?:data|https?):/i.test(data)) return dataUrlSource(data);
  return { kind: "base64", mediaType: mediaTypeOf(fields.text("filename")), data };
}

function mediaTypeOf(filename: string | null): string {
  const extension = /\.(\w{1,8})$/.exec(filename ?? "")?.[1]?.toLowerCase() ?? "pdf";
  const known: Record<string, string> = { pdf: "application/pdf", txt: "text/plain", md: "text/markdown" };
  return known[extension] ?? "application/octet-stream";
}
