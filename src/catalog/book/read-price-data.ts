/**
 * Turns the public data of the genai-prices project (a JSON list of providers) into a price book. The document is taken
 * as a whole or not at all; within it, a price that is not understood leaves its model without a price
 * (`read-price.ts`).
 */
import { isJsonObject, type JsonObject, type JsonValue, objectField, stringField } from "../../kernel/json.ts";
import { AUTHOR_OF_PROVIDER, DATE, ModelIds, ownId } from "../names/model-ids.ts";
import type { BookPrice } from "./book-price.ts";
import { type BookModel, type NameRule, type PriceBook, priceBookSchema, spelledNames } from "./price-book.ts";
import { readPrice } from "./read-price.ts";

export type PriceDataResult = { ok: true; book: PriceBook } | { ok: false; reason: string };

interface DataOptions {
  /** Recorded with every charge. */
  version: string;
  /** `2026-01-31`, in UTC. */
  today: string;
}

interface RawProvider {
  slug: string;
  name: string;
  models: JsonObject[];
}

/** The provider whose names are everybody's ids. */
const NAMING_PROVIDER = "openrouter";

const FREE: BookPrice = { prompt: 0, completion: 0 };

/** Rules of the data that also take in models with other prices: for those an unknown price is better than a wrong one. */
const NARROWER_RULES: Readonly<Record<string, NameRule>> = {
  "aws/amazon.titan-embed-text-v1": { contains: "amazon.titan-embed-text-v1" },
};

export function readPriceData(data: JsonValue, options: DataOptions): PriceDataResult {
  if (!Array.isArray(data)) return { ok: false, reason: "it is not a list of providers" };
  const providers: RawProvider[] = [];
  for (const [index, entry] of data.entries()) {
    const provider = rawProvider(entry);
    if (provider === undefined) return { ok: false, reason: `its provider number ${index + 1} has no id or no models` };
    providers.push(provider);
  }
  const ids = idsOf(providers);
  const book = {
    version: options.version,
    providers: providers.map((provider) => ({
      slug: provider.slug,
      name: provider.name,
      models: modelsOf(provider, ids, options.today),
    })),
  };
  const checked = priceBookSchema.safeParse(book);
  if (checked.success) return { ok: true, book: checked.data };
  const issue = checked.error.issues[0];
  return { ok: false, reason: `${issue?.path.join(".") ?? "it"}: ${issue?.message ?? "is not valid"}` };
}

/** What everybody calls a model (the naming provider's ids and undated names), and what its maker does. */
function idsOf(providers: readonly RawProvider[]): ModelIds {
  const naming = providers.find(({ slug }) => slug === NAMING_PROVIDER)?.models ?? [];
  const others = naming.flatMap(spelledNamesOf).filter((name) => !DATE.test(name) && !name.includes(":"));
  const agreed = [...naming.map(idOf), ...others].filter((id) => /^[^~/]+\/[^/]+$/.test(id));
  const makers = providers.filter(({ slug }) => Object.hasOwn(AUTHOR_OF_PROVIDER, slug));
  return new ModelIds(
    agreed,
    makers.flatMap(({ slug, models }) => models.map((model) => ownId(slug, idOf(model)))),
  );
}

function spelledNamesOf(model: JsonObject): string[] {
  return spelledNames(ruleOf(objectField(model, "match")));
}

function rawProvider(entry: JsonValue): RawProvider | undefined {
  if (!isJsonObject(entry) || !Array.isArray(entry.models)) return undefined;
  const slug = stringField(entry, "id");
  const models = entry.models.filter(isJsonObject);
  if (slug === undefined || models.length !== entry.models.length) return undefined;
  return { slug, name: stringField(entry, "name") ?? slug, models };
}

function idOf(model: JsonObject): string {
  return stringField(model, "id") ?? "";
}

function modelsOf(provider: RawProvider, ids: ModelIds, today: string): BookModel[] {
  const isNaming = provider.slug === NAMING_PROVIDER;
  // Old entries without an author repeat others.
  const models = provider.models.filter((model) => !isNaming || idOf(model).includes("/"));
  const names = models.map(idOf);
  const assigned = isNaming
    ? names
    : ids.assign(
        provider.slug,
        models.map((model) => [idOf(model), ...spelledNamesOf(model)]),
      );
  return models.map((model, index) => {
    const name = idOf(model);
    const rule = NARROWER_RULES[`${provider.slug}/${name}`] ?? ruleOf(objectField(model, "match"));
    const isPlain = rule !== undefined && "equals" in rule && rule.equals === name;
    const context = model.context_window;
    return {
      id: assigned[index] ?? name,
      model: name,
      name: stringField(model, "name"),
      description: stringField(model, "description")?.trim(),
      ...(typeof context === "number" ? { context } : {}),
      ...(rule === undefined || isPlain ? {} : { rule }),
      price: name.endsWith(":free") ? FREE : readPrice(model.prices, today),
    };
  });
}

function ruleOf(match: JsonObject | undefined): NameRule | undefined {
  if (match === undefined) return undefined;
  const [key, value] = Object.entries(match)[0] ?? [];
  if (typeof value === "string") {
    if (key === "equals") return { equals: value };
    if (key === "starts_with") return { startsWith: value };
    if (key === "ends_with") return { endsWith: value };
    if (key === "contains") return { contains: value };
    return key === "regex" ? { regex: value } : undefined;
  }
  if (!Array.isArray(value)) return undefined;
  const parts = value.map((part) => (isJsonObject(part) ? ruleOf(part) : undefined));
  const known = parts.filter((part) => part !== undefined);
  if (key === "or") return { or: known };
  // Of several conditions none may be left out.
  return key === "and" && known.length === parts.length ? { and: known } : undefined;
}
