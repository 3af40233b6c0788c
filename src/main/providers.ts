/** From the configuration to connections, and from connections to what a person reads about them. */
import type { Catalog, DataPolicy } from "../catalog/catalog.ts";
import { credentialFields } from "../catalog/vendors/fields.ts";
import { type Vendor, type VendorType, vendorOf } from "../catalog/vendors/vendors.ts";
import type { Config } from "../config/schema.ts";
import type { Provider } from "../contract/schemas/instance.ts";
import type { Connection, ConnectionState, RoutingFacts } from "../gateway/providers/connections.ts";
import { localServers } from "../gateway/providers/local/local-servers.ts";
import { SANDBOX_MODEL_ID, sandboxModels } from "../gateway/providers/sandbox/models.ts";
import { createSandbox } from "../gateway/providers/sandbox/sandbox.ts";
import { createProvider } from "../gateway/providers/vendors.ts";
import type { Secret } from "../kernel/secret.ts";

/** Every provider that is configured, then the local servers that may be there; earlier ones are tried first. */
export function connectionsOf(config: Config): Connection[] {
  const configured = config.providers.map(
    ({ type, slug, name, baseUrl, credential, credentials, timeouts, source, models, ...said }): Connection => ({
      provider: createProvider[type]({ slug, name, baseUrl }),
      credential,
      ...(credentials === undefined ? {} : { credentials }),
      ...(timeouts === undefined ? {} : { timeouts }),
      source,
      fixedModels: models,
      ...pricesOfType(type),
      facts: routingFacts(type, credential, said),
    }),
  );
  return [...configured, ...localConnections(config)];
}

/** The addresses of this machine that the gateway may connect to: what the operator allowed, and the local servers. */
export function privateUpstreams(config: Config): string[] {
  const local = localConnections(config).map(({ provider }) => new URL(provider.descriptor.baseUrl).host);
  return [...config.allowPrivateUpstream, ...local];
}

/** Whose prices a provider of this type has, whatever slug the operator gave it; of any server its slug is all we have. */
export function pricesOfType(type: VendorType): { pricedAs?: string } {
  return type === "openai-compatible" ? {} : { pricedAs: type };
}

/** What an operator may say of a provider. */
interface SaidOfProvider {
  dataPolicy?: DataPolicy;
  priority?: number;
  weight?: number;
}

/** What routing should know of a provider of this type; what the operator said of it counts more than its terms. */
export function routingFacts(type: VendorType, credential: Secret | null, said: SaidOfProvider = {}): RoutingFacts {
  const { slug, otherSlugs = [], dataPolicy = {}, fields }: Vendor = vendorOf(type);
  const { priority, weight } = said;
  // A vendor with a single field has no place.
  const values = fields.length > 2 ? credentialFields(credential) : {};
  const tag = values.region ?? values.location;
  return {
    // Requests that name the vendor mean every deployment of it, whatever slug the operator gave it.
    otherSlugs: slug === null ? otherSlugs : [slug, ...otherSlugs],
    dataPolicy: { ...dataPolicy, ...said.dataPolicy },
    ...(tag === undefined ? {} : { tag }),
    ...(priority === undefined ? {} : { priority }),
    ...(weight === undefined ? {} : { weight }),
  };
}

/** What runs on this machine hands nothing to anybody. */
const KEEPS_NOTHING: DataPolicy = { dataCollection: false, zeroDataRetention: true };

/** A local server whose slug the operator has given to another provider is not looked for. */
function localConnections(config: Config): Connection[] {
  if (!config.localProviders) return [];
  const taken = new Set(config.providers.map(({ slug }) => slug));
  const free = localServers().filter(({ descriptor }) => !taken.has(descriptor.slug));
  const common = { credential: null, source: "local", fixedModels: null, pricedAs: null } as const;
  return free.map((provider) => ({ provider, ...common, facts: { dataPolicy: KEEPS_NOTHING } }));
}

/** The sandbox for the data plane, and its models in the catalogue; null when the operator has turned it off. */
export function sandboxOf(config: Config, catalog: Catalog) {
  if (config.sandbox === "off") return null;
  const adapter = createSandbox();
  const { slug, name } = adapter.descriptor;
  const facts = { dataPolicy: KEEPS_NOTHING, isPractice: true };
  catalog.report({ slug, name, rank: Number.MAX_SAFE_INTEGER, models: sandboxModels, ...facts });
  const standIn = config.sandbox === "on" ? ("always" as const) : ("when-alone" as const);
  return { adapter, standIn, modelId: SANDBOX_MODEL_ID };
}

/** `idle` are those that are stored and not connected. */
export function providerViews(
  states: readonly ConnectionState[],
  { hasSandbox, idle }: { hasSandbox: boolean; idle: readonly Provider[] },
): Provider[] {
  const connected = states.map(({ connection, state, models, note }): Provider => {
    const { slug, name, baseUrl } = connection.provider.descriptor;
    return { slug, name, source: connection.source, baseUrl, state, models, note };
  });
  return [...connected, ...idle, ...(hasSandbox ? [SANDBOX_VIEW] : [])];
}

const SANDBOX_VIEW: Provider = {
  slug: "sandbox",
  name: "Sandbox",
  source: "builtin",
  baseUrl: null,
  state: "ready",
  models: sandboxModels.length,
  note: null,
};

/** Lines for the terminal: who is there, and what is wrong with whom. */
export function providerLines(providers: readonly Provider[]): string[] {
  const here = providers
    .filter(({ state }) => state === "ready")
    .map(({ name, models }) => `${name} (${models} models)`);
  const lines = [`  Providers: ${here.length === 0 ? "none" : here.join(", ")}`];
  for (const { name, state, note } of providers) {
    if (state !== "ready" && state !== "disabled")
      lines.push(`             ${name}: ${note ?? "has not answered yet"}`);
  }
  if (providers.every(({ source }) => source === "builtin")) {
    lines.push(
      "             For real models add a provider in the dashboard, set OPENAI_API_KEY or OPENROUTER_API_KEY, or start Ollama.",
    );
  }
  return lines;
}
