import type { Secret } from "../../kernel/secret.ts";
import type { ProviderAdapter } from "./adapter.ts";

/** A provider that the operator connected, that was found on this machine, or that is built in. */
export interface ConnectedProvider {
  adapter: ProviderAdapter;
  credential: Secret | null;
  /** True where the provider's own `usage.cost` is what the operator is charged. */
  reportsCost: boolean;
}

/** Connected providers by slug. Changes take effect with the next request. */
export class ProviderRegistry {
  readonly #bySlug = new Map<string, ConnectedProvider>();

  connect(provider: ConnectedProvider): void {
    this.#bySlug.set(provider.adapter.descriptor.slug, provider);
  }

  disconnect(slug: string): void {
    this.#bySlug.delete(slug);
  }

  get(slug: string): ConnectedProvider | undefined {
    return this.#bySlug.get(slug);
  }
}
