/** A stream of text completion chunks on its way from a server of the dialect to the client. Pure. */
import type { GapuraError } from "../../../kernel/errors.ts";
import { arrayField, isJsonObject, type JsonObject, stringField } from "../../../kernel/json.ts";
import type { AnswerIdentity, Billed, NativeUpstream, StreamStep, StreamTranslator } from "../../canonical/dialects.ts";
import type { TokenUsage } from "../../canonical/usage.ts";
import { CUT } from "../../metering/settlement.ts";
import { readUsage, textBytes } from "../../metering/usage.ts";
import { usageBody } from "../openai-chat/answer.ts";
import { DONE_FRAME, frame } from "../openai-chat/errors.ts";
import { normalizeFinish } from "../openai-chat/finish-reason.ts";
import { chunkFailure } from "../openai-chat/stream.ts";
import { parseUpstreamJson } from "../upstream-json.ts";
import { completionHead } from "./answer.ts";
import { failureFrame } from "./errors.ts";

export class CompletionStream implements StreamTranslator {
  readonly #identity: AnswerIdentity;
  readonly #upstream: NativeUpstream;
  readonly #open = new Set<number>();
  #created: number;
  #reportedUsage: JsonObject | undefined;
  #finished = false;
  usage: TokenUsage | undefined;
  textLength = 0;
  upstreamId: string | null = null;
  finishReason: string | null = null;
  nativeFinishReason: string | null = null;

  constructor(identity: AnswerIdentity, upstream: NativeUpstream) {
    this.#identity = identity;
    this.#upstream = upstream;
    this.#created = identity.createdSeconds;
  }

  /** Every choice that began has ended. */
  get isComplete(): boolean {
    return this.#finished && this.#open.size === 0;
  }

  accept(data: string): StreamStep {
    if (data === "[DONE]") return { kind: "done" };
    const parsed = parseUpstreamJson(data);
    if (!parsed.ok || !isJsonObject(parsed.value)) return { kind: "unreadable" };
    const chunk = this.#upstream.readChunk?.(parsed.value) ?? parsed.value;
    const failure = chunkFailure(chunk);
    if (failure) return failure;
    this.#note(chunk);
    const choices = arrayField(chunk, "choices").filter(isJsonObject);
    if (choices.length === 0) return { kind: "nothing" };
    const before = this.textLength;
    for (const choice of choices) this.#choice(choice);
    const { usage: _, ...rest } = chunk;
    const frames = frame({ ...rest, choices, ...completionHead(this.#identity, this.#created) });
    return { kind: "chunk", frames, hasToken: this.textLength > before };
  }

  end(billed: Billed): string {
    const head = completionHead(this.#identity, this.#created);
    return frame({ ...head, choices: [], usage: usageBody(this.#reportedUsage, billed) }) + DONE_FRAME;
  }

  cut(billed: Billed): string {
    const end = { text: "", logprobs: null, finish_reason: "length", native_finish_reason: CUT };
    const choices = [...this.#open].map((index) => ({ index, ...end }));
    this.#open.clear();
    this.#finished = true;
    this.finishReason = "length";
    this.nativeFinishReason = CUT;
    const frames = choices.length === 0 ? "" : frame({ ...completionHead(this.#identity, this.#created), choices });
    return frames + this.end(billed);
  }

  fail(error: GapuraError): string {
    return failureFrame(error, this.#identity, this.#created);
  }

  #note(chunk: JsonObject): void {
    this.upstreamId ??= stringField(chunk, "id") ?? null;
    if (typeof chunk.created === "number" && chunk.created > 0) this.#created = Math.trunc(chunk.created);
    const usage = readUsage(chunk.usage);
    if (!usage) return;
    this.usage = usage;
    this.#reportedUsage = isJsonObject(chunk.usage) ? chunk.usage : undefined;
  }

  #choice(choice: JsonObject): void {
    const index = typeof choice.index === "number" ? choice.index : 0;
    choice.index = index;
    choice.text ??= "";
    choice.logprobs ??= null;
    normalizeFinish(choice);
    this.textLength += textBytes(stringField(choice, "text") ?? "");
    if (typeof choice.finish_reason !== "string") {
      this.#open.add(index);
      return;
    }
    this.#open.delete(index);
    this.#finished = true;
    this.finishReason = choice.finish_reason;
    this.nativeFinishReason = stringField(choice, "native_finish_reason") ?? choice.finish_reason;
  }
}
