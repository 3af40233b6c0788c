/**
 * How long a prompt is, for the estimate of one whose provider did not count it. Its text counts as it is; pictures,
 * sounds and files count as about what models make of them, never as the letters of their base64: four megabytes of a
 * picture would be charged as a million tokens.
 */
import { isJsonObject, type JsonObject, type JsonValue, stringField } from "../../kernel/json.ts";
import { BYTES_PER_TOKEN } from "./usage.ts";

/** Fields whose long texts are media, in every dialect. */
const MEDIA_FIELDS: ReadonlySet<string> = new Set(["url", "image_url", "video_url", "file_data", "data"]);
/** Shorter ones are addresses and the like, and count as text. */
const MIN_MEDIA_LENGTH = 2_000;
/** A picture of a million pixels, to which larger ones are made smaller. */
const PICTURE_TOKENS = 1_500;
/** Of a PDF, whose page of 75 kB is about 2,500 tokens; sounds and films have fewer. */
const BYTES_PER_FILE_TOKEN = 30;

/** In bytes of text. `bytes` is the body as it came, `value` what it means. */
export function promptLength({ bytes, value }: { bytes: Uint8Array; value: JsonObject }): number {
  return Math.max(0, bytes.length - overstatedBytes(value));
}

/** By how much the media in a value are longer than the text that they count as. */
function overstatedBytes(value: JsonValue | undefined): number {
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + overstatedBytes(one), 0);
  if (!isJsonObject(value)) return 0;
  let bytes = 0;
  for (const [name, member] of Object.entries(value)) {
    if (typeof member !== "string") bytes += overstatedBytes(member);
    else if (member.length >= MIN_MEDIA_LENGTH && MEDIA_FIELDS.has(name)) {
      bytes += Math.max(0, member.length - mediumBytes(member, value));
    }
  }
  return bytes;
}

function mediumBytes(text: string, holder: JsonObject): number {
  const found = /^data:([^;,]{1,100});base64,/.exec(text.slice(0, 120))?.[1];
  const mediaType = found ?? stringField(holder, "media_type");
  const decodedBytes = (text.length * 3) / 4;
  if (mediaType === undefined) {
    // Sounds stand beside their format, without a type; everything else that has none is text.
    return stringField(holder, "format") === undefined ? text.length : fileBytes(decodedBytes);
  }
  if (mediaType.startsWith("image/")) return Math.min(text.length, PICTURE_TOKENS * BYTES_PER_TOKEN);
  return mediaType.startsWith("text/") ? decodedBytes : fileBytes(decodedBytes);
}

function fileBytes(decodedBytes: number): number {
  return (decodedBytes / BYTES_PER_FILE_TOKEN) * BYTES_PER_TOKEN;
}
