/** What a vendor's folder says about a provider that is reached over HTTP: data and pure functions, no I/O. */
import type { OfferedModel } from "../../catalog/catalog.ts";
import type { JsonValue } from "../../kernel/json.ts";
import type { ProviderDescriptor } from "./adapter.ts";

export interface HttpProvider {
  descriptor: ProviderDescriptor & { baseUrl: string };
  /** True where the provider's own `usage.cost` is what the operator is charged. */
  reportsCost: boolean;
  /** Offered until the provider's own list has been read. */
  assumedModels: readonly OfferedModel[];
  /** The provider's answer to GET /models, read tolerantly; undefined when it is no such list. */
  readModels(list: JsonValue): OfferedModel[] | undefined;
  /** The upstream name for a client's model name while the list is unknown, or undefined for certainly not. */
  acceptUnlisted(modelName: string): string | undefined;
}

/** What an operator may set about a provider. */
export interface ProviderIdentity {
  slug: string;
  name: string;
  baseUrl: string;
}

/**
 * Fields of OpenRouter's API that steer the gateway and mean nothing to a plain OpenAI-dialect server; many servers
 * reject what they do not know.
 */
export const GATEWAY_FIELDS: readonly string[] = [
  "provider",
  "models",
  "route",
  "plugins",
  "transforms",
  "preset",
  "session_id",
  "trace",
  "debug",
  "usage",
  "sandbox",
];
