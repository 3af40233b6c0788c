/**
 * Servers of open models that people run beside Gapura, where they listen unless told otherwise, and what is special about
 * each: how it is asked to think, how it takes former thoughts back, and where it says how long a model's context is.
 *
 * One that is still loading a model answers with 503, which the gateway passes on with a Retry-After after it has tried the
 * model's other endpoints.
 */
import type { OfferedModel } from "../../../catalog/catalog.ts";
import type { Price } from "../../../catalog/price.ts";
import { isJsonObject, type JsonObject, objectField } from "../../../kernel/json.ts";
import type { HttpProvider, ListAnswer, ListContext } from "../http-provider.ts";
import { type GenericServer, genericServer } from "../openai-compatible/generic.ts";
import { openAiEntries } from "../openai-compatible/model-entries.ts";
import type { ChatQuirks, ThinkingWish } from "../openai-compatible/quirks.ts";
import { choiceLeftOut } from "../openai-compatible/values.ts";

interface LocalServer extends GenericServer {
  slug: string;
  name: string;
  port: number;
  collectModels?(baseUrl: string, context: ListContext): Promise<ListAnswer>;
}

/** Whether a model thinks is a matter of its chat template, in which each family has a word of its own for it. */
const BY_TEMPLATE: Partial<ChatQuirks> = { asksReasoning: templateThinking, returnsReasoning: "reasoning_content" };

const LOCAL_SERVERS: readonly LocalServer[] = [
  {
    slug: "ollama",
    name: "Ollama",
    port: 11434,
    // It reads `max_tokens` alone, maps efforts that it does not have by itself, and leaves the choice of tools to the model.
    quirks: {
      renames: { max_completion_tokens: "max_tokens" },
      rejects: ["logit_bias", "top_k", "min_p", "repetition_penalty", "parallel_tool_calls"],
      rejectsFor: choiceLeftOut,
      returnsReasoning: "reasoning",
    },
    reranks: false,
  },
  {
    slug: "lmstudio",
    name: "LM Studio",
    port: 1234,
    quirks: { renames: { max_completion_tokens: "max_tokens" } },
    reranks: false,
    readEntry: lmStudioEntry,
    collectModels: lmStudioModels,
  },
  { slug: "llamacpp", name: "llama.cpp", port: 8080, quirks: BY_TEMPLATE, collectModels: llamaCppModels },
  { slug: "vllm", name: "vLLM", port: 8000, quirks: { ...BY_TEMPLATE, returnsReasoning: "reasoning" } },
  { slug: "sglang", name: "SGLang", port: 30000, quirks: BY_TEMPLATE },
];

/** Nobody bills for what runs on the operator's own machine; who wants its use paid for writes a price. */
const UNBILLED: Price = {
  version: "local:unbilled",
  promptNanoPerMillion: 0n,
  completionNanoPerMillion: 0n,
  cachedPromptNanoPerMillion: null,
  overrides: [],
};

/** Every local server that may be there. They need no key. */
export function localServers(): HttpProvider[] {
  return LOCAL_SERVERS.map((server) => localServer(server, `http://127.0.0.1:${server.port}/v1`));
}

function localServer(server: LocalServer, baseUrl: string): HttpProvider {
  const { slug, name, collectModels } = server;
  return {
    ...genericServer(
      { slug, name, baseUrl },
      { ...server, readEntry: (entry) => ({ price: UNBILLED, ...server.readEntry?.(entry) }) },
    ),
    ...(collectModels ? { collectModels: (_credential, context) => collectModels(baseUrl, context) } : {}),
  };
}

function templateThinking({ enabled, effort }: ThinkingWish): JsonObject {
  if (enabled === null && effort === null) return {};
  const thinks = enabled !== false;
  return {
    chat_template_kwargs: { enable_thinking: thinks, thinking: thinks },
    ...(thinks && effort !== null ? { reasoning_effort: effort } : {}),
  };
}

/** Its own list says more than the compatible one, which is asked where an old version has no other. */
async function lmStudioModels(baseUrl: string, { ask }: ListContext): Promise<ListAnswer> {
  const own = await ask({ url: `${baseUrl.replace(/\/v1$/, "")}/api/v0/models`, headers: {} });
  return own.status === 200 ? own : ask({ url: `${baseUrl}/models`, headers: {} });
}

function lmStudioEntry(entry: JsonObject): Partial<OfferedModel> {
  const context = entry.loaded_context_length ?? entry.max_context_length;
  return {
    ...(typeof context === "number" && context > 0 ? { contextLength: context } : {}),
    ...(entry.type === "embeddings" ? { outputModalities: ["embeddings"], supportedParameters: [] } : {}),
    ...(entry.type === "vlm" ? { inputModalities: ["text", "image"] } : {}),
  };
}

/** The context that it was started with stands outside of the list; the one that the model was trained with may be longer. */
async function llamaCppModels(baseUrl: string, { ask }: ListContext): Promise<ListAnswer> {
  const list = await ask({ url: `${baseUrl}/models`, headers: {} });
  const entries = openAiEntries(list.value);
  if (list.status !== 200 || entries?.length !== 1) return list;
  const { value } = await ask({ url: `${baseUrl.replace(/\/v1$/, "")}/props`, headers: {} });
  const settings = isJsonObject(value) ? objectField(value, "default_generation_settings") : undefined;
  return {
    status: 200,
    value: { data: entries.map((entry) => ({ ...entry, context_length: settings?.n_ctx ?? null })) },
  };
}
