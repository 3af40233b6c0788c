/** The sentence for a request that nobody may answer, and what a program reads of it. */
import type { Resolution } from "../../catalog/catalog.ts";
import { GapuraError } from "../../kernel/errors.ts";
import type { PassedOver } from "./route.ts";
import { isMeant } from "./slugs.ts";
import type { RoutingWishes } from "./wishes.ts";

export interface RouteHints {
  modelsUrl: string;
  /** What an operator can connect to get a model of this author: names of providers and the first one's variable. */
  howToConnect(author: string): { providers: string; variable: string };
}

type Words = readonly [field: string, words: string];

/** The field that asks for it, and what is then wrong with an endpoint. */
const WORDS: Record<PassedOver["because"], Words> = {
  "data_policy:zdr": ["provider.zdr", "keeps what it is sent, or nobody has said that it does not"],
  "data_policy:training": ["provider.data_collection", "may collect prompts, or nobody has said that it does not"],
  max_price: ["provider.max_price", "dearer than max_price, or of unknown price"],
  context_length: ["messages", "its context is shorter than the prompt"],
  require_parameters: ["provider.require_parameters", "does not take every parameter of the request"],
  quantization: ["provider.quantizations", "not of an allowed quantization"],
  allowed_providers: ["provider.only", "not among the allowed providers"],
  ignored_providers: ["provider.ignore", "among the ignored providers"],
  service_tier: ["service_tier", "of a service tier that has to be named"],
  distillation: ["provider.enforce_distillable_text", "not known to permit distillation"],
  max_tokens: ["max_tokens", "cannot write as much as max_tokens"],
  free_variant: ["model", "not free"],
  allowed_models: ["model", "a model that the API key may not call"],
  allow_fallbacks: ["provider.allow_fallbacks", "a fallback"],
  budget: ["max_tokens", "dearer than what is left of a budget"],
  price_unknown: ["model", "of unknown price"],
};
/** `order` allows nobody else where it has no fallbacks. */
const NOT_IN_ORDER: Words = ["provider.order", "not named in order, which allows no fallbacks"];
/** So many providers are named for one reason; the sentence is for people. */
const MAX_NAMED = 5;

/** Nobody serves the model, or nobody knows it. Codes: model_unknown, model_not_connected. */
export function notServed(model: string, resolution: Resolution, hints: RouteHints): GapuraError {
  if (resolution.kind !== "not-connected") {
    return new GapuraError("model_unknown", { values: { model, modelsUrl: hints.modelsUrl } });
  }
  return new GapuraError("model_not_connected", {
    values: { model, ...hints.howToConnect(resolution.author) },
    metadata: { model: resolution.modelId },
  });
}

/** There are endpoints, but the request's wishes leave none of them. */
export function allFiltered(
  models: readonly string[],
  passedOver: readonly PassedOver[],
  wishes: Pick<RoutingWishes, "only">,
): GapuraError {
  const byReason = new Map<Words, Set<string>>();
  for (const one of passedOver) {
    const words = wordsFor(one, wishes);
    byReason.set(words, (byReason.get(words) ?? new Set()).add(one.endpoint.providerName));
  }
  const reasons = [...byReason].map(([[, words], names]) => `${namesOf([...names])} (${words})`).join("; ");
  const [first, ...others] = byReason.keys();
  const constraint = others.length === 0 ? first : undefined;
  return new GapuraError("endpoints_filtered", {
    values: { model: models.join(", "), reasons },
    metadata: {
      excluded_by: [...new Set(passedOver.map(({ because }) => because))],
      ...(constraint === undefined ? {} : { constraint: { field: constraint[0], detail: constraint[1] } }),
    },
  });
}

function wordsFor({ endpoint, because }: PassedOver, { only }: Pick<RoutingWishes, "only">): Words {
  const isAllowed = only === null || only.some((slug) => isMeant(slug, endpoint));
  return because === "allowed_providers" && isAllowed ? NOT_IN_ORDER : WORDS[because];
}

/** What is wrong with an endpoint that is passed over; a word of a newer server stands as it came. */
export function becauseWords(because: string): string {
  return Object.entries(WORDS).find(([word]) => word === because)?.[1][1] ?? because;
}

function namesOf(names: readonly string[]): string {
  const more = names.length - MAX_NAMED;
  return more > 0 ? `${names.slice(0, MAX_NAMED).join(", ")} and ${more} more` : names.join(", ");
}
