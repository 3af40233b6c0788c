/** What keeps an endpoint from being tried at all, and what lets another one go first. */
import type { Endpoint, OfferedModel } from "../../catalog/catalog.ts";
import { leastPromptTokens, likelyPromptTokens, type RequestNeeds } from "./needs.ts";
import { isFree, isWithin, type Moment } from "./prices.ts";
import { isKeptOut, isMeant, isWholeName } from "./slugs.ts";
import type { RoutingWishes } from "./wishes.ts";

/** OpenRouter's words for `excluded_by`, and below the line ours where it has none. */
export const EXCLUSIONS = [
  "data_policy:zdr",
  "data_policy:training",
  "max_price",
  "context_length",
  "require_parameters",
  "quantization",
  "allowed_providers",
  // ---
  "allowed_models",
  "ignored_providers",
  "service_tier",
  "distillation",
  "max_tokens",
  "free_variant",
] as const;
export type Exclusion = (typeof EXCLUSIONS)[number];

/** One request's view of one model: its own wishes, with what the suffix of the name says. */
export interface FilterContext extends Moment {
  wishes: RoutingWishes;
  /** Service tiers that may be chosen without being named. */
  openTiers: readonly string[];
  /** True where only what costs nothing may answer. */
  freeOnly: boolean;
}

type Check = (endpoint: Endpoint, context: FilterContext) => boolean;

/** In the order in which reasons are given: who is not wanted at all before what cannot be done. */
const CHECKS: readonly (readonly [Exclusion, Check])[] = [
  ["allowed_providers", (endpoint, { wishes }) => isAllowed(endpoint, wishes)],
  ["ignored_providers", (endpoint, { wishes }) => wishes.ignore.length === 0 || !isIgnored(endpoint, wishes)],
  ["service_tier", isOfOpenTier],
  [
    "data_policy:zdr",
    ({ dataPolicy, readsWishes }, { wishes }) =>
      !wishes.zeroDataRetention || (dataPolicy.zeroDataRetention ?? readsWishes ?? false),
  ],
  ["data_policy:training", (endpoint, { wishes }) => !wishes.denyDataCollection || collectsNothing(endpoint)],
  [
    "distillation",
    ({ model, readsWishes }, { wishes }) => !wishes.distillableOnly || (model?.isDistillable ?? readsWishes ?? false),
  ],
  ["quantization", hasQuantization],
  ["free_variant", ({ price }, { freeOnly }) => !freeOnly || isFree(price)],
  [
    "max_price",
    ({ price }, context) => context.wishes.maxPrice === null || isWithin(context.wishes.maxPrice, price, context),
  ],
  ["context_length", ({ model }, { needs }) => fits(model, leastPromptTokens(needs))],
  ["max_tokens", ({ model }, { needs }) => canAnswer(model, needs.maxOutputTokens ?? 0)],
  [
    "require_parameters",
    ({ model }, { wishes, needs }) => !wishes.requireParameters || unknownTo(model, needs.parameters).length === 0,
  ],
];

/** The first reason why this endpoint may not answer; null for none. */
export function exclusionOf(endpoint: Endpoint, context: FilterContext): Exclusion | null {
  for (const [exclusion, passes] of CHECKS) if (!passes(endpoint, context)) return exclusion;
  return null;
}

function isAllowed(endpoint: Endpoint, { only, order, allowFallbacks }: RoutingWishes): boolean {
  if (only !== null && !isNamed(endpoint, only)) return false;
  return allowFallbacks || order.length === 0 || isNamed(endpoint, order);
}

function isNamed(endpoint: Endpoint, slugs: readonly string[]): boolean {
  return slugs.some((slug) => isMeant(slug, endpoint));
}

function isIgnored(endpoint: Endpoint, { ignore }: RoutingWishes): boolean {
  return ignore.some((slug) => isKeptOut(slug, endpoint));
}

function isOfOpenTier(endpoint: Endpoint, { wishes, openTiers }: FilterContext): boolean {
  const tier = endpoint.model?.serviceTier;
  return tier === undefined || openTiers.includes(tier) || isNamedInFull(endpoint, wishes);
}

function isNamedInFull(endpoint: Endpoint, { order, only }: RoutingWishes): boolean {
  return [...order, ...(only ?? [])].some((slug) => isWholeName(slug, endpoint));
}

/** Who keeps nothing at all cannot collect. A router that is told of the wish takes care of it itself. */
function collectsNothing({ dataPolicy, readsWishes }: Endpoint): boolean {
  if (dataPolicy.dataCollection !== undefined) return !dataPolicy.dataCollection;
  return dataPolicy.zeroDataRetention ?? readsWishes ?? false;
}

function hasQuantization({ model, readsWishes }: Endpoint, { wishes }: FilterContext): boolean {
  if (wishes.quantizations === null) return true;
  if (model?.quantization === undefined && readsWishes) return true;
  return wishes.quantizations.includes(model?.quantization ?? "unknown");
}

function fits(model: OfferedModel | undefined, tokens: number): boolean {
  const length = model?.contextLength ?? null;
  return length === null || tokens <= length;
}

function canAnswer(model: OfferedModel | undefined, tokens: number): boolean {
  const most = model?.maxCompletionTokens ?? model?.contextLength ?? null;
  return most === null || tokens <= most;
}

/** Words that say as much: who takes one of a group takes all, and what goes with another is not listed apart from it. */
const OTHER_WORDS: ReadonlyMap<string, readonly string[]> = new Map([
  ["max_tokens", ["max_completion_tokens"]],
  ["max_completion_tokens", ["max_tokens"]],
  ["reasoning", ["reasoning_effort", "include_reasoning"]],
  ["reasoning_effort", ["reasoning", "include_reasoning"]],
  ["include_reasoning", ["reasoning", "reasoning_effort"]],
  ["tool_choice", ["tools"]],
  ["parallel_tool_calls", ["tools"]],
  ["top_logprobs", ["logprobs"]],
]);

function otherWordsFor(name: string): readonly string[] {
  return OTHER_WORDS.get(name) ?? [];
}

/** Those of `parameters` that an endpoint is known not to take; of one whose parameters nobody knows, none. */
export function unknownTo(model: OfferedModel | undefined, parameters: readonly string[]): string[] {
  return parameters.filter((name) => isUnknownTo(model, name));
}

function isUnknownTo(model: OfferedModel | undefined, parameter: string): boolean {
  if (model === undefined || model.isPlain || model.supportedParameters.length === 0) return false;
  const taken = model.supportedParameters;
  return !taken.includes(parameter) && !otherWordsFor(parameter).some((word) => taken.includes(word));
}

/** Parameters whose loss changes what an answer is good for. */
const PREFERRED: readonly string[] = ["tools", "response_format", "structured_outputs", "verbosity"];

/** What an endpoint would answer without: parameters, kinds of input and output, room for the prompt. */
export function lacks({ model }: Endpoint, needs: RequestNeeds): readonly string[] {
  const lacking: string[] = [];
  if (model === undefined) return lacking;
  for (const name of needs.parameters) {
    if (PREFERRED.includes(name) && isUnknownTo(model, name)) lacking.push(name);
  }
  if (!model.isPlain) {
    for (const kind of needs.inputs) if (!model.inputModalities.includes(kind)) lacking.push(`${kind} input`);
    for (const kind of needs.outputs) if (!model.outputModalities.includes(kind)) lacking.push(`${kind} output`);
  }
  if (!fits(model, likelyPromptTokens(needs) + (needs.maxOutputTokens ?? 0))) lacking.push("context");
  return lacking;
}
