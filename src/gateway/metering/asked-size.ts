/**
 * What a request says of its own size, read from a body of any dialect: how much the model has to read at most, how much
 * probably, and how long its answer may be. Pure, and cheap for a body without media: then it is the length of the body.
 *
 * A tokenizer that works on bytes makes at most one token of a byte, so that the bytes of a body bound the tokens of its
 * text; the JSON around each message outweighs what a model's template puts there. What is not in the body (a file by its
 * address, a page that the provider fetches) has no bound but the model's context.
 */
import { arrayField, isJsonObject, type JsonObject, type JsonValue, objectField } from "../../kernel/json.ts";
import type { ApiType } from "../canonical/dialects.ts";
import { promptLength } from "./prompt-length.ts";

export interface AskedSize {
  /** Bytes of the body that are not pictures, sounds or files. */
  textBytes: number;
  pictures: number;
  /** Tokens of sounds in the body, at most. */
  soundTokens: number;
  /** True where the model reads more than the body holds. */
  isOpen: boolean;
  hasTools: boolean;
  /** True where part of the prompt is to be kept in the provider's cache for an hour, which costs more. */
  keepsForAnHour: boolean;
  /** Tokens of the prompt, cautiously estimated. */
  likelyTokens: number;
  /** True for what answers without writing: embeddings and rankings. */
  writesNothing: boolean;
  speaks: boolean;
  /** How many answers are asked for at once. */
  answers: number;
  /** How long each may be, as the client says; null where it does not. */
  maxOutputTokens: number | null;
  /** True where the dialect has no request without such a bound, so that it is no wish. */
  isBoundCompulsory: boolean;
  /** Of the answer, what the client has set apart for thinking. */
  thinkingTokens: number;
}

interface Body {
  bytes: Uint8Array;
  value: JsonObject;
}

/** Half of what one token per byte would make: above nearly every text in every script. */
const BYTES_PER_LIKELY_TOKEN = 2;
/** What models of 2026 make of a picture when they look at it closely. */
const PICTURE_LIKELY_TOKENS = 1_500;
/** Sound at the lowest rate that speech survives (6 kbit/s), for models that hear 32 tokens in a second. */
const BYTES_PER_SOUND_TOKEN = 16;
const MOST_ANSWERS = 128;

const HOUR_MARK = Buffer.from('"1h"');

/** `hasMedia` is false where the parts of the messages are known to be texts alone. */
export function askedSize(body: Body, { apiType, hasMedia }: { apiType: ApiType; hasMedia: boolean }): AskedSize {
  const { bytes, value } = body;
  const media: MediaSurvey = { pictures: 0, soundTokens: 0, mediaLength: 0, isOpen: false };
  if (hasMedia) survey(value, media);
  const tools = arrayField(value, "tools");
  const objects = tools.length === 0 ? [] : tools.filter(isJsonObject);
  const writesNothing = apiType === "embeddings" || apiType === "rerank";
  const thinking = objectField(value, "thinking") ?? objectField(value, "reasoning");
  return {
    textBytes: Math.max(0, bytes.length - media.mediaLength),
    pictures: media.pictures,
    soundTokens: media.soundTokens,
    isOpen: media.isOpen || objects.some(runsElsewhere) || looksThingsUp(value),
    hasTools: objects.length > 0,
    keepsForAnHour: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(HOUR_MARK),
    likelyTokens:
      Math.ceil((hasMedia ? promptLength(body) : bytes.length) / BYTES_PER_LIKELY_TOKEN) +
      media.pictures * PICTURE_LIKELY_TOKENS,
    writesNothing,
    speaks: arrayField(value, "modalities").includes("audio"),
    answers: writesNothing ? 1 : answersOf(value),
    maxOutputTokens: writesNothing ? 0 : statedBound(value),
    isBoundCompulsory: apiType === "messages",
    thinkingTokens: wholeNumber(thinking?.budget_tokens) ?? wholeNumber(thinking?.max_tokens) ?? 0,
  };
}

interface MediaSurvey extends Pick<AskedSize, "pictures" | "soundTokens" | "isOpen"> {
  /** Characters of the body that are media in base64. */
  mediaLength: number;
}

const PICTURES: ReadonlySet<unknown> = new Set(["image_url", "input_image", "image"]);
const FILES: ReadonlySet<unknown> = new Set(["video_url", "input_video", "file", "input_file", "document"]);

function survey(value: JsonValue | undefined, found: MediaSurvey): void {
  if (Array.isArray(value)) {
    for (const one of value) survey(one, found);
    return;
  }
  if (!isJsonObject(value)) return;
  if (PICTURES.has(value.type)) {
    found.pictures++;
    found.mediaLength += longTexts(value);
  } else if (value.type === "input_audio") {
    const length = longTexts(value);
    found.mediaLength += length;
    found.soundTokens += Math.ceil((length * 3) / 4 / BYTES_PER_SOUND_TOKEN);
  } else if (FILES.has(value.type) && !isPlainText(value)) {
    found.mediaLength += longTexts(value);
    found.isOpen = true;
  } else for (const member of Object.values(value)) survey(member, found);
}

/** A document whose text stands in the body, as Anthropic's dialect has them. */
function isPlainText(document: JsonObject): boolean {
  const source = objectField(document, "source");
  return source?.type === "text" || source?.type === "content";
}

/** Shorter ones are addresses and names, and count as text. */
const MIN_MEDIA_LENGTH = 2_000;

function longTexts(value: JsonValue): number {
  if (typeof value === "string") return value.length >= MIN_MEDIA_LENGTH ? value.length : 0;
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + longTexts(one), 0);
  return isJsonObject(value) ? Object.values(value).reduce((sum: number, one) => sum + longTexts(one), 0) : 0;
}

/** A tool that is no function of the client's: the provider runs it, and the model reads what it brings. */
function runsElsewhere({ type }: JsonObject): boolean {
  return type !== undefined && type !== null && type !== "function" && type !== "custom";
}

function looksThingsUp(body: JsonObject): boolean {
  return isJsonObject(body.web_search_options) || arrayField(body, "plugins").length > 0;
}

/** `n` answers to each of the prompts. */
function answersOf(body: JsonObject): number {
  const prompts = Array.isArray(body.prompt) && body.prompt.every((one) => typeof one !== "number") ? body.prompt : [];
  const each = Math.max(wholeNumber(body.n) ?? 1, wholeNumber(body.best_of) ?? 1, 1);
  return Math.min(each, MOST_ANSWERS) * Math.max(prompts.length, 1);
}

/** The larger one where two say it, because nobody knows which of them the provider reads. */
function statedBound(body: JsonObject): number | null {
  const most = Math.max(
    wholeNumber(body.max_tokens) ?? -1,
    wholeNumber(body.max_completion_tokens) ?? -1,
    wholeNumber(body.max_output_tokens) ?? -1,
  );
  return most === -1 ? null : most;
}

function wholeNumber(value: JsonValue | undefined): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
