/** The refusal of a request whose key may call none of the models that it names. */
import type { ListedModel } from "../../catalog/catalog.ts";
import { modelNamed } from "../../catalog/names/meant.ts";
import type { AllowedModels } from "../../kernel/allowed-models.ts";
import { GapuraError } from "../../kernel/errors.ts";
import type { NamedModel } from "./named-models.ts";
import type { PassedOver } from "./route.ts";
import type { RouteHints } from "./why-none.ts";

/** So many entries of a list are named; the sentence is for people, and the list stands beside it for programs. */
const MOST_NAMED = 5;

interface Barred {
  allowedModels: AllowedModels;
  named: readonly NamedModel[];
  passedOver: readonly PassedOver[];
  /** What a router chooses from. */
  callable(): readonly ListedModel[];
}

/**
 * Null where it is not the list of the key that leaves nobody: a name that nobody knows stays unknown, and a model that
 * may be called is refused for what keeps it from being called.
 */
export function whyBarred(
  { allowedModels, named, passedOver, callable }: Barred,
  { modelsUrl }: Pick<RouteHints, "modelsUrl">,
): GapuraError | null {
  if (passedOver.some(({ because }) => because !== "allowed_models")) return null;
  const isBarred = (one: NamedModel): boolean => {
    if (one.kind === "found") return true;
    // Whatever the request needs, there is nothing to choose from.
    if (one.kind === "nothing-fits") return callable().length === 0;
    const id = one.kind === "missing" ? modelNamed(one.resolution) : undefined;
    return id !== undefined && !allowedModels.holds(id);
  };
  const [first] = named;
  // Where nobody serves any of them, the first one is told of.
  if (passedOver.length === 0 && (first === undefined || !isBarred(first))) return null;
  const barred = named.filter(isBarred).map(({ name }) => name);
  const { entries } = allowedModels;
  const values = { model: barred.join(", "), allowed: allowedWords(entries), modelsUrl: `${modelsUrl}/user` };
  return new GapuraError("model_not_allowed", { values, metadata: { models: barred, allowed_models: entries } });
}

function allowedWords(entries: readonly string[]): string {
  if (entries.length === 0) return "no model at all";
  const more = entries.length - MOST_NAMED;
  const named = entries.slice(0, MOST_NAMED).join(", ");
  return more > 0 ? `${named} and ${more} more` : named;
}
