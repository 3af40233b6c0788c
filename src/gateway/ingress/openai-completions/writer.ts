/** Writes canonical events as a text completion: chunk by chunk, or whole. What is no text is left out. */
import type { GapuraError } from "../../../kernel/errors.ts";
import type { JsonObject } from "../../../kernel/json.ts";
import type { AnswerContext, AnswerIdentity, Billed, ClientRequest, EventWriter } from "../../canonical/dialects.ts";
import type { CanonicalEvent } from "../../canonical/events.ts";
import { usageBody } from "../openai-chat/answer.ts";
import { DONE_FRAME, frame } from "../openai-chat/errors.ts";
import { completionHead, finishTextCompletion } from "./answer.ts";
import { failureFrame } from "./errors.ts";
import { TextLogprobs } from "./logprobs.ts";
import { echoedPrompt } from "./request.ts";

export class CompletionWriter implements EventWriter {
  readonly #identity: AnswerIdentity;
  readonly #logprobs: TextLogprobs;
  /** The prompt, until it has been repeated. */
  #echo: string;
  #created: number;

  constructor(identity: AnswerIdentity, request: ClientRequest) {
    this.#identity = identity;
    this.#created = identity.createdSeconds;
    this.#echo = echoedPrompt(request);
    this.#logprobs = new TextLogprobs(this.#echo.length);
  }

  write(event: CanonicalEvent): string {
    switch (event.kind) {
      case "start":
        this.#created = event.createdSeconds ?? this.#created;
        return "";
      case "text":
      case "refusal":
        return this.#chunk({ text: event.text });
      case "reasoning":
        return event.detail.kind === "encrypted" ? "" : this.#chunk({ reasoning: wordsOf(event.detail) });
      case "logprobs": {
        const logprobs = this.#logprobs.read(event.logprobs);
        return logprobs ? this.#chunk({ logprobs }) : "";
      }
      case "finish":
        return this.#chunk({ finish_reason: event.reason, native_finish_reason: event.native ?? event.reason });
      default:
        return "";
    }
  }

  end(billed: Billed): string {
    const head = completionHead(this.#identity, this.#created);
    return frame({ ...head, choices: [], usage: usageBody(undefined, billed) }) + DONE_FRAME;
  }

  fail(error: GapuraError): string {
    return failureFrame(error, this.#identity, this.#created);
  }

  #chunk(said: JsonObject): string {
    const text = this.#echo + String(said.text ?? "");
    this.#echo = "";
    const choice = { index: 0, logprobs: null, finish_reason: null, native_finish_reason: null, ...said, text };
    return frame({ ...completionHead(this.#identity, this.#created), choices: [choice] });
  }
}

/** The whole completion that the events make. */
export function textCompletionOf(
  events: readonly CanonicalEvent[],
  { identity, request, billed }: AnswerContext,
): JsonObject {
  const echo = echoedPrompt(request);
  const logprobs = new TextLogprobs(echo.length);
  const choice: JsonObject = { text: echo, index: 0, logprobs: null, finish_reason: null };
  const answer: JsonObject = { choices: [choice] };
  let thoughts = "";
  for (const event of events) {
    if (event.kind === "start") answer.created = event.createdSeconds;
    else if (event.kind === "text" || event.kind === "refusal") choice.text += event.text;
    else if (event.kind === "reasoning" && event.detail.kind !== "encrypted") thoughts += wordsOf(event.detail);
    else if (event.kind === "logprobs") logprobs.read(event.logprobs);
    else if (event.kind === "finish") {
      choice.finish_reason = event.reason;
      choice.native_finish_reason = event.native ?? event.reason;
    }
  }
  choice.logprobs = logprobs.whole;
  if (thoughts !== "") choice.reasoning = thoughts;
  return finishTextCompletion(answer, { identity, billed });
}

function wordsOf(detail: { kind: "text"; text: string } | { kind: "summary"; summary: string }): string {
  return detail.kind === "text" ? detail.text : detail.summary;
}
