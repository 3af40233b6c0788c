/** Pictures, sounds, films and documents as parts of a Gemini message. */
import type { JsonObject } from "../../../kernel/json.ts";
import type { ContentPart, MediaSource } from "../../canonical/request.ts";

type MediaPart = Exclude<ContentPart, { kind: "text" }>;

const TYPES: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  webp: "image/webp",
  gif: "image/gif",
  heic: "image/heic",
  heif: "image/heif",
  pdf: "application/pdf",
  txt: "text/plain",
  md: "text/markdown",
  html: "text/html",
  csv: "text/csv",
  json: "application/json",
  mp4: "video/mp4",
  mpeg: "video/mpeg",
  mpg: "video/mpeg",
  mov: "video/quicktime",
  avi: "video/x-msvideo",
  webm: "video/webm",
  wmv: "video/x-ms-wmv",
  flv: "video/x-flv",
  "3gp": "video/3gpp",
  mp3: "audio/mp3",
  wav: "audio/wav",
  aiff: "audio/aiff",
  aac: "audio/aac",
  ogg: "audio/ogg",
  flac: "audio/flac",
  m4a: "audio/m4a",
  pcm16: "audio/l16",
};
/** What an address without a telling end most likely leads to. */
const USUAL = { image: "image/jpeg", video: "video/mp4", file: "application/pdf" } as const;

export function writeMedia(part: MediaPart): JsonObject {
  if (part.kind === "audio") {
    return { inlineData: { mimeType: TYPES[part.format.toLowerCase()] ?? `audio/${part.format}`, data: part.data } };
  }
  const named = part.kind === "file" ? part.filename : null;
  return writeSource(part.source, { usual: USUAL[part.kind], filename: named });
}

export function writeSource(
  source: MediaSource,
  { usual, filename = null }: { usual: string; filename?: string | null },
): JsonObject {
  if (source.kind === "base64") {
    const isVague = source.mediaType === "" || source.mediaType === "application/octet-stream";
    const mimeType = isVague ? (typeByEnd(filename ?? "") ?? usual) : source.mediaType;
    return { inlineData: { mimeType, data: source.data } };
  }
  // The id of an uploaded file is its address, or the end of one.
  const fileUri = source.kind === "url" ? source.url : source.id;
  return { fileData: { fileUri, mimeType: typeByEnd(pathOf(fileUri)) ?? typeByEnd(filename ?? "") ?? usual } };
}

function pathOf(address: string): string {
  return address.split(/[?#]/)[0] ?? address;
}

function typeByEnd(name: string): string | undefined {
  const end = /\.([a-z0-9]{2,5})$/i.exec(name)?.[1];
  return end === undefined ? undefined : TYPES[end.toLowerCase()];
}

export const PICTURE = USUAL.image;
