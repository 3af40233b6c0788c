/**
 * Turns the public data of the genai-prices project (a JSON list of providers) into a price book. The document is taken
 * as a whole or not at all; within it, a price that is not understood leaves its model without a price, and of prices
 * that change with the date those of the given day are taken. Times of day are not told apart: the dearest one counts,
 * so that no request is charged less than it can cost.
 */
import { isJsonObject, type JsonObject, type JsonValue, objectField, stringField } from "../../kernel/json.ts";
import { parseUsd } from "../../kernel/money.ts";
import { AUTHOR_OF_PROVIDER, DATE, ModelIds, ownId } from "../names/model-ids.ts";
import {
  type BookModel,
  type BookPrice,
  type BookRates,
  type NameRule,
  type PriceBook,
  priceBookSchema,
  spelledNames,
} from "./price-book.ts";

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

const RATE_KEYS = {
  input_mtok: "prompt",
  output_mtok: "completion",
  cache_read_mtok: "cached",
  cache_write_mtok: "write",
  cache_write_1h_mtok: "write1h",
  input_audio_mtok: "audioIn",
  input_image_mtok: "imageIn",
  output_reasoning_mtok: "reasoning",
  output_audio_mtok: "audioOut",
  output_image_mtok: "imageOut",
} as const;

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
      price: priceOf(pricesInForce(model.prices, today), name.endsWith(":free")),
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

/** The prices that may hold on the given day: one, or one for each time of the day. */
function pricesInForce(prices: JsonValue | undefined, today: string): JsonObject[] {
  if (isJsonObject(prices)) return [prices];
  if (!Array.isArray(prices)) return [];
  let inForce: JsonObject[] = [];
  for (const entry of prices) {
    const price = isJsonObject(entry) ? objectField(entry, "prices") : undefined;
    if (!isJsonObject(entry) || price === undefined) continue;
    const constraint = objectField(entry, "constraint");
    if (constraint === undefined) inForce = [price];
    else if (stringField(constraint, "start_time") !== undefined) inForce.push(price);
    else if ((stringField(constraint, "start_date") ?? "9999") <= today) inForce = [price];
  }
  return inForce;
}

function priceOf(candidates: readonly JsonObject[], isFree: boolean): BookPrice | undefined {
  if (isFree) return { prompt: 0, completion: 0 };
  const prices = candidates.map(onePrice).filter((price) => price !== undefined);
  return prices.sort((a, b) => b.prompt + b.completion - a.prompt - a.completion)[0];
}

function onePrice(raw: JsonObject): BookPrice | undefined {
  const base = ratesAt(raw, 0);
  // Half a price is none: it is shown as unknown.
  if (base === undefined) return undefined;
  const starts = new Set(Object.values(raw).flatMap((value) => tiersOf(value).map(({ start }) => start)));
  const tiers = [...starts]
    .sort((a, b) => a - b)
    .flatMap((start) => {
      const rates = ratesAt(raw, start + 1);
      return rates === undefined ? [] : [{ ...rates, above: start }];
    });
  const request = perThousand(raw.requests_kcount);
  const search = perThousand(raw.web_searches_kcount);
  return {
    ...base,
    ...(request === undefined ? {} : { request }),
    ...(search === undefined ? {} : { search }),
    ...(tiers.length === 0 ? {} : { tiers }),
  };
}

function ratesAt(raw: JsonObject, promptTokens: number): BookRates | undefined {
  const rates: Partial<BookRates> = {};
  for (const [key, name] of Object.entries(RATE_KEYS)) {
    const value = raw[key];
    const tier = tiersOf(value).findLast(({ start }) => promptTokens > start);
    const amount = nanoOf(tier?.price ?? (isJsonObject(value) ? value.base : value));
    if (amount !== undefined) rates[name] = amount;
  }
  const { prompt, completion = raw.output_mtok === undefined && isEmbedding(raw) ? 0 : undefined } = rates;
  return prompt === undefined || completion === undefined ? undefined : { ...rates, prompt, completion };
}

/** What is read and not written (embeddings, reranking) has a price for the prompt and none for an answer. */
function isEmbedding(raw: JsonObject): boolean {
  return Object.keys(raw).every((key) => key.startsWith("input_") || key.startsWith("cache_"));
}

function tiersOf(value: JsonValue | undefined): { start: number; price: JsonValue | undefined }[] {
  if (!isJsonObject(value) || !Array.isArray(value.tiers)) return [];
  return value.tiers.flatMap((tier) =>
    isJsonObject(tier) && typeof tier.start === "number" ? [{ start: tier.start, price: tier.price }] : [],
  );
}

/** Dollars as whole nano-dollars. What is finer (a quotient that somebody wrote as 0.08333…) is rounded up. */
function nanoOf(usd: JsonValue | undefined): number | undefined {
  if (typeof usd !== "number" || !(usd >= 0) || usd > 1e6) return undefined;
  return Number(parseUsd(String(usd)) ?? Math.ceil(usd * 1e9));
}

function perThousand(usd: JsonValue | undefined): number | undefined {
  const thousand = nanoOf(usd);
  return thousand === undefined ? undefined : Math.ceil(thousand / 1000);
}
