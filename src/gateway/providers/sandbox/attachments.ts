/** Says what came with the user's words, without opening or fetching any of it. */
import type { Locale } from "../../../kernel/locale.ts";
import type { SandboxMessage } from "./request.ts";

type Part = Exclude<SandboxMessage["content"], string | null | undefined>[number];

const NAMES = {
  en: {
    image: ["image", "images"],
    audio: ["recording", "recordings"],
    video: ["video", "videos"],
    file: ["file", "files"],
    data: "as data",
    address: "by address",
  },
  id: {
    image: ["gambar", "gambar"],
    audio: ["rekaman", "rekaman"],
    video: ["video", "video"],
    file: ["berkas", "berkas"],
    data: "sebagai data",
    address: "lewat alamat",
  },
} as const;
const KINDS: Record<string, "image" | "audio" | "video" | "file"> = {
  image_url: "image",
  input_audio: "audio",
  video_url: "video",
  input_video: "video",
  file: "file",
};

/** "2 images (png as data, by address), 1 file"; empty when there is none. */
export function describeAttachments(message: SandboxMessage, locale: Locale): string {
  if (!Array.isArray(message.content)) return "";
  const found = new Map<"image" | "audio" | "video" | "file", string[]>();
  for (const part of message.content) {
    const kind = KINDS[part.type];
    if (kind !== undefined) found.set(kind, [...(found.get(kind) ?? []), detailOf(part, locale)]);
  }
  return [...found]
    .map(([kind, details]) => {
      const [one, many] = NAMES[locale][kind];
      const known = details.filter((detail) => detail !== "");
      return `${details.length} ${details.length === 1 ? one : many}${known.length === 0 ? "" : ` (${known.join(", ")})`}`;
    })
    .join(", ");
}

function detailOf(part: Part, locale: Locale): string {
  if (part.type !== "image_url" || !("image_url" in part)) return "";
  const { image_url: image } = part;
  const url = typeof image === "string" ? image : isUrlHolder(image) ? image.url : "";
  const type = /^data:image\/([\w.+-]{1,20});/i.exec(url)?.[1]?.toLowerCase();
  return type === undefined ? NAMES[locale].address : `${type} ${NAMES[locale].data}`;
}

function isUrlHolder(value: unknown): value is { url: string } {
  return typeof value === "object" && value !== null && "url" in value && typeof value.url === "string";
}
