/** Pictures, documents, films and sounds as blocks of Converse, which takes bytes and no addresses. */
import type { JsonObject } from "../../../kernel/json.ts";
import type { ContentPart, MediaSource } from "../../canonical/request.ts";
import { unsupportedContent } from "../writing.ts";

export type Where = { provider: string; model: string };
type MediaPart = Exclude<ContentPart, { kind: "text" }>;

const PICTURES: Readonly<Record<string, string>> = {
  "image/png": "png",
  "image/jpeg": "jpeg",
  "image/jpg": "jpeg",
  "image/gif": "gif",
  "image/webp": "webp",
};
const DOCUMENTS: Readonly<Record<string, string>> = {
  "application/pdf": "pdf",
  "text/csv": "csv",
  "application/msword": "doc",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
  "application/vnd.ms-excel": "xls",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
  "text/html": "html",
  "text/plain": "txt",
  "text/markdown": "md",
};
const FILMS: Readonly<Record<string, string>> = {
  "video/mp4": "mp4",
  "video/quicktime": "mov",
  "video/x-matroska": "mkv",
  "video/webm": "webm",
  "video/x-flv": "flv",
  "video/mpeg": "mpeg",
  "video/mpg": "mpg",
  "video/x-ms-wmv": "wmv",
  "video/3gpp": "three_gp",
};
const SOUNDS = new Set(["mp3", "wav", "flac", "aac", "ogg", "opus", "m4a", "mp4", "webm", "pcm", "mpeg"]);

/** Numbers the documents of one request: each needs a name that no other has. */
export class Documents {
  #count = 0;

  nameOf(filename: string | null): string {
    this.#count++;
    // Letters, digits, single spaces and few signs are allowed; a dot is not.
    const bare = (filename ?? "document").replace(/\.[^.]*$/, "").replace(/[^A-Za-z0-9()[\]-]+/g, " ");
    return `${bare.trim().slice(0, 180) || "document"} ${this.#count}`;
  }
}

/** Throws GapuraError content_unsupported. */
export function writeMedia(part: MediaPart, where: Where, documents: Documents): JsonObject {
  switch (part.kind) {
    case "image": {
      const { format, bytes } = bytesOf(part.source, { kinds: PICTURES, what: "pictures", where });
      return { image: { format, source: { bytes } } };
    }
    case "video": {
      const { format, bytes } = bytesOf(part.source, { kinds: FILMS, what: "films", where });
      return { video: { format, source: { bytes } } };
    }
    case "file": {
      const { format, bytes } = bytesOf(part.source, { kinds: DOCUMENTS, what: "files", where });
      return { document: { format, name: documents.nameOf(part.filename), source: { bytes } } };
    }
    case "audio": {
      const format = part.format.toLowerCase() === "pcm16" ? "pcm" : part.format.toLowerCase();
      if (!SOUNDS.has(format)) {
        throw unsupportedContent(where, `sounds of the format ${part.format}; it takes ${[...SOUNDS].join(", ")}`);
      }
      return { audio: { format, source: { bytes: part.data } } };
    }
  }
}

function bytesOf(
  source: MediaSource,
  { kinds, what, where }: { kinds: Readonly<Record<string, string>>; what: string; where: Where },
): { format: string; bytes: string } {
  if (source.kind === "url") {
    throw unsupportedContent(where, `${what} by their address; send the bytes as a data: URL`);
  }
  if (source.kind === "id")
    throw unsupportedContent(where, `${what} by the id of an upload; send the bytes themselves`);
  const format = kinds[source.mediaType.toLowerCase()];
  if (format !== undefined) return { format, bytes: source.data };
  throw unsupportedContent(where, `${what} of the type ${source.mediaType}; it takes ${Object.keys(kinds).join(", ")}`);
}
