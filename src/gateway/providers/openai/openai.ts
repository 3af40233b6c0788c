/** OpenAI's own API. Its model list has names only; context and prices come from the bundled snapshot. */
import type { OfferedModel } from "../../../catalog/catalog.ts";
import { type KnownModel, knownModelOfProvider, knownModelsOfProvider } from "../../../catalog/known-models.ts";
import type { JsonObject } from "../../../kernel/json.ts";
import type { UpstreamDialect } from "../../canonical/dialects.ts";
import type { HttpProvider, ProviderIdentity } from "../http-provider.ts";
import { chatDialect } from "../openai-compatible/chat-dialect.ts";
import { completionsDialect } from "../openai-compatible/completions-dialect.ts";
import { createOpenAiCompatible } from "../openai-compatible/openai-compatible.ts";
import { embeddingsDialect } from "../openai-compatible/plain-dialects.ts";
import { plainModel, readModelNames } from "../openai-compatible/plain-models.ts";
import { PLAIN, type ThinkingWish } from "../openai-compatible/quirks.ts";
import { nearestEffort } from "../openai-compatible/values.ts";
import { responsesDialect } from "../openai-responses/responses-dialect.ts";
import { chatsAbout, type ModelRule, rejectedBy, ruleOf } from "./model-rules.ts";

/** Sampling and routing fields of OpenRouter's API that OpenAI answers with "unrecognized request argument". */
const REJECTED_FIELDS = [
  "top_k",
  "top_a",
  "min_p",
  "repetition_penalty",
  "cache_control",
  "image_config",
  "structured_outputs",
  "stop_server_tools_when",
];
/** Models of which nothing here can ask for anything. */
const OTHER_ENDPOINTS = /whisper|tts|dall-e|moderation|transcribe|realtime|image|sora|^(?:davinci|babbage)(?!-002)/;

const EMBEDDINGS = [embeddingsDialect(["input_type"])];
const COMPLETIONS = [completionsDialect(REJECTED_FIELDS)];
const RESPONSES = responsesDialect({
  rejectsFor: (body, model) => rejectedBy(ruleOf(model), body),
  efforts: (model) => ruleOf(model).efforts,
  takesVerbosity: (model) => ruleOf(model).takesVerbosity,
});
const CHAT_BY_RULE = new Map<ModelRule, UpstreamDialect>();

function dialectsOf(model: string): readonly UpstreamDialect[] {
  const rule = ruleOf(model);
  switch (rule.api) {
    case "embeddings":
      return EMBEDDINGS;
    case "completions":
      return COMPLETIONS;
    case "responses":
      return [RESPONSES];
    case "chat":
      return [chatOf(rule)];
    case "both":
      // The first one serves clients of other dialects.
      return rule.thinksWithTools === false ? [RESPONSES, chatOf(rule)] : [chatOf(rule), RESPONSES];
  }
}

function chatOf(rule: ModelRule): UpstreamDialect {
  const known = CHAT_BY_RULE.get(rule);
  if (known) return known;
  const dialect = chatDialect({
    ...PLAIN,
    rejects: REJECTED_FIELDS,
    takes: (body) => chatsAbout(rule, body),
    renames: { max_tokens: "max_completion_tokens" },
    rejectsFor: (body) => [
      ...rejectedBy(rule, body),
      // Taken only with what is stored, which a gateway's client must not be made to do unasked.
      ...(body.store === true ? [] : ["metadata"]),
      ...(rule.takesVerbosity ? [] : ["verbosity"]),
    ],
    asksReasoning: (wish) => effortFor(rule, wish),
    returnsReasoning: "nothing",
    systemRole: "developer",
  });
  CHAT_BY_RULE.set(rule, dialect);
  return dialect;
}

function effortFor({ efforts }: ModelRule, { enabled, effort }: ThinkingWish): JsonObject {
  const asked = effort ?? (enabled === false ? "none" : enabled === true ? "medium" : null);
  if (efforts === null || asked === null) return {};
  return { reasoning_effort: nearestEffort(asked, efforts) ?? asked };
}

function isEmbedding(model: string): boolean {
  return ruleOf(model).api === "embeddings";
}

export function openaiProvider(identity: ProviderIdentity): HttpProvider {
  return {
    descriptor: identity,
    createAdapter: (transport) => createOpenAiCompatible({ descriptor: identity, dialects: dialectsOf }, transport),
    reportsCost: false,
    assumedModels: knownModelsOfProvider("openai")
      .filter(isChatModel)
      .map((known) => offered(known.upstreamModel, known)),
    readModels: (list) => {
      const names = readModelNames(list)?.filter(({ name }) => !OTHER_ENDPOINTS.test(name));
      return names?.map(({ name, created }) => ({ ...offered(name, knownModelOfProvider("openai", name)), created }));
    },
    acceptUnlisted: () => undefined,
  };
}

/** The price book also has what no request can name: fine-tuned models, variants of others, retired ones. */
function isChatModel({ upstreamModel, outputModalities }: KnownModel): boolean {
  const isName = !upstreamModel.includes(":") && !/ft-|^(?:ada|curie|computer-use|gpt-3\.5-0301)$/.test(upstreamModel);
  return (
    isName && (outputModalities.includes("text") || isEmbedding(upstreamModel)) && !OTHER_ENDPOINTS.test(upstreamModel)
  );
}

function offered(name: string, known: KnownModel | undefined): OfferedModel {
  const plain = plainModel(`openai/${name}`, name);
  if (isEmbedding(name)) {
    return {
      ...plain,
      name: known?.name ?? name,
      outputModalities: ["embeddings"],
      supportedParameters: [],
      price: known?.price ?? null,
    };
  }
  if (!known) return plain;
  const isDated = known.upstreamModel !== name;
  return {
    ...plain,
    name: isDated ? `${known.name} (${name})` : known.name,
    contextLength: known.contextLength,
    price: known.price,
  };
}
