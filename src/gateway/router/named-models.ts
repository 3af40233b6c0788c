/** The models that a request names, looked up. */
import type { Resolution } from "../../catalog/catalog.ts";
import type { ModelResolver } from "../ports.ts";
import { type RouterChoice, type RouterKind, routerNamed } from "./auto/named-routers.ts";
import type { ModelAsked } from "./decide.ts";
import type { RouteStrategy } from "./route.ts";
import { type StaticVariant, suffixWishes, withoutStatics } from "./variants.ts";

export type NamedModel = { name: string } & (
  | {
      kind: "found";
      /** One, or several where a router chose them. */
      models: readonly Omit<ModelAsked, "pinnedTag">[];
      router: RouterKind | null;
      /** How a router chose. */
      summary?: string;
    }
  /** No model may answer of those that a router chooses from. */
  | { kind: "nothing-fits"; router: RouterKind }
  /** The model is there, but not as this variant, and the variant cannot be had from the model itself. */
  | { kind: "no-variant"; base: string; variant: StaticVariant }
  | { kind: "missing"; resolution: Resolution }
);

/** `chosen` is asked for a name that leaves the choice to the gateway. Throws what it throws. */
export function lookUp(
  models: Pick<ModelResolver, "resolve">,
  name: string,
  chosen: (name: string, kind: RouterKind) => RouterChoice,
): NamedModel {
  const router = routerNamed(name);
  const resolution: Resolution = router?.isOurs ? { kind: "unknown" } : models.resolve(name);
  if (resolution.kind === "found") {
    const { endpoints, variants } = resolution;
    return { kind: "found", name, models: [{ endpoints, ...suffixWishes(variants) }], router: null };
  }
  if (router !== undefined) {
    const choice = chosen(name, router.kind);
    return choice.models.length === 0
      ? { kind: "nothing-fits", name, router: router.kind }
      : { kind: "found", name, router: router.kind, ...choice };
  }
  const split = withoutStatics(name);
  const plain = split === undefined ? undefined : models.resolve(split.base);
  if (split === undefined || plain?.kind !== "found") return { kind: "missing", name, resolution };
  const { base, statics, inexpressible } = split;
  if (inexpressible !== undefined) return { kind: "no-variant", name, base, variant: inexpressible };
  const { endpoints, variants } = plain;
  return { kind: "found", name, models: [{ endpoints, ...suffixWishes(variants, statics) }], router: null };
}

/** How the names led to models, in OpenRouter's words. */
export function strategyOf(named: readonly NamedModel[]): RouteStrategy {
  const [first, ...others] = named;
  if (others.length > 0) return "fallback";
  if (first?.kind !== "found") return "direct";
  if (first.router !== null) return first.router;
  if (first.name.startsWith("~")) return "latest";
  return first.models[0]?.endpoints[0]?.reason === "alias" ? "alias" : "direct";
}
