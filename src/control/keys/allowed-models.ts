/** The models that a key may call, from what a person or a program wrote. */
import type { Catalog } from "../../catalog/catalog.ts";
import { modelNamed } from "../../catalog/names/meant.ts";
import { splitVariants } from "../../catalog/names/variants.ts";
import { isPattern, matchingNothing } from "../../kernel/allowed-models.ts";
import { fieldProblem } from "./key-changes.ts";

export type Models = Pick<Catalog, "resolve" | "listed">;

type Entries = readonly string[] | null | undefined;

/**
 * Each model under its own id, whatever name it was written under: calls are judged by that. A model that nobody serves
 * yet stays as it is written. Throws invalid_field for an entry that could never hold a model.
 */
export function meantModels<List extends Entries>(models: Models, field: string, entries: List): string[] | List {
  if (entries === null || entries === undefined) return entries;
  const ids = entries.map((entry) => {
    const meant = meantModel(models, entry);
    if ("problem" in meant) throw fieldProblem(field, meant.problem);
    return meant.id;
  });
  return [...new Set(ids)];
}

/** What an entry stands in the list as, or what is wrong with it. */
export function meantModel(models: Pick<Models, "resolve">, entry: string): { id: string } | { problem: string } {
  const [variant] = splitVariants(entry).variants;
  if (variant !== undefined)
    return { problem: `${entry}: ":${variant}" says how a model is served, not which one; leave it out` };
  if (isPattern(entry)) return { id: entry };
  const id = modelNamed(models.resolve(entry))?.toLowerCase();
  if (id !== undefined || entry.includes("/")) return { id: id ?? entry };
  return { problem: `${entry} is no model that is known here; name it as author/model, or as a pattern with *` };
}

/** Entries that hold none of the models that can be called at present. */
export function unmatchedModels(models: Models, entries: Entries): string[] {
  if (entries === null || entries === undefined || entries.length === 0) return [];
  return matchingNothing(
    entries,
    models.listed().map(({ model }) => model.id),
  );
}
