/** OpenRouter's `provider` object as a request writes it. */
import { QUANTIZATIONS } from "../../catalog/quantizations.ts";
import { isJsonObject } from "../../kernel/json.ts";
import { parseUsd } from "../../kernel/money.ts";
import { type MaxPrice, type PercentileBounds, SORTS, type StatedWishes } from "../router/wishes.ts";
import type { Fields } from "./fields.ts";

/** How many slugs or levels one list may have. */
const MAX_ENTRIES = 256;
const MAX_SLUG_LENGTH = 128;
const PERCENTILES = ["p50", "p75", "p90", "p99"] as const;

/** Fields of the object that are read here; others are nobody's wish that this gateway knows. */
export const KNOWN_WISHES: ReadonlySet<string> = new Set([
  ...["order", "only", "ignore", "allow_fallbacks", "require_parameters", "data_collection", "zdr"],
  ...["enforce_distillable_text", "quantizations", "sort", "max_price"],
  ...["preferred_min_throughput", "preferred_max_latency"],
]);

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/**
 * What `provider` says; an absent field, or one that is null, is not spoken of. `body` is the object that holds
 * `provider`. Throws GapuraError invalid_field, with the path of the field.
 */
export function readProviderWishes(body: Fields): StatedWishes {
  const stated: Writable<StatedWishes> = {};
  const wishes = body.child("provider");
  if (wishes === null) return stated;
  for (const name of ["order", "only", "ignore"] as const) {
    // Clients send empty lists for wishes that they do not have.
    const named = slugs(wishes, name);
    if (named.length > 0) stated[name] = named;
  }
  const flags = {
    allowFallbacks: wishes.flag("allow_fallbacks"),
    requireParameters: wishes.flag("require_parameters"),
    zeroDataRetention: wishes.flag("zdr"),
    distillableOnly: wishes.flag("enforce_distillable_text"),
  };
  const collection = wishes.word("data_collection", ["allow", "deny"]);
  const sort = readSort(wishes, body.word("route", ["fallback", "sort"]));
  return {
    ...stated,
    ...spoken(flags),
    ...(collection === null ? {} : { denyDataCollection: collection === "deny" }),
    ...spoken({
      quantizations: levels(wishes),
      sort,
      maxPrice: readMaxPrice(wishes),
      minThroughput: bounds(wishes, "preferred_min_throughput"),
      maxLatency: bounds(wishes, "preferred_max_latency"),
    }),
  };
}

/** The object without what is null. */
function spoken<Type extends object>(fields: Type): { [Key in keyof Type]?: NonNullable<Type[Key]> } {
  const found: { [Key in keyof Type]?: NonNullable<Type[Key]> } = {};
  for (const key in fields) {
    const value = fields[key];
    if (value !== null && value !== undefined) found[key] = value;
  }
  return found;
}

function slugs(wishes: Fields, name: string): readonly string[] {
  const found = wishes.texts(name);
  if (found.length > MAX_ENTRIES) throw wishes.wrong(name, `must name at most ${MAX_ENTRIES} providers`);
  for (const [index, slug] of found.entries()) {
    if (slug.trim() !== "" && slug.length <= MAX_SLUG_LENGTH) continue;
    throw wishes.wrong(`${name}[${index}]`, `must be a provider's slug of 1 to ${MAX_SLUG_LENGTH} characters`);
  }
  return [...new Set(found.map((slug) => slug.trim().toLowerCase()))];
}

function levels(wishes: Fields): readonly string[] | null {
  if (!wishes.has("quantizations")) return null;
  const found = wishes.texts("quantizations");
  const known: ReadonlySet<string> = new Set(QUANTIZATIONS);
  const wrong = found.findIndex((level) => !known.has(level));
  if (wrong !== -1) throw wishes.wrong(`quantizations[${wrong}]`, `must be one of ${QUANTIZATIONS.join(", ")}`);
  return found.length === 0 ? null : found;
}

/** `route` is the older way to say whether models are sorted apart or together. */
function readSort(wishes: Fields, route: "fallback" | "sort" | null): StatedWishes["sort"] | null {
  if (!wishes.has("sort")) return null;
  const together = route === "sort";
  if (!isJsonObject(wishes.object.sort)) {
    if (typeof wishes.object.sort !== "string") throw wishes.wrong("sort", "must be a word, or {by, partition}");
    const by = wishes.word("sort", SORTS);
    return by === null ? null : { by, acrossModels: together };
  }
  const sort = wishes.child("sort");
  const by = sort?.word("by", SORTS) ?? null;
  const partition = sort?.word("partition", ["model", "none"]) ?? null;
  if (by === null) return null;
  return { by, acrossModels: partition === null ? together : partition === "none" };
}

/** Amounts are dollars, as numbers or decimal texts. */
function readMaxPrice(wishes: Fields): MaxPrice | null {
  const price = wishes.child("max_price");
  if (price === null) return null;
  const found = {
    promptNanoPerMillion: amount(price, "prompt"),
    completionNanoPerMillion: amount(price, "completion"),
    requestNano: amount(price, "request"),
    imageNano: amount(price, "image"),
    audioNanoPerMillion: amount(price, "audio"),
  };
  return Object.values(found).every((bound) => bound === null) ? null : found;
}

function amount(price: Fields, name: string): bigint | null {
  const value = price.object[name] ?? null;
  if (value === null) return null;
  const text = typeof value === "number" && value < 1e9 ? value.toFixed(9) : value;
  const nano = typeof text === "string" ? parseUsd(text) : undefined;
  if (nano !== undefined && nano >= 0n) return nano;
  throw price.wrong(name, 'must be an amount of dollars such as 1.5 or "1.5", at least 0');
}

/** A number alone is about the median. */
function bounds(wishes: Fields, name: string): PercentileBounds | null {
  const value = wishes.object[name] ?? null;
  if (value === null) return null;
  if (!isJsonObject(value)) return { p50: positive(wishes, name) };
  const given = wishes.child(name);
  const entries = PERCENTILES.flatMap((percentile): [string, number][] =>
    given?.has(percentile) ? [[percentile, positive(given, percentile)]] : [],
  );
  return entries.length === 0 ? null : Object.fromEntries(entries);
}

function positive(fields: Fields, name: string): number {
  const value = fields.number(name);
  if (value === null || value <= 0) throw fields.wrong(name, "must be a number above 0");
  return value;
}
