import type { CatalogModel } from "../../../../src/contract/schemas/models.ts";

/** The models whose id, name or providers hold every word of the query, in the order they came. */
export function matchingModels<Found extends Pick<CatalogModel, "id" | "name" | "providers">>(
  models: readonly Found[],
  query: string,
): readonly Found[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return models;
  return models.filter((model) => {
    const served = model.providers.map(({ slug, name }) => `${slug} ${name}`).join(" ");
    const text = `${model.id} ${model.name} ${served}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
