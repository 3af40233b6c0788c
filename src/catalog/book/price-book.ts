/**
 * A price book: what the models of many providers are called and cost at one time, as one JSON document. The program
 * brings one (`../snapshot/prices.json`); a newer one may be fetched. All amounts are whole nano-dollars.
 */
import { z } from "zod";
import type { Price, PriceRates } from "../price.ts";

const amount = z.int().nonnegative().max(1e15);

/** Per million tokens. Rates that are not there are unknown here and mean the ordinary rate when they are charged. */
const rates = {
  prompt: amount,
  completion: amount,
  cached: amount.optional(),
  write: amount.optional(),
  write1h: amount.optional(),
  audioIn: amount.optional(),
  imageIn: amount.optional(),
  reasoning: amount.optional(),
  audioOut: amount.optional(),
  imageOut: amount.optional(),
};
const bookRates = z.strictObject(rates);

const bookPrice = z.strictObject({
  ...rates,
  /** For each request, and for each web search. */
  request: amount.optional(),
  search: amount.optional(),
  tiers: z.array(z.strictObject({ ...rates, above: z.int().positive() })).optional(),
});

/** How names other than the model's own are known to mean it; a name is compared in lower case. */
export type NameRule =
  | { equals: string }
  | { startsWith: string }
  | { endsWith: string }
  | { contains: string }
  | { regex: string }
  | { or: NameRule[] }
  | { and: NameRule[] };

const text = z.string().min(1).max(256);
const nameRule: z.ZodType<NameRule> = z.lazy(() =>
  z.union([
    z.strictObject({ equals: text }),
    z.strictObject({ startsWith: text }),
    z.strictObject({ endsWith: text }),
    z.strictObject({ contains: text }),
    z.strictObject({ regex: text.refine(isHarmlessRegex, "is a pattern that could take too long") }),
    z.strictObject({ or: z.array(nameRule).max(200) }),
    z.strictObject({ and: z.array(nameRule).max(200) }),
  ]),
);

const bookModel = z.strictObject({
  /** `author/slug`. */
  id: text.includes("/"),
  /** How the provider names it. */
  model: text,
  name: text.optional(),
  description: z.string().max(4000).optional(),
  context: z.int().positive().optional(),
  rule: nameRule.optional(),
  /** Missing when nobody knows it. */
  price: bookPrice.optional(),
});

export const priceBookSchema = z.strictObject({
  version: text,
  providers: z
    .array(z.strictObject({ slug: text, name: text, models: z.array(bookModel).max(5000) }))
    .min(1)
    .max(1000),
});

export type PriceBook = z.output<typeof priceBookSchema>;
export type BookModel = z.output<typeof bookModel>;
export type BookPrice = z.output<typeof bookPrice>;
export type BookRates = z.output<typeof bookRates>;

/** The price as requests are charged with it. */
export function priceOf(price: BookPrice, version: string): Price {
  return {
    version,
    ...ratesOf(price),
    tiers: (price.tiers ?? []).map((tier) => ({ ...ratesOf(tier), abovePromptTokens: tier.above })),
    requestNano: nano(price.request),
    webSearchNano: nano(price.search),
  };
}

function ratesOf(from: BookRates): PriceRates {
  return {
    promptNanoPerMillion: BigInt(from.prompt),
    completionNanoPerMillion: BigInt(from.completion),
    cachedPromptNanoPerMillion: nano(from.cached),
    cacheWriteNanoPerMillion: nano(from.write),
    cacheWrite1hNanoPerMillion: nano(from.write1h),
    audioPromptNanoPerMillion: nano(from.audioIn),
    imagePromptNanoPerMillion: nano(from.imageIn),
    reasoningNanoPerMillion: nano(from.reasoning),
    audioCompletionNanoPerMillion: nano(from.audioOut),
    imageCompletionNanoPerMillion: nano(from.imageOut),
  };
}

function nano(amountNano: number | undefined): bigint | null {
  return amountNano === undefined ? null : BigInt(amountNano);
}

/** A fetched book must not bring a pattern that a long name could hold the process up with. */
function isHarmlessRegex(pattern: string): boolean {
  const unbounded = pattern.match(/[*+]|\{\d+,\}/g) ?? [];
  if (unbounded.length > 1 || /\)[*+{?]/.test(pattern)) return false;
  try {
    new RegExp(pattern);
    return true;
  } catch {
    return false;
  }
}

/** Whether the rule says that the name, in lower case, means the model. */
export function ruleMatches(rule: NameRule, lowerName: string): boolean {
  if ("equals" in rule) return lowerName === rule.equals.toLowerCase();
  if ("startsWith" in rule) return lowerName.startsWith(rule.startsWith.toLowerCase());
  if ("endsWith" in rule) return lowerName.endsWith(rule.endsWith.toLowerCase());
  if ("contains" in rule) return lowerName.includes(rule.contains.toLowerCase());
  if ("regex" in rule) return new RegExp(rule.regex, "i").test(lowerName);
  if ("or" in rule) return rule.or.some((part) => ruleMatches(part, lowerName));
  return rule.and.every((part) => ruleMatches(part, lowerName));
}

/** The names that a rule spells out in full. */
export function spelledNames(rule: NameRule | undefined): string[] {
  if (rule === undefined) return [];
  if ("equals" in rule) return [rule.equals];
  return "or" in rule ? rule.or.flatMap(spelledNames) : [];
}
