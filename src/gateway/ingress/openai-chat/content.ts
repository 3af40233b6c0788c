/** The content parts of a chat message. */
import type { CacheMark, ContentPart, MediaSource } from "../../canonical/request.ts";
import { Fields } from "../fields.ts";

const DATA_URL = /^data:([^;,]+)(?:;[^;,]+)*;base64,/i;

/** The source of a URL: its bytes where it is a data URL, else the address. */
export function dataUrlSource(url: string): MediaSource {
  const found = DATA_URL.exec(url.slice(0, 256));
  if (!found?.[1]) return { kind: "url", url };
  return { kind: "base64", mediaType: found[1].toLowerCase(), data: url.slice(found[0].length) };
}

/** The cache breakpoint of a block, null where it has none. */
export function readCacheMark(fields: Fields): CacheMark | null {
  const mark = fields.child("cache_control");
  return mark === null ? null : { ttl: mark.word("ttl", ["5m", "1h"]) };
}

/** Throws GapuraError invalid_field for a part of a kind that no other dialect knows. */
export function readContentPart(fields: Fields): ContentPart {
  const cache = readCacheMark(fields);
  const type = fields.text("type");
  switch (type) {
    case "text":
    case "input_text":
    case "output_text":
      return { kind: "text", text: fields.requiredText("text"), cache };
    case "image_url": {
      const plain = fields.object.image_url;
      if (typeof plain === "string") return { kind: "image", source: dataUrlSource(plain), detail: null, cache };
      const image = Fields.of(plain, fields.path("image_url"));
      return { kind: "image", source: dataUrlSource(image.requiredText("url")), detail: image.text("detail"), cache };
    }
    case "input_audio": {
      const audio = Fields.of(fields.object.input_audio, fields.path("input_audio"));
      return { kind: "audio", data: audio.requiredText("data"), format: audio.requiredText("format"), cache };
    }
    case "video_url":
    case "input_video": {
      const video = Fields.of(fields.object.video_url, fields.path("video_url"));
      return { kind: "video", source: dataUrlSource(video.requiredText("url")), cache };
    }
    case "file":
      return readFile(Fields.of(fields.object.file, fields.path("file")), cache);
    default:
      throw fields.wrong("type", "must be one of text, image_url, input_audio, video_url, file");
  }
}

function readFile(file: Fields, cache: ContentPart["cache"]): ContentPart {
  const filename = file.text("filename");
  const id = file.text("file_id");
  if (id !== null) return { kind: "file", source: { kind: "id", id }, filename, cache };
  return { kind: "file", source: dataUrlSource(file.requiredText("file_data")), filename, cache };
}
