/**
 * Perplexity: answers come with the pages that were searched; there is no list of models; the cost, which has a fee for
 * each search besides the tokens, is reported in parts.
 */
import { knownModelsOfProvider } from "../../../catalog/known-models.ts";
import { arrayField, isJsonObject, type JsonObject, objectField, stringField } from "../../../kernel/json.ts";
import { nearestEffort } from "../openai-compatible/values.ts";
import { compatibleVendor } from "../openai-compatible/vendor.ts";

/** It lets these go unheeded or refuses them. */
const REJECTED = [
  ...["tools", "tool_choice", "parallel_tool_calls", "seed", "stop", "logit_bias", "logprobs", "top_logprobs", "min_p"],
  ...["top_a", "modalities", "audio", "image_config", "cache_control", "prediction", "verbosity", "service_tier"],
];

const THINKS = /reasoning|deep-research/;

export const perplexityProvider = compatibleVendor({
  vendor: "perplexity",
  quirks: {
    renames: { max_completion_tokens: "max_tokens" },
    rejects: REJECTED,
    takesStreamOptions: false,
    returnsReasoning: "nothing",
    thinksInContent: true,
    asksReasoning: ({ enabled, effort }, model) => {
      const asked = effort === null ? undefined : nearestEffort(effort, ["minimal", "low", "medium", "high"]);
      return enabled !== false && asked && THINKS.test(model) ? { reasoning_effort: asked } : {};
    },
    readAnswer: (answer) => withCitations(withPlainCost(answer)),
  },
  reportsCost: true,
  // The price book still has models that were called otherwise.
  fixedModels: () =>
    knownModelsOfProvider("perplexity").flatMap(({ upstreamModel }) =>
      upstreamModel.startsWith("sonar") ? [upstreamModel] : [],
    ),
});

/** `usage.cost` is an object of parts there; the sum is what everybody calls the cost. */
function withPlainCost(answer: JsonObject): JsonObject {
  const usage = objectField(answer, "usage");
  const cost = usage && objectField(usage, "cost");
  if (usage && cost) usage.cost = cost.total_cost ?? null;
  return answer;
}

/** The pages under `search_results` as annotations of the message; in a stream, of the chunk that ends it. */
function withCitations(answer: JsonObject): JsonObject {
  const pages = arrayField(answer, "search_results").filter(isJsonObject);
  const choice = arrayField(answer, "choices").find(isJsonObject);
  const said =
    choice && (objectField(choice, "message") ?? (choice.finish_reason ? objectField(choice, "delta") : undefined));
  if (!said || pages.length === 0 || said.annotations !== undefined) return answer;
  said.annotations = pages.flatMap((page) => {
    const url = stringField(page, "url");
    if (url === undefined) return [];
    const cited = { url, title: stringField(page, "title") ?? "", start_index: 0, end_index: 0 };
    return [{ type: "url_citation", url_citation: cited }];
  });
  return answer;
}
