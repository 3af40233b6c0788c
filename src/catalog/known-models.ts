/** Models known by name before any provider is asked: names, context and prices from the bundled snapshot. */
import { parseUsd } from "../kernel/money.ts";
import type { Price, PriceRates } from "./price.ts";
import openaiSnapshot from "./snapshot/openai.json" with { type: "json" };

export interface KnownModel {
  /** `author/slug`. */
  id: string;
  /** The author's own name for it. */
  upstreamModel: string;
  name: string;
  contextLength: number | null;
  price: Price;
}

/** What people type for a model, and the models that are meant, best first. */
const NICKNAMES: Record<string, string> = {
  "gpt-3.5": "openai/gpt-3.5-turbo",
  "gpt3.5": "openai/gpt-3.5-turbo",
  "gpt-35": "openai/gpt-3.5-turbo",
  chatgpt: "openai/gpt-4o",
  "gpt-4-o": "openai/gpt-4o",
  gpt4o: "openai/gpt-4o",
  gpt4: "openai/gpt-4",
};

const byName = new Map<string, KnownModel>();
for (const entry of openaiSnapshot.models) {
  const known: KnownModel = {
    id: `openai/${entry.id}`,
    upstreamModel: entry.id,
    name: entry.name,
    contextLength: entry.contextLength,
    price: {
      version: openaiSnapshot.version,
      ...ratesOf(entry),
      tiers: (entry.tiers ?? []).map((tier) => ({ ...ratesOf(tier), abovePromptTokens: tier.abovePromptTokens })),
    },
  };
  for (const name of [entry.id, ...entry.alsoKnownAs]) {
    byName.set(name, known);
    byName.set(`openai/${name}`, known);
  }
}

/** The model that a name means, whether or not anybody connected serves it: id, dated id, bare name or nickname. */
export function knownModel(name: string): KnownModel | undefined {
  const lower = name.toLowerCase();
  return byName.get(NICKNAMES[lower] ?? lower);
}

/** Every model of one author in the snapshot. */
export function knownModelsOf(author: string): KnownModel[] {
  return [...new Set(byName.values())].filter((model) => model.id.startsWith(`${author}/`));
}

interface SnapshotRates {
  prompt: string;
  completion: string;
  cachedPrompt?: string;
}

/** The snapshot's dollars per million tokens; a figure that is no exact amount makes the start fail, not a charge. */
function ratesOf(entry: SnapshotRates): PriceRates {
  return {
    promptNanoPerMillion: exactUsd(entry.prompt),
    completionNanoPerMillion: exactUsd(entry.completion),
    cachedPromptNanoPerMillion: entry.cachedPrompt === undefined ? null : exactUsd(entry.cachedPrompt),
  };
}

function exactUsd(text: string): bigint {
  const nano = parseUsd(text);
  if (nano === undefined)
    throw new Error(`the price snapshot has an amount that is no exact number of dollars: ${text}`);
  return nano;
}
