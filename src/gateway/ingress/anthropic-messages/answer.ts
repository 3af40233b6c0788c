/** Whole messages of providers that speak the dialect: read for the record, and completed for the client. */
import { isJsonObject, type JsonObject, objectField, stringField } from "../../../kernel/json.ts";
import type { AnswerContext, AnswerNotes } from "../../canonical/dialects.ts";
import { textBytes } from "../../metering/usage.ts";
import { finishReasonOf } from "./stop-reason.ts";
import { costBody, readMessagesUsage, usageBody } from "./usage.ts";

/** What a message says of itself; undefined for an answer that is none. */
export function readMessage(answer: JsonObject): AnswerNotes | undefined {
  if (answer.type !== "message" || !Array.isArray(answer.content)) return undefined;
  const stopReason = stringField(answer, "stop_reason") ?? null;
  return {
    usage: readMessagesUsage(answer.usage),
    textLength: textBytes(JSON.stringify(answer.content)),
    upstreamId: stringField(answer, "id") ?? null,
    finishReason: stopReason === null ? null : finishReasonOf(stopReason),
    nativeFinishReason: stopReason,
    serviceTier: stringField(objectField(answer, "usage") ?? {}, "service_tier") ?? null,
  };
}

/** The message with this generation's identity and cost; all else stays as the provider wrote it. */
export function finishMessage(answer: JsonObject, { identity, billed }: AnswerContext): JsonObject {
  answer.id = identity.generationId;
  answer.model = identity.model;
  answer.provider = identity.provider;
  const reported = isJsonObject(answer.usage) && !billed.usage.estimated ? answer.usage : usageBody(billed, null);
  answer.usage = { ...reported, ...costBody(billed) };
  return answer;
}
