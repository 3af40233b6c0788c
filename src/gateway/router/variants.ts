/**
 * What the suffixes of a model's name say. `:nitro`, `:floor`, `:exacto` and `:online` say how it is to be answered;
 * `:free`, `:thinking` and `:extended` are models of their own, and only where no such model is listed does a suffix
 * become a wish about the model without it, if there is one that means the same.
 */
import type { DynamicVariant } from "../../catalog/names/variants.ts";
import type { ModelAsked } from "./decide.ts";
import { NOTHING_ASKED } from "./route.ts";
import type { SortBy } from "./wishes.ts";

export type SuffixWishes = Pick<ModelAsked, "sort" | "openTiers" | "freeOnly" | "asked">;

const SORTS: Readonly<Partial<Record<DynamicVariant, SortBy>>> = {
  nitro: "throughput",
  floor: "price",
  exacto: "exacto",
};
/** Service tiers that are worth it for such a wish. */
const TIERS: Readonly<Partial<Record<DynamicVariant, string>>> = { nitro: "priority", floor: "flex" };

/** Most names have no suffix. */
const NO_SUFFIX: SuffixWishes = { sort: null, openTiers: [], freeOnly: false, asked: NOTHING_ASKED };

/** Of two sorts, the one that was written last counts. */
export function suffixWishes(
  variants: readonly DynamicVariant[],
  statics: readonly StaticVariant[] = [],
): SuffixWishes {
  if (variants.length === 0 && statics.length === 0) return NO_SUFFIX;
  return {
    sort: variants.flatMap((variant) => SORTS[variant] ?? []).at(-1) ?? null,
    openTiers: variants.flatMap((variant) => TIERS[variant] ?? []),
    freeOnly: statics.includes("free"),
    asked: { webSearch: variants.includes("online"), thinking: statics.includes("thinking") },
  };
}

const STATIC_VARIANTS = ["free", "thinking", "extended", "batch"] as const;
export type StaticVariant = (typeof STATIC_VARIANTS)[number];
/** Those that can be said of another model's endpoints: free ones, and ones that are asked to think. */
const EXPRESSIBLE: readonly StaticVariant[] = ["free", "thinking"];

/** The name without its static suffixes, and these; undefined for a name that has none. */
export function withoutStatics(
  name: string,
): { base: string; statics: StaticVariant[]; inexpressible: StaticVariant | undefined } | undefined {
  const [first = "", ...suffixes] = name.split(":");
  const staticOf = (suffix: string) => STATIC_VARIANTS.find((known) => known === suffix.toLowerCase());
  const statics = suffixes.flatMap((suffix) => staticOf(suffix) ?? []);
  if (statics.length === 0) return undefined;
  const base = [first, ...suffixes.filter((suffix) => staticOf(suffix) === undefined)].join(":");
  return { base, statics, inexpressible: statics.find((variant) => !EXPRESSIBLE.includes(variant)) };
}
