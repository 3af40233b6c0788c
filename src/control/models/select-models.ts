/**
 * Which models a client asked for, in which order, on which page. Pure; every filter only ever takes models away, so
 * filters can be combined in any order. What nobody knows of a model (its price, its age, a benchmark) never passes a
 * filter that asks for it, and stands last in an order that is by it.
 */
import type { ListedModel } from "../../catalog/catalog.ts";
import type { ListModelsQuery, ModelSort } from "../../contract/schemas/models.ts";
import { parseUsd } from "../../kernel/money.ts";
import { familyOf } from "./families.ts";

export interface SelectionFacts {
  nowMs: number;
  /** Tokens that this instance has lately sent to a model and got from it. */
  tokensOf(modelId: string): number;
}

type Filter = (listed: ListedModel) => boolean;

const DAY_SECONDS = 86_400;
const DEFAULT_LIMIT = 500;

export function selectModels(
  models: readonly ListedModel[],
  query: ListModelsQuery,
  facts: SelectionFacts,
): ListedModel[] {
  const filters = filtersOf(query, facts);
  const found = models.filter((listed) => filters.every((passes) => passes(listed)));
  return query.sort === undefined ? found : sorted(found, query.sort, facts);
}

function filtersOf(query: ListModelsQuery, facts: SelectionFacts): Filter[] {
  return [
    outputs(query.output_modalities ?? ["text"]),
    ...textFilters(query),
    ...amountFilters(query),
    ...declaredFilters(query),
    ...ageFilters(query, facts.nowMs),
    ...(asksForScores(query) ? [() => false] : []),
  ];
}

function outputs(wanted: readonly string[]): Filter {
  if (wanted.includes("all")) return () => true;
  return ({ model }) => model.outputModalities.some((modality) => wanted.includes(modality));
}

function textFilters(query: ListModelsQuery): Filter[] {
  const filters: Filter[] = [];
  const { q, arch, supported_parameters: parameters, input_modalities: inputs } = query;
  if (q !== undefined) {
    const words = q.toLowerCase().split(/\s+/).filter(Boolean);
    filters.push(({ model }) => {
      const text = `${model.id} ${model.canonicalSlug ?? ""} ${model.name}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
  }
  if (parameters) filters.push(({ model }) => parameters.every((name) => model.supportedParameters.includes(name)));
  if (inputs) filters.push(({ model }) => inputs.every((name) => model.inputModalities.includes(name)));
  if (arch !== undefined) filters.push(({ model }) => familyOf(model.id).toLowerCase().startsWith(arch.toLowerCase()));
  if (query.model_authors) {
    const authors = query.model_authors;
    filters.push(({ model }) => authors.includes(model.id.slice(0, model.id.indexOf("/")).toLowerCase()));
  }
  if (query.providers) {
    const providers = query.providers;
    filters.push(({ endpoints }) =>
      endpoints.some(
        ({ providerSlug, providerName }) =>
          providers.includes(providerSlug) || providers.includes(providerName.toLowerCase()),
      ),
    );
  }
  return filters;
}

/** Bounds of context and of both prices. */
function amountFilters(query: ListModelsQuery): Filter[] {
  const { context } = query;
  const filters: Filter[] = context === undefined ? [] : [({ model }) => (model.contextLength ?? 0) >= context];
  const bound = (usd: string | undefined, passes: (price: ListedModel["model"]["price"], nano: bigint) => boolean) => {
    const nano = usd === undefined ? undefined : parseUsd(usd);
    if (nano !== undefined) filters.push(({ model }) => passes(model.price, nano));
  };
  bound(query.min_price, (price, nano) => price !== null && price.promptNanoPerMillion >= nano);
  bound(query.max_price, (price, nano) => price !== null && price.promptNanoPerMillion <= nano);
  bound(query.min_output_price, (price, nano) => price !== null && price.completionNanoPerMillion >= nano);
  bound(query.max_output_price, (price, nano) => price !== null && price.completionNanoPerMillion <= nano);
  return filters;
}

/** What only the operator can say of a model. */
function declaredFilters(query: ListModelsQuery): Filter[] {
  const filters: Filter[] = [];
  const { category, distillable, region, zdr } = query;
  if (category !== undefined) filters.push(({ model }) => model.categories?.includes(category) ?? false);
  if (distillable !== undefined)
    filters.push(({ model }) => (model.isDistillable ?? false) === (distillable === "true"));
  if (region !== undefined)
    filters.push(({ endpoints }) => endpoints.some(({ model }) => model?.regions?.includes(region)));
  if (zdr !== undefined) filters.push(({ endpoints }) => endpoints.some(keepsNothing));
  return filters;
}

/** Whether nothing of a request stays with the one who answers it. */
export function keepsNothing({ dataPolicy }: ListedModel["endpoints"][number]): boolean {
  return dataPolicy.zeroDataRetention === true;
}

function ageFilters({ min_age_days: min, max_age_days: max }: ListModelsQuery, nowMs: number): Filter[] {
  if (min === undefined && max === undefined) return [];
  const nowSeconds = Math.floor(nowMs / 1000);
  const ageDays = (created: number) => (nowSeconds - created) / DAY_SECONDS;
  return [
    ({ model }) =>
      model.created > 0 &&
      ageDays(model.created) >= (min ?? 0) &&
      ageDays(model.created) <= (max ?? Number.POSITIVE_INFINITY),
  ];
}

/** No benchmark and no success rate is known of any model. */
function asksForScores(query: ListModelsQuery): boolean {
  const names = ["intelligence_index", "coding_index", "agentic_index", "tool_success_rate"] as const;
  return names.some((name) => query[`min_${name}`] !== undefined || query[`max_${name}`] !== undefined);
}

/** By a figure, the highest first; what has none, and equal ones, stay in the order of their ids. */
function sorted(models: ListedModel[], sort: ModelSort, facts: SelectionFacts): ListedModel[] {
  const figure = figureOf(sort, facts);
  if (figure === undefined) return models;
  const ranked = models.map((listed) => ({ listed, value: figure(listed) }));
  ranked.sort((a, b) => {
    if (a.value === undefined || b.value === undefined)
      return Number(a.value === undefined) - Number(b.value === undefined);
    return a.value === b.value ? 0 : a.value > b.value ? -1 : 1;
  });
  return ranked.map(({ listed }) => listed);
}

/** What a sort goes by, turned so that the highest comes first; undefined for what nobody measures. */
function figureOf(
  sort: ModelSort,
  facts: SelectionFacts,
): ((listed: ListedModel) => bigint | number | undefined) | undefined {
  const price = ({ model }: ListedModel) =>
    model.price && model.price.promptNanoPerMillion + model.price.completionNanoPerMillion;
  switch (sort) {
    case "most-popular":
    case "top-weekly":
      return ({ model }) => facts.tokensOf(model.id);
    case "newest":
      return ({ model }) => model.created || undefined;
    case "pricing-high-to-low":
      return (listed) => price(listed) ?? undefined;
    case "pricing-low-to-high":
      return (listed) => {
        const sum = price(listed);
        return sum === null ? undefined : -sum;
      };
    case "context-high-to-low":
      return ({ model }) => model.contextLength ?? undefined;
    default:
      return undefined;
  }
}

export interface Page<Item> {
  items: readonly Item[];
  /** Where the next page begins, null on the last one. */
  next: { offset: number; limit: number } | null;
}

/** Without offset and limit everything is one page. */
export function pageOf<Item>(
  items: readonly Item[],
  asked: { offset?: number | undefined; limit?: number | undefined },
): Page<Item> {
  if (asked.offset === undefined && asked.limit === undefined) return { items, next: null };
  const { offset = 0, limit = DEFAULT_LIMIT } = asked;
  const end = offset + limit;
  return { items: items.slice(offset, end), next: end < items.length ? { offset: end, limit } : null };
}
