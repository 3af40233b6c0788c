/**
 * What the usage record tells of a request besides tokens and cost: who is behind it, and what it carried. Names and
 * counts only, never content; every text is cut to a bound with a name.
 */
import { type JsonObject, objectField, stringField } from "../../kernel/json.ts";
import { mediaKinds } from "../ingress/media-parts.ts";
import type { UsageRecord } from "../ports.ts";

export type RequestNotes = Pick<UsageRecord, "sessionId" | "externalUser" | "mediaPrompt" | "audioPrompt">;

export const NO_REQUEST_NOTES: RequestNotes = { sessionId: null, externalUser: null, mediaPrompt: 0, audioPrompt: 0 };

const MAX_HEADER_NOTE = 300;
const MAX_ID_NOTE = 256;
const MAX_CATEGORIES = 2;

/** The kinds of app that OpenRouter knows; other words are dropped. */
const APP_CATEGORIES: ReadonlySet<string> = new Set([
  "cli-agent",
  "ide-extension",
  "cloud-agent",
  "programming-app",
  "native-app-builder",
  "creative-writing",
  "video-gen",
  "image-gen",
  "audio-gen",
  "writing-assistant",
  "general-chat",
  "personal-agent",
  "legal",
  "roleplay",
  "game",
]);

/** Reads a body of any dialect. */
export function requestNotes(body: JsonObject, headers: Headers): RequestNotes {
  const media = mediaKinds(body);
  return {
    sessionId: cut(stringField(body, "session_id") ?? headers.get("x-session-id"), MAX_ID_NOTE),
    externalUser: cut(stringField(body, "user") ?? anthropicUser(body), MAX_ID_NOTE),
    mediaPrompt: media.length,
    audioPrompt: media.filter((kind) => kind === "audio").length,
  };
}

/** Where the Messages API names the end user. */
function anthropicUser(body: JsonObject): string | undefined {
  const metadata = objectField(body, "metadata");
  return metadata && stringField(metadata, "user_id");
}

/** Which app calls, by the headers that OpenRouter's clients send. */
export function attribution(
  headers: Headers,
): Pick<UsageRecord, "appReferer" | "appTitle" | "userAgent" | "origin" | "appCategories"> {
  const referer = headers.get("http-referer") ?? headers.get("referer");
  return {
    appReferer: cut(referer, MAX_HEADER_NOTE),
    appTitle: cut(headers.get("x-openrouter-title") ?? headers.get("x-title"), MAX_HEADER_NOTE),
    userAgent: cut(headers.get("user-agent"), MAX_HEADER_NOTE),
    origin: cut(headers.get("origin") ?? originOf(referer), MAX_HEADER_NOTE),
    appCategories: knownCategories(headers.get("x-openrouter-categories")),
  };
}

function knownCategories(header: string | null): readonly string[] {
  if (header === null) return [];
  const words = header.split(",").map((word) => word.trim().toLowerCase());
  return [...new Set(words)].filter((word) => APP_CATEGORIES.has(word)).slice(0, MAX_CATEGORIES);
}

function originOf(referer: string | null): string | null {
  if (referer === null || !URL.canParse(referer)) return null;
  const { origin } = new URL(referer);
  return origin === "null" ? null : origin;
}

function cut(text: string | null | undefined, length: number): string | null {
  return text === null || text === undefined ? null : text.slice(0, length);
}
