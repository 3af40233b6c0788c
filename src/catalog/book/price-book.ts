/**
 * A price book: what the models of many providers are called and cost at one time, as one JSON document. The program
 * brings one (`../snapshot/prices.json`); a newer one may be fetched.
 */
import { z } from "zod";
import { bookPriceSchema } from "./book-price.ts";

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
  price: bookPriceSchema.optional(),
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
