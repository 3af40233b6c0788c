/** What a vendor's folder says about a provider that is reached over HTTP: data, pure functions, and its adapter. */
import type { OfferedModel } from "../../catalog/catalog.ts";
import type { JsonValue } from "../../kernel/json.ts";
import type { Secret } from "../../kernel/secret.ts";
import { boundTo, type Transport } from "../transport/transport.ts";
import type { ProviderAdapter, ProviderDescriptor } from "./adapter.ts";

export interface HttpProvider {
  descriptor: ProviderDescriptor & { baseUrl: string };
  /** True where the provider's own `usage.cost` is what the operator is charged. */
  reportsCost: boolean;
  /** True for one that is a router itself and obeys the `provider` object of what it is sent. */
  readsWishes?: boolean;
  createAdapter(transport: Transport): ProviderAdapter;
  /** Where its credential may go besides the base URL: other hosts of the same provider, such as one for tokens. */
  furtherOrigins?: readonly string[];
  /** How its model list is asked for; without it `GET <base URL>/models` with the key as Bearer. */
  modelsRequest?(credential: Secret | null): ModelsRequest | Promise<ModelsRequest>;
  /**
   * For a list that comes in pages, from several places, or behind a token: asks as often as it needs and gives one
   * answer for all. May throw GapuraError provider_auth for a credential that cannot be used.
   */
  collectModels?(credential: Secret | null, context: ListContext): Promise<ListAnswer>;
  /** The names of its models, where it has no list that could be asked for. */
  fixedModels?: readonly string[];
  /** Offered until the provider's own list has been read. */
  assumedModels: readonly OfferedModel[];
  /** The provider's answer to GET /models, read tolerantly; undefined when it is no such list. */
  readModels(list: JsonValue): OfferedModel[] | undefined;
  /** The upstream name for a client's model name while the list is unknown, or undefined for certainly not. */
  acceptUnlisted(modelName: string): string | undefined;
}

/** The way out for this provider alone, whatever its adapter asks for. */
export function transportFor({ descriptor, furtherOrigins = [] }: HttpProvider, transport: Transport): Transport {
  return boundTo(transport, [descriptor.baseUrl, ...furtherOrigins]);
}

export interface ModelsRequest {
  url: string;
  headers: Record<string, string>;
}

/** A provider's answer to one question about its models; the value is null where it is not JSON. */
export interface ListAnswer {
  status: number;
  value: JsonValue;
}

export interface ListContext {
  /** Rejects with TransportError, and with AnswerTooLong. */
  ask(request: ModelsRequest): Promise<ListAnswer>;
  transport: Transport;
}

/** What an operator may set about a provider. */
export interface ProviderIdentity {
  slug: string;
  name: string;
  baseUrl: string;
}
