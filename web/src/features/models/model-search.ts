import type { Model } from "../../../../src/contract/schemas/models.ts";

/** The models whose id or name holds every word of the query, in the order they came. */
export function matchingModels<Found extends Pick<Model, "id" | "name">>(
  models: readonly Found[],
  query: string,
): readonly Found[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return models;
  return models.filter((model) => {
    const text = `${model.id} ${model.name}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
