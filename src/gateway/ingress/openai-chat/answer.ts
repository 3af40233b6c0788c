/** The OpenAI chat dialect as it goes out, in the form that OpenRouter's clients expect. */
import { arrayField, isJsonObject, type JsonObject, type JsonValue } from "../../../kernel/json.ts";
import { usdNumber } from "../../../kernel/money.ts";
import type { TokenUsage } from "../../canonical/usage.ts";
import type { Charge } from "../../metering/charge.ts";
import { normalizeFinish } from "./finish-reason.ts";

/** What every answer and every chunk of one generation carries. */
export interface AnswerIdentity {
  generationId: string;
  /** `author/slug` of what answered. */
  model: string;
  /** Display name of the provider. */
  provider: string;
  /** When the call came, for providers that do not say when they answered. Epoch seconds. */
  createdSeconds: number;
}

/** True for an upstream answer that has the shape of a chat completion. */
export function isCompletion(answer: JsonValue): answer is JsonObject {
  return isJsonObject(answer) && arrayField(answer, "choices").some(isJsonObject);
}

/** Rewrites an upstream completion in place: identity, native finish reasons, usage with its cost. */
export function finishAnswer(
  answer: JsonObject,
  identity: AnswerIdentity,
  billed: { usage: TokenUsage; charge: Charge },
): JsonObject {
  answer.id = identity.generationId;
  answer.object = "chat.completion";
  answer.model = identity.model;
  answer.provider = identity.provider;
  if (typeof answer.created !== "number" || answer.created === 0) answer.created = identity.createdSeconds;
  answer.system_fingerprint ??= null;
  for (const [index, choice] of arrayField(answer, "choices").entries()) {
    if (!isJsonObject(choice)) continue;
    if (typeof choice.index !== "number") choice.index = index;
    normalizeFinish(choice);
    choice.logprobs ??= null;
    if (isJsonObject(choice.message)) {
      choice.message.role ??= "assistant";
      choice.message.content ??= null;
      choice.message.refusal ??= null;
    }
  }
  answer.usage = usageBody(answer.usage, billed.usage, billed.charge);
  return answer;
}

/** The `usage` object: what the provider reported, made whole, with the cost in dollars (null when unknown). */
export function usageBody(reported: JsonValue | undefined, usage: TokenUsage, charge: Charge): JsonObject {
  const base = isJsonObject(reported) && !usage.estimated ? reported : {};
  return {
    ...base,
    prompt_tokens: usage.promptTokens,
    completion_tokens: usage.completionTokens,
    total_tokens: usage.promptTokens + usage.completionTokens,
    cost: charge.costNano === null ? null : usdNumber(charge.costNano),
    is_byok: false,
    prompt_tokens_details: { ...details(base.prompt_tokens_details), cached_tokens: usage.cachedTokens },
    completion_tokens_details: { ...details(base.completion_tokens_details), reasoning_tokens: usage.reasoningTokens },
  };
}

/** The finish reasons of the first choice, for the usage record. */
export function finishReasons(answer: JsonObject): { finishReason: string | null; nativeFinishReason: string | null } {
  const first = arrayField(answer, "choices").find(isJsonObject);
  const finishReason = typeof first?.finish_reason === "string" ? first.finish_reason : null;
  const native = first?.native_finish_reason;
  return { finishReason, nativeFinishReason: typeof native === "string" ? native : finishReason };
}

function details(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
