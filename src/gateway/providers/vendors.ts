/** The registry: one line per vendor. Everything else about a vendor is in its own folder. */
import type { HttpProvider, ProviderIdentity } from "./http-provider.ts";
import { OPENAI_BASE_URL, OPENAI_KEY_VARIABLE, openaiProvider } from "./openai/openai.ts";
import { genericProvider } from "./openai-compatible/generic.ts";
import { OPENROUTER_BASE_URL, OPENROUTER_KEY_VARIABLE, openrouterProvider } from "./openrouter/openrouter.ts";

interface Vendor {
  name: string;
  /** Null where the operator must say it. */
  baseUrl: string | null;
  apiKeyVariable: string | null;
  /** Authors whose models it serves; null for any. */
  authors: readonly string[] | null;
  create(identity: ProviderIdentity): HttpProvider;
}

export const vendors = {
  openai: {
    name: "OpenAI",
    baseUrl: OPENAI_BASE_URL,
    apiKeyVariable: OPENAI_KEY_VARIABLE,
    authors: ["openai"],
    create: openaiProvider,
  },
  openrouter: {
    name: "OpenRouter",
    baseUrl: OPENROUTER_BASE_URL,
    apiKeyVariable: OPENROUTER_KEY_VARIABLE,
    authors: null,
    create: openrouterProvider,
  },
  "openai-compatible": {
    name: "OpenAI-compatible server",
    baseUrl: null,
    apiKeyVariable: null,
    authors: [],
    create: (identity) => genericProvider(identity, null),
  },
} as const satisfies Record<string, Vendor>;

/** The vendors that could serve a model of `author`: their names, and the variable that connects the first. */
export function howToConnect(author: string): { providers: string; variable: string } {
  const all: Vendor[] = Object.values(vendors);
  const serving = all.filter((vendor) => vendor.authors === null || vendor.authors.includes(author));
  const names = serving.map((vendor) => `${vendor.name} (${vendor.apiKeyVariable})`);
  return { providers: names.join(", "), variable: serving[0]?.apiKeyVariable ?? OPENROUTER_KEY_VARIABLE };
}
