/** What a request says of the choice of a model that it leaves to the gateway: the plugin `auto-router`. */
import { matchesPattern } from "../../../kernel/allowed-models.ts";
import { arrayField, isJsonObject, type JsonObject } from "../../../kernel/json.ts";
import { Fields } from "../../ingress/fields.ts";

/** From the cheapest fifth of the models to the dearest. */
export const COST_TIERS = ["low", "medium", "high", "xhigh", "max"] as const;
export type CostTier = (typeof COST_TIERS)[number];

export interface AutoWishes {
  /** Patterns of model ids in lower case, `*` for anything; empty for every model. */
  allowed: readonly string[];
  excluded: readonly string[];
  /** Null leaves it to how hard the request looks. */
  costTier: CostTier | null;
}

export const NO_AUTO_WISHES: AutoWishes = { allowed: [], excluded: [], costTier: null };

const MAX_PATTERNS = 1_024;
const MAX_PATTERN_LENGTH = 1_024;

/** Throws GapuraError invalid_field. */
export function readAutoPlugin(body: JsonObject): AutoWishes {
  const plugins = arrayField(body, "plugins");
  const index = plugins.findIndex((plugin) => isJsonObject(plugin) && plugin.id === "auto-router");
  if (index === -1) return NO_AUTO_WISHES;
  const plugin = Fields.of(plugins[index], `plugins[${index}]`);
  if (plugin.flag("enabled") === false) return NO_AUTO_WISHES;
  return {
    allowed: patterns(plugin, "allowed_models"),
    excluded: patterns(plugin, "excluded_models"),
    costTier: plugin.word("cost_tier", COST_TIERS),
  };
}

function patterns(plugin: Fields, name: string): string[] {
  const found = plugin.texts(name);
  if (found.length > MAX_PATTERNS) throw plugin.wrong(name, `must have at most ${MAX_PATTERNS} patterns`);
  const wrong = found.findIndex((pattern) => pattern === "" || pattern.length > MAX_PATTERN_LENGTH);
  if (wrong !== -1) throw plugin.wrong(`${name}[${wrong}]`, `must have 1 to ${MAX_PATTERN_LENGTH} characters`);
  return found.map((pattern) => pattern.toLowerCase());
}

/** Whether a model may be chosen; what is excluded stays so, whatever allows it. */
export function isChoosable(modelId: string, { allowed, excluded }: AutoWishes): boolean {
  const id = modelId.toLowerCase();
  const isAllowed = allowed.length === 0 || allowed.some((pattern) => matchesPattern(pattern, id));
  return isAllowed && !excluded.some((pattern) => matchesPattern(pattern, id));
}
