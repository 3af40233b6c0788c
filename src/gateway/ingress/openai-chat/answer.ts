/** The OpenAI chat dialect as it goes out, in the form that OpenRouter's clients expect. */
import {
  arrayField,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  objectField,
  stringField,
} from "../../../kernel/json.ts";
import { usdNumber } from "../../../kernel/money.ts";
import type { AnswerContext, AnswerNotes, Billed } from "../../canonical/dialects.ts";
import { readUsage, textBytes } from "../../metering/usage.ts";
import { normalizeFinish } from "./finish-reason.ts";

/** A class, so that the getter stands once in its prototype and is not made for each answer. */
class CompletionNotes implements AnswerNotes {
  readonly usage: AnswerNotes["usage"];
  readonly upstreamId: string | null;
  readonly finishReason: string | null;
  readonly nativeFinishReason: string | null;
  readonly serviceTier: string | null;
  readonly mediaCount: number;
  readonly #choices: readonly JsonObject[];

  constructor(answer: JsonObject, choices: readonly JsonObject[], first: JsonObject) {
    this.#choices = choices;
    this.usage = readUsage(answer.usage);
    this.upstreamId = stringField(answer, "id") ?? null;
    this.finishReason = stringField(first, "finish_reason") ?? null;
    this.nativeFinishReason = stringField(first, "native_finish_reason") ?? this.finishReason;
    this.serviceTier = stringField(answer, "service_tier") ?? null;
    this.mediaCount = isJsonObject(first.message) ? arrayField(first.message, "images").length : 0;
  }

  /** Asked for only where no usage was reported, or an estimate. */
  get textLength(): number {
    return textBytes(JSON.stringify(this.#choices));
  }
}

/** What a completion says of itself; undefined for an answer that has not the shape of one. */
export function readCompletion(answer: JsonObject): AnswerNotes | undefined {
  const choices = arrayField(answer, "choices").filter(isJsonObject);
  const [first] = choices;
  if (!first) return undefined;
  normalizeFinish(first);
  return new CompletionNotes(answer, choices, first);
}

/** Rewrites an upstream completion in place: identity, native finish reasons, usage with its cost. */
export function finishCompletion(answer: JsonObject, { identity, billed }: Omit<AnswerContext, "request">): JsonObject {
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
  answer.usage = usageBody(answer.usage, billed);
  return answer;
}

/** The `usage` object: what the provider reported, made whole, with the cost in dollars (null when unknown). */
export function usageBody(reported: JsonValue | undefined, { usage, charge, note }: Billed): JsonObject {
  const base = isJsonObject(reported) && !usage.estimated ? reported : {};
  return {
    ...base,
    prompt_tokens: usage.promptTokens,
    completion_tokens: usage.completionTokens,
    total_tokens: usage.promptTokens + usage.completionTokens,
    cost: charge.costNano === null ? null : usdNumber(charge.costNano),
    is_byok: false,
    ...(note === undefined ? {} : { budget_note: note }),
    ...costDetails(charge),
    prompt_tokens_details: {
      ...objectField(base, "prompt_tokens_details"),
      cached_tokens: usage.cachedTokens,
      cache_write_tokens: usage.cacheWriteTokens,
      audio_tokens: usage.audioPromptTokens,
    },
    completion_tokens_details: {
      ...objectField(base, "completion_tokens_details"),
      reasoning_tokens: usage.reasoningTokens,
      audio_tokens: usage.audioCompletionTokens,
      image_tokens: usage.imageCompletionTokens,
    },
  };
}

/** The cost's two sides, where it was made from a price. */
export function costDetails({ costNano, promptNano }: Billed["charge"]): JsonObject {
  if (costNano === null || promptNano === undefined) return {};
  return {
    cost_details: {
      upstream_inference_cost: null,
      upstream_inference_prompt_cost: usdNumber(promptNano),
      upstream_inference_completions_cost: usdNumber(costNano - promptNano),
    },
  };
}
