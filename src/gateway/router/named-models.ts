/** The models that a request names, looked up. */
import type { Endpoint, Resolution } from "../../catalog/catalog.ts";
import type { ModelResolver } from "../ports.ts";
import type { ModelAsked } from "./decide.ts";
import { type StaticVariant, suffixWishes, withoutStatics } from "./variants.ts";

export type NamedModel = { name: string } & (
  | ({ kind: "found" } & Omit<ModelAsked, "pinnedTag">)
  /** The model is there, but not as this variant, and the variant cannot be had from the model itself. */
  | { kind: "no-variant"; base: string; variant: StaticVariant }
  | { kind: "missing"; resolution: Resolution }
);

export function lookUp(models: Pick<ModelResolver, "resolve">, name: string): NamedModel {
  const resolution = models.resolve(name);
  if (resolution.kind === "found") {
    return { kind: "found", name, endpoints: resolution.endpoints, ...suffixWishes(resolution.variants) };
  }
  const split = withoutStatics(name);
  const plain = split === undefined ? undefined : models.resolve(split.base);
  if (split === undefined || plain?.kind !== "found") return { kind: "missing", name, resolution };
  const { base, statics, inexpressible } = split;
  if (inexpressible !== undefined) return { kind: "no-variant", name, base, variant: inexpressible };
  return { kind: "found", name, endpoints: plain.endpoints, ...suffixWishes(plain.variants, statics) };
}

/** How a name led to its model. */
export function strategyOf(name: string, endpoints: readonly Endpoint[]): "direct" | "alias" | "latest" {
  if (name.startsWith("~")) return "latest";
  return endpoints[0]?.reason === "alias" ? "alias" : "direct";
}
