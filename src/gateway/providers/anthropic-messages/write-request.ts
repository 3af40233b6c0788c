/** A canonical request as a body of Anthropic's Messages, and the parameters that it has no word for. */
import type { JsonObject, JsonValue } from "../../../kernel/json.ts";
import type { Target } from "../../canonical/dialects.ts";
import type { CanonicalRequest, Sampling, Tool } from "../../canonical/request.ts";
import { listOrNull, objectOrNull, present } from "../writing.ts";
import { type ClaudeTraits, claudeTraits } from "./claude-traits.ts";
import { outputSchema } from "./output-schema.ts";
import { thinkingFor } from "./thinking.ts";
import { cacheBody } from "./write-blocks.ts";
import { continuesWithoutThought, losesThoughts, writeConversation } from "./write-messages.ts";

/** OpenRouter's names of what Anthropic has no word for. */
const UNKNOWN_SAMPLING: readonly [keyof Sampling, string][] = [
  ["minP", "min_p"],
  ["topA", "top_a"],
  ["frequencyPenalty", "frequency_penalty"],
  ["presencePenalty", "presence_penalty"],
  ["repetitionPenalty", "repetition_penalty"],
  ["seed", "seed"],
  ["logitBias", "logit_bias"],
  ["logprobs", "logprobs"],
  ["topLogprobs", "top_logprobs"],
];
const TIERS: Readonly<Record<string, string>> = {
  auto: "auto",
  default: "standard_only",
  priority: "auto",
  fast: "auto",
};

export function writeMessagesRequest(
  request: CanonicalRequest,
  target: Target,
  provider: string,
): { body: JsonObject; dropped: readonly string[] } {
  const traits = claudeTraits(target.upstreamModel);
  const conversation = writeConversation(request.messages, { provider, model: target.upstreamModel });
  const maxTokens = request.maxOutputTokens ?? traits.maxOutputTokens;
  const tools = writeTools(request.tools, traits);
  const choice = writeToolChoice(request, traits, tools.list.length > 0);
  const lacksThought = continuesWithoutThought(conversation);
  const thought = thinkingFor(request, { traits, maxTokens, forcesTool: choice.isForced, lacksThought });
  const sampling = writeSampling(request.sampling, traits, thought.thinking !== null);
  const format = writeFormat(request, traits);
  const tier = request.serviceTier === null ? null : (TIERS[request.serviceTier] ?? null);
  const stop = request.stop.filter((sequence) => sequence.trim() !== "");
  const config = present({ effort: thought.effort, format: format.body });
  const body = present({
    model: target.upstreamModel,
    max_tokens: maxTokens,
    stream: target.streamed ? true : null,
    cache_control: cacheBody(request.cache),
    system: listOrNull(conversation.system),
    messages: conversation.messages.map(({ role, content }) => ({ role, content })),
    tools: listOrNull(tools.list),
    tool_choice: choice.body,
    thinking: thought.thinking,
    output_config: objectOrNull(config),
    ...sampling.body,
    stop_sequences: listOrNull(stop),
    service_tier: tier,
    metadata: request.user === null ? null : { user_id: request.user },
  });
  const dropped = [
    ...droppedPlainly(request),
    ...sampling.dropped,
    ...thought.dropped,
    ...tools.dropped,
    ...choice.dropped,
    ...format.dropped,
    ...(request.serviceTier !== null && tier === null ? ["service_tier"] : []),
    ...(losesThoughts(request.messages) ? ["reasoning_details"] : []),
    ...(stop.length < request.stop.length ? ["stop"] : []),
  ];
  return { body, dropped };
}

/** What Anthropic's dialect cannot say at all. */
function droppedPlainly(request: CanonicalRequest): string[] {
  const { modalities, audio, imageConfig, prediction, metadata, promptCacheKey } = request;
  const wants = modalities.some((kind) => kind !== "text");
  const found = { modalities: wants || null, audio, image_config: imageConfig, prediction, metadata };
  return Object.entries({ ...found, prompt_cache_key: promptCacheKey })
    .filter(([, value]) => value !== null)
    .map(([name]) => name);
}

function writeSampling(sampling: Sampling, traits: ClaudeTraits, isThinking: boolean) {
  const dropped = UNKNOWN_SAMPLING.filter(([field]) => sampling[field] !== null).map(([, name]) => name);
  const { temperature, topP, topK } = sampling;
  const body: Record<string, JsonValue> = {};
  const keep = (name: string, value: number | null, isTaken: boolean) => {
    if (value === null) return;
    if (isTaken) body[name] = value;
    else dropped.push(name);
  };
  // While it thinks, Claude chooses its words at temperature 1.
  const isFree = traits.takesSampling && !isThinking;
  const isNeutral = temperature === 1;
  keep(
    "temperature",
    temperature === null ? null : Math.min(temperature, 1),
    isFree || (traits.takesSampling && isNeutral),
  );
  const isAlone = temperature === null || traits.takesTemperatureWithTopP;
  keep("top_p", topP, traits.takesSampling && isAlone && (!isThinking || (topP ?? 0) >= 0.95));
  keep("top_k", topK, isFree);
  return { body, dropped };
}

function writeTools(tools: readonly Tool[], traits: ClaudeTraits): { list: JsonObject[]; dropped: string[] } {
  const list: JsonObject[] = [];
  let isLost = false;
  for (const tool of tools) {
    if (tool.kind === "native") {
      if (tool.dialect === "anthropic-messages") list.push(tool.declaration);
      else isLost = true;
      continue;
    }
    const isStrict = tool.strict === true && traits.takesSchema;
    const parameters: JsonObject = { type: "object", ...(tool.parameters ?? { properties: {} }) };
    list.push(
      present({
        name: tool.name,
        description: tool.description,
        input_schema: isStrict ? outputSchema(parameters) : parameters,
        strict: isStrict ? true : null,
        cache_control: cacheBody(tool.cache),
      }),
    );
  }
  return { list, dropped: isLost ? ["tools"] : [] };
}

function writeToolChoice(request: CanonicalRequest, traits: ClaudeTraits, hasTools: boolean) {
  const { toolChoice, parallelToolCalls } = request;
  if (!hasTools) return { body: null, isForced: false, dropped: [] };
  const isForced = toolChoice?.kind === "required" || toolChoice?.kind === "function";
  const isTaken = !isForced || traits.takesForcedTool;
  const body: JsonObject | null = isTaken && toolChoice ? choiceBody(toolChoice) : null;
  const dropped = isTaken ? [] : ["tool_choice"];
  if (parallelToolCalls === false && body?.type !== "none") {
    return {
      body: { ...(body ?? { type: "auto" }), disable_parallel_tool_use: true },
      isForced: isForced && isTaken,
      dropped,
    };
  }
  return { body, isForced: isForced && isTaken, dropped };
}

function choiceBody(choice: NonNullable<CanonicalRequest["toolChoice"]>): JsonObject {
  if (choice.kind === "function") return { type: "tool", name: choice.name };
  return { type: choice.kind === "required" ? "any" : choice.kind };
}

/** Anthropic has no mode for JSON of any shape, and grammars of others mean nothing to it. */
function writeFormat({ responseFormat }: CanonicalRequest, traits: ClaudeTraits) {
  if (responseFormat === null || responseFormat.kind === "text") return { body: null, dropped: [] };
  if (responseFormat.kind !== "schema" || !traits.takesSchema) return { body: null, dropped: ["response_format"] };
  return { body: { type: "json_schema", schema: outputSchema(responseFormat.schema) }, dropped: [] };
}
