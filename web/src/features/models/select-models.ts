/** Which models of the catalogue are shown, and in what order. Pure. */
import type { CatalogModel } from "../../../../src/contract/schemas/models.ts";
import { pricePerMillion } from "../../lib/format.ts";
import { ABILITIES, type Ability, type ModelOrder, type ModelsSearch, namesOf } from "./models-search.ts";

/** What a million tokens cost, in dollars; undefined when nobody knows. */
export function dollarsPerMillion(perToken: string | undefined): number | undefined {
  const amount = perToken === undefined ? null : pricePerMillion(perToken);
  return amount === null ? undefined : Number(amount);
}

export function isFree({ pricing }: Pick<CatalogModel, "pricing">): boolean {
  return dollarsPerMillion(pricing.prompt) === 0 && dollarsPerMillion(pricing.completion) === 0;
}

export function abilitiesOf({ supported_parameters: fields, architecture }: AbleModel): Ability[] {
  const takes = (kind: string) => architecture.input_modalities.includes(kind);
  const has: Record<Ability, boolean> = {
    tools: fields.includes("tools"),
    structured: fields.includes("structured_outputs") || fields.includes("response_format"),
    reasoning: fields.includes("reasoning"),
    images: takes("image"),
    files: takes("file"),
    audio: takes("audio"),
  };
  return ABILITIES.filter((ability) => has[ability]);
}

type AbleModel = Pick<CatalogModel, "supported_parameters" | "architecture">;

/** The models that fit the address, in its order. */
export function selectedModels(models: readonly CatalogModel[], search: ModelsSearch): readonly CatalogModel[] {
  const words = search.q?.toLowerCase().split(/\s+/).filter(Boolean) ?? [];
  const wanted = namesOf(ABILITIES, search.can);
  const fits = (model: CatalogModel): boolean => {
    const { provider, output, context, price } = search;
    if (provider !== undefined && !model.providers.some(({ slug }) => slug === provider)) return false;
    if (output !== undefined && !model.architecture.output_modalities.includes(output)) return false;
    if (context !== undefined && (model.context_length ?? 0) < Number(context)) return false;
    if (price === "0" && !isFree(model)) return false;
    if (
      price !== undefined &&
      !((dollarsPerMillion(model.pricing.prompt) ?? Number.POSITIVE_INFINITY) <= Number(price))
    )
      return false;
    const abilities = abilitiesOf(model);
    if (!wanted.every((ability) => abilities.includes(ability))) return false;
    return words.every((word) => textOf(model).includes(word));
  };
  return ordered(models.filter(fits), search.sort);
}

function textOf({ id, name, providers }: CatalogModel): string {
  return [id, name, ...providers.map((provider) => `${provider.slug} ${provider.name}`)].join(" ").toLowerCase();
}

const VALUES: Record<Exclude<ModelOrder, "name">, (model: CatalogModel) => number | undefined> = {
  context: ({ context_length: length }) => length ?? undefined,
  maxOutput: ({ top_provider: top }) => top.max_completion_tokens ?? undefined,
  input: ({ pricing }) => dollarsPerMillion(pricing.prompt),
  output: ({ pricing }) => dollarsPerMillion(pricing.completion),
  cacheRead: ({ pricing }) => dollarsPerMillion(pricing.input_cache_read),
  created: ({ created }) => created || undefined,
};

/** What nobody knows comes last, whichever way it is sorted. */
function ordered(models: CatalogModel[], sort: string | undefined): readonly CatalogModel[] {
  if (sort === undefined) return models;
  const sign = sort.startsWith("-") ? -1 : 1;
  const order = sort.replace(/^-/, "");
  if (order === "name") return models.sort((one, other) => sign * one.name.localeCompare(other.name));
  const value = Object.entries(VALUES).find(([name]) => name === order)?.[1];
  if (value === undefined) return models;
  return models.sort((one, other) => {
    const [first, second] = [value(one), value(other)];
    if (first === undefined || second === undefined) return Number(first === undefined) - Number(second === undefined);
    return sign * (first - second);
  });
}

/** The next order when a heading is pressed: up, down, and back to the catalogue's own. */
export function nextSort(sort: string | undefined, order: ModelOrder): string | undefined {
  if (sort === order) return `-${order}`;
  return sort === `-${order}` ? undefined : order;
}
