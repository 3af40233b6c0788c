/** A canonical request as a body of generateContent. */
import type { JsonObject, JsonValue } from "../../../kernel/json.ts";
import type { Target } from "../../canonical/dialects.ts";
import type { CanonicalRequest, Effort, ReasoningWish } from "../../canonical/request.ts";
import { hasForeignThoughts, listOrNull, objectOrNull, present, sentParameters } from "../writing.ts";
import { FORMAT } from "./format.ts";
import { type GeminiTraits, traitsOfGemini } from "./models.ts";
import { geminiSchema } from "./schema.ts";
import { writeContents } from "./write-contents.ts";
import { writeTools } from "./write-tools.ts";

/** Where one API of Google's differs from the other. */
export interface GeminiHost {
  /** Its word for a tier of service is a field of the body. */
  takesServiceTier: boolean;
}

/** Parameters that can be said here; whether this model takes them is decided below. */
const KNOWN: ReadonlySet<string> = new Set([
  ...["temperature", "top_p", "top_k", "frequency_penalty", "presence_penalty", "seed", "logprobs", "top_logprobs"],
  ...["parallel_tool_calls", "response_format", "reasoning", "modalities", "audio", "image_config", "service_tier"],
]);
/** Before this generation a model either calls functions or answers in JSON. */
const FORMAT_WITH_TOOLS = 3;
const TIERS: Readonly<Record<string, string>> = { default: "standard", flex: "flex", priority: "priority" };
/** Tokens for thinking by effort, for models that are told a number: Google's own scale. */
const BUDGETS: Readonly<Record<Effort, number>> = {
  none: 0,
  minimal: 1_024,
  low: 1_024,
  medium: 8_192,
  high: 24_576,
  xhigh: 32_768,
  max: 32_768,
};

export function writeGeminiRequest(
  request: CanonicalRequest,
  target: Target,
  host: GeminiHost,
): { body: JsonObject; dropped: readonly string[] } {
  const traits = traitsOfGemini(target.upstreamModel);
  const dropped = sentParameters(request).filter((name) => !KNOWN.has(name));
  const { tools, toolConfig, dropped: lostTools } = writeTools(request);
  const { systemInstruction, contents } = writeContents(request, traits);
  if (hasForeignThoughts(request, FORMAT)) dropped.push("reasoning_details");
  if (request.tools.some((tool) => tool.kind === "function" && tool.strict === true)) dropped.push("tools.strict");
  // Calls at once cannot be forbidden; that they are allowed is the rule.
  if (request.parallelToolCalls === false) dropped.push("parallel_tool_calls");
  const generationConfig = present({
    ...writeSampling(request),
    ...writeFormat(request, { traits, hasTools: tools.length > 0, dropped }),
    ...writeOutputs(request, dropped),
    thinkingConfig: request.reasoning && writeThinking(request.reasoning, traits, dropped),
  });
  const body = present({
    systemInstruction,
    contents,
    tools: listOrNull(tools),
    toolConfig,
    generationConfig: objectOrNull(generationConfig),
    serviceTier: writeTier(request, host, dropped),
  });
  return { body, dropped: [...dropped, ...lostTools] };
}

function writeSampling({ sampling, maxOutputTokens, stop }: CanonicalRequest): JsonObject {
  const wantsLogprobs = sampling.logprobs === true;
  return present({
    temperature: sampling.temperature,
    topP: sampling.topP,
    topK: sampling.topK,
    seed: sampling.seed,
    frequencyPenalty: sampling.frequencyPenalty,
    presencePenalty: sampling.presencePenalty,
    responseLogprobs: wantsLogprobs ? true : null,
    logprobs: wantsLogprobs ? sampling.topLogprobs : null,
    maxOutputTokens,
    stopSequences: listOrNull(stop),
  });
}

function writeFormat(
  { responseFormat }: CanonicalRequest,
  { traits, hasTools, dropped }: { traits: GeminiTraits; hasTools: boolean; dropped: string[] },
): JsonObject {
  if (responseFormat === null || responseFormat.kind === "text") return {};
  if (responseFormat.kind === "native" || (hasTools && traits.version < FORMAT_WITH_TOOLS)) {
    dropped.push("response_format");
    return {};
  }
  const responseMimeType = "application/json";
  if (responseFormat.kind === "json") return { responseMimeType };
  return { responseMimeType, responseJsonSchema: geminiSchema(responseFormat.schema) };
}

/** Kinds of output, pictures' shape, and the voice. */
function writeOutputs({ modalities, imageConfig, audio }: CanonicalRequest, dropped: string[]): JsonObject {
  const known = modalities.filter((kind) => /^(?:text|image|audio)$/.test(kind));
  if (known.length < modalities.length) dropped.push("modalities");
  // Sound comes as plain samples, and in no other form.
  if (typeof audio?.format === "string" && audio.format !== "pcm16") dropped.push("audio");
  const voice = typeof audio?.voice === "string" ? audio.voice : null;
  return present({
    responseModalities: listOrNull(known.map((kind) => kind.toUpperCase())),
    imageConfig:
      imageConfig &&
      present({
        aspectRatio: imageConfig.aspect_ratio ?? imageConfig.aspectRatio ?? null,
        imageSize: imageConfig.image_size ?? imageConfig.imageSize ?? null,
      }),
    speechConfig: voice === null ? null : { voiceConfig: { prebuiltVoiceConfig: { voiceName: voice } } },
  });
}

function writeThinking(wish: ReasoningWish, traits: GeminiTraits, dropped: string[]): JsonValue {
  const isOff = wish.enabled === false || wish.effort === "none";
  if (traits.thinking === null) {
    if (!isOff) dropped.push("reasoning");
    return null;
  }
  const includeThoughts = isOff || wish.exclude === true ? null : true;
  const config = present({ includeThoughts, ...thinkingAmount(wish, traits, isOff) });
  return objectOrNull(config);
}

/** A budget or a level, never both; neither where the client leaves it to the model. */
function thinkingAmount(wish: ReasoningWish, traits: GeminiTraits, isOff: boolean): JsonObject {
  const { budget, thinking, lowestLevel } = traits;
  if (wish.maxTokens !== null && !isOff) {
    return { thinkingBudget: Math.max(Math.min(wish.maxTokens, budget.max), budget.min) };
  }
  if (thinking === "level") {
    if (isOff || wish.effort === "minimal") return { thinkingLevel: lowestLevel };
    if (wish.effort === null) return {};
    return { thinkingLevel: wish.effort === "low" ? "LOW" : wish.effort === "medium" ? "MEDIUM" : "HIGH" };
  }
  if (isOff) return { thinkingBudget: budget.min };
  if (wish.effort === null) return {};
  return { thinkingBudget: Math.max(Math.min(BUDGETS[wish.effort], budget.max), budget.min) };
}

function writeTier({ serviceTier }: CanonicalRequest, host: GeminiHost, dropped: string[]): JsonValue {
  if (serviceTier === null || serviceTier === "auto") return null;
  const tier = host.takesServiceTier ? TIERS[serviceTier] : undefined;
  if (tier === undefined) dropped.push("service_tier");
  return tier ?? null;
}
