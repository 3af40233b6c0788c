/**
 * A chat stream on its way from an OpenAI-dialect provider to the client: every chunk gets this generation's identity,
 * the role comes first, usage is held back and sent once at the end with its cost. Pure: events in, events out; the
 * relay does the reading, the writing and the waiting.
 */

import type { GapuraError } from "../../../kernel/errors.ts";
import { arrayField, isJsonObject, type JsonObject, objectField, stringField } from "../../../kernel/json.ts";
import type { AnswerIdentity, Billed, NativeUpstream, StreamStep, StreamTranslator } from "../../canonical/dialects.ts";
import type { TokenUsage } from "../../canonical/usage.ts";
import { CUT } from "../../metering/settlement.ts";
import { readUsage, textBytes } from "../../metering/usage.ts";
import { parseUpstreamJson } from "../upstream-json.ts";
import { ChunkMould, type Written } from "./alike-chunks.ts";
import { usageBody } from "./answer.ts";
import { DONE_FRAME, errorFrame, frame } from "./errors.ts";
import { normalizeFinish } from "./finish-reason.ts";

export class ChatStream implements StreamTranslator {
  readonly #identity: AnswerIdentity;
  readonly #readChunk: (chunk: JsonObject) => JsonObject;
  /** Where a chunk means the same whatever came before it, the last one is a mould for those that are like it. */
  readonly #hasMoulds: boolean;
  #mould: ChunkMould | undefined;
  readonly #roles = new Set<number>();
  readonly #open = new Set<number>();
  #finished = false;
  #created: number;
  #usage: TokenUsage | undefined;
  #reportedUsage: JsonObject | undefined;
  #systemFingerprint: string | null = null;
  textLength = 0;
  upstreamId: string | null = null;
  finishReason: string | null = null;
  nativeFinishReason: string | null = null;
  serviceTier: string | null = null;
  mediaCount = 0;

  constructor(identity: AnswerIdentity, upstream: NativeUpstream) {
    this.#identity = identity;
    this.#readChunk = upstream.chunkReader?.() ?? ((chunk) => upstream.readChunk?.(chunk) ?? chunk);
    this.#hasMoulds = upstream.chunkReader === undefined;
    this.#created = identity.createdSeconds;
  }

  /** What a provider says of an answer that broke off may be from its beginning. */
  get usage(): TokenUsage | undefined {
    return this.#usage && !this.isComplete ? { ...this.#usage, estimated: true } : this.#usage;
  }

  /** Every choice that began has ended. */
  get isComplete(): boolean {
    return this.#finished && this.#open.size === 0;
  }

  /** Takes the data of one upstream event. */
  accept(data: string): StreamStep {
    if (data === "[DONE]") return { kind: "done" };
    const alike = this.#mould?.fill(data);
    if (alike !== undefined) {
      const bytes = textBytes(alike.text);
      this.textLength += bytes;
      return { kind: "chunk", frames: alike.frame, hasToken: bytes > 0 };
    }
    // What is read may change what is written from here on.
    this.#mould = undefined;
    const parsed = parseUpstreamJson(data);
    if (!parsed.ok || !isJsonObject(parsed.value)) return { kind: "unreadable" };
    const chunk = this.#readChunk(parsed.value);
    const failure = chunkFailure(chunk);
    if (failure) return failure;
    this.#note(chunk);
    const choices = arrayField(chunk, "choices").filter(isJsonObject);
    if (choices.length === 0) return { kind: "nothing" };
    const isFirst = this.#roles.size === 0;
    let hasToken = false;
    for (const choice of choices) hasToken = this.#choice(choice) || hasToken;
    const frames = frame(this.#stamp({ ...chunk, choices }));
    if (this.#hasMoulds && !isFirst) this.#mould = this.#mouldOf(chunk, choices, { event: data, frame: frames });
    return { kind: "chunk", frames, hasToken };
  }

  /** Undefined for a chunk that begins, ends or counts something, or says more than its text. */
  #mouldOf(chunk: JsonObject, choices: readonly JsonObject[], written: Written): ChunkMould | undefined {
    const [choice] = choices;
    const isOneOfMany = choices.length > 1 || this.#roles.size > 1;
    if (choice === undefined || isOneOfMany || choice.finish_reason !== null || isJsonObject(chunk.usage))
      return undefined;
    const delta = objectField(choice, "delta") ?? {};
    const content = stringField(delta, "content") ?? "";
    if (content === "" || visibleBytes(delta) !== textBytes(content)) return undefined;
    return ChunkMould.of({ content, obfuscation: stringField(chunk, "obfuscation") }, written);
  }

  /** The one usage chunk, and the end. */
  end(billed: Billed): string {
    return frame(this.#stamp({ choices: [], usage: usageBody(this.#reportedUsage, billed) })) + DONE_FRAME;
  }

  cut(billed: Billed): string {
    const end = { delta: {}, finish_reason: "length", native_finish_reason: CUT, logprobs: null };
    const choices = [...this.#open].map((index) => ({ index, ...end }));
    this.#open.clear();
    this.#finished = true;
    this.finishReason = "length";
    this.nativeFinishReason = CUT;
    return (choices.length === 0 ? "" : frame(this.#stamp({ choices }))) + this.end(billed);
  }

  fail(error: GapuraError): string {
    return errorFrame(error, this.#identity, this.#created);
  }

  #note(chunk: JsonObject): void {
    if (this.upstreamId === null) this.upstreamId = stringField(chunk, "id") ?? null;
    if (typeof chunk.created === "number" && chunk.created > 0 && this.#roles.size === 0) this.#created = chunk.created;
    this.#systemFingerprint = stringField(chunk, "system_fingerprint") ?? this.#systemFingerprint;
    this.serviceTier = stringField(chunk, "service_tier") ?? this.serviceTier;
    const usage = readUsage(chunk.usage);
    if (usage) {
      this.#usage = usage;
      this.#reportedUsage = isJsonObject(chunk.usage) ? chunk.usage : undefined;
    }
  }

  /** Notes what a choice carries and completes it; true when it holds something a person would see. */
  #choice(choice: JsonObject): boolean {
    const index = typeof choice.index === "number" ? choice.index : 0;
    const delta = isJsonObject(choice.delta) ? choice.delta : {};
    choice.index = index;
    choice.delta = delta;
    if (!this.#roles.has(index)) {
      this.#roles.add(index);
      this.#open.add(index);
      delta.role ??= "assistant";
      delta.content ??= "";
    }
    normalizeFinish(choice);
    if (typeof choice.finish_reason === "string") {
      this.#open.delete(index);
      this.#finished = true;
      this.finishReason = choice.finish_reason;
      this.nativeFinishReason = String(choice.native_finish_reason);
    }
    this.mediaCount += arrayField(delta, "images").length;
    const bytes = visibleBytes(delta);
    this.textLength += bytes;
    return bytes > 0;
  }

  #stamp(chunk: JsonObject): JsonObject {
    // OpenRouter's clients take a fingerprint that is a text or absent, never null.
    const { usage, system_fingerprint: _, ...rest } = chunk;
    const fingerprint = this.#systemFingerprint;
    const isUsageChunk = arrayField(chunk, "choices").length === 0;
    return {
      ...rest,
      id: this.#identity.generationId,
      object: "chat.completion.chunk",
      created: this.#created,
      model: this.#identity.model,
      provider: this.#identity.provider,
      ...(fingerprint === null ? {} : { system_fingerprint: fingerprint }),
      ...(isUsageChunk && usage !== undefined ? { usage } : {}),
    };
  }
}

/** The failure that a chunk tells of; undefined for an ordinary one. */
export function chunkFailure(chunk: JsonObject): StreamStep | undefined {
  const { error } = chunk;
  if (error === undefined || error === null) return undefined;
  if (!isJsonObject(error)) return { kind: "failed", status: 502, message: String(error).slice(0, 300) };
  const status = typeof error.code === "number" && error.code >= 400 && error.code < 600 ? error.code : 502;
  return { kind: "failed", status, message: (stringField(error, "message") ?? "").slice(0, 300) };
}

function visibleBytes(delta: JsonObject): number {
  let bytes = 0;
  for (const name of ["content", "reasoning", "reasoning_content", "refusal"]) {
    const text = delta[name];
    if (typeof text === "string") bytes += textBytes(text);
  }
  for (const call of arrayField(delta, "tool_calls")) bytes += textBytes(JSON.stringify(call));
  // The older form of a call of a tool, which some clients still ask for.
  if (isJsonObject(delta.function_call)) bytes += textBytes(JSON.stringify(delta.function_call));
  if (Array.isArray(delta.images)) bytes += delta.images.length;
  if (isJsonObject(delta.audio)) bytes++;
  return bytes;
}
