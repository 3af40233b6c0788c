/** OpenAI's own API. Its model list has names only; context and prices come from the bundled snapshot. */
import type { OfferedModel } from "../../../catalog/catalog.ts";
import { type KnownModel, knownModelOfProvider, knownModelsOfProvider } from "../../../catalog/known-models.ts";
import type { HttpProvider, ProviderIdentity } from "../http-provider.ts";
import { chatDialect } from "../openai-compatible/chat-dialect.ts";
import { createOpenAiCompatible } from "../openai-compatible/openai-compatible.ts";
import { embeddingsDialect } from "../openai-compatible/plain-dialects.ts";
import { plainModel, readModelNames } from "../openai-compatible/plain-models.ts";
import { PLAIN } from "../openai-compatible/quirks.ts";

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
/** Models that answer other endpoints than chat completions. */
const OTHER_ENDPOINTS = /whisper|tts|dall-e|moderation|transcribe|realtime|image|instruct|^(davinci|babbage)/;

const DIALECTS = [
  chatDialect({ ...PLAIN, rejects: REJECTED_FIELDS, returnsReasoning: "nothing", systemRole: "developer" }),
];

const EMBEDDINGS = [embeddingsDialect(["input_type"])];

function dialectsOf(model: string) {
  return isEmbedding(model) ? EMBEDDINGS : DIALECTS;
}

function isEmbedding(model: string): boolean {
  return model.includes("embedding");
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
