/** The text completion as it goes out: identity, finish reasons, usage with its cost. */
import { arrayField, isJsonObject, type JsonObject, stringField } from "../../../kernel/json.ts";
import type { AnswerContext, AnswerIdentity, AnswerNotes } from "../../canonical/dialects.ts";
import { readUsage, textBytes } from "../../metering/usage.ts";
import { usageBody } from "../openai-chat/answer.ts";
import { normalizeFinish } from "../openai-chat/finish-reason.ts";

/** What a whole answer and every chunk begin with. */
export function completionHead(identity: AnswerIdentity, created = identity.createdSeconds) {
  const { generationId, model, provider } = identity;
  return { id: generationId, object: "text_completion", created, model, provider };
}

/** What a completion says of itself; undefined for an answer that has not the shape of one. */
export function readTextCompletion(answer: JsonObject): AnswerNotes | undefined {
  const choices = arrayField(answer, "choices").filter(isJsonObject);
  const [first] = choices;
  if (!first || typeof first.text !== "string") return undefined;
  normalizeFinish(first);
  return {
    usage: readUsage(answer.usage),
    textLength: choices.reduce((length, { text }) => length + (typeof text === "string" ? textBytes(text) : 0), 0),
    upstreamId: stringField(answer, "id") ?? null,
    finishReason: stringField(first, "finish_reason") ?? null,
    nativeFinishReason: stringField(first, "native_finish_reason") ?? null,
  };
}

/** Rewrites an upstream completion in place. */
export function finishTextCompletion(
  answer: JsonObject,
  { identity, billed }: Omit<AnswerContext, "request">,
): JsonObject {
  const { created } = answer;
  const hasTime = typeof created === "number" && created > 0;
  Object.assign(answer, completionHead(identity, hasTime ? Math.trunc(created) : identity.createdSeconds));
  answer.system_fingerprint ??= null;
  for (const [index, choice] of arrayField(answer, "choices").entries()) {
    if (!isJsonObject(choice)) continue;
    if (typeof choice.index !== "number") choice.index = index;
    normalizeFinish(choice);
    choice.logprobs ??= null;
  }
  answer.usage = usageBody(answer.usage, billed);
  return answer;
}
