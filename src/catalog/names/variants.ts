/**
 * What may stand behind a model's name. `:free`, `:extended`, `:thinking` and `:batch` are models of their own, with
 * their own prices: they are found under their whole name or not at all. The dynamic ones say how a provider is to be
 * chosen for any model; they can be put behind one another and behind those of the first kind.
 */
const DYNAMIC_VARIANTS = ["nitro", "floor", "exacto", "online"] as const;
export type DynamicVariant = (typeof DYNAMIC_VARIANTS)[number];

/** The name without its dynamic variants, and those in the order they were written, each once. */
export function splitVariants(modelName: string): { base: string; variants: DynamicVariant[] } {
  if (!modelName.includes(":")) return { base: modelName, variants: [] };
  const [first = "", ...suffixes] = modelName.split(":");
  const kept = [first];
  const variants: DynamicVariant[] = [];
  for (const suffix of suffixes) {
    const variant = DYNAMIC_VARIANTS.find((known) => known === suffix.toLowerCase());
    if (variant === undefined) kept.push(suffix);
    else if (!variants.includes(variant)) variants.push(variant);
  }
  return { base: kept.join(":"), variants };
}
