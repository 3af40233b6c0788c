import type { Secret } from "../../kernel/secret.ts";
import type { AnswerTimeouts } from "../../kernel/timeouts.ts";
import type { ProviderAdapter } from "./adapter.ts";

/** One way to open a provider's door. What is remembered of it hangs on the object itself. */
export interface Credential {
  /** Tells it from the provider's others: "1", "2", or what the operator called it. No part of the secret. */
  id: string;
  secret: Secret | null;
  /** Its share of the requests among those of the same priority; at least one. */
  weight: number;
  /** Lower is used first. */
  priority: number;
}

/** A provider that the operator connected, that was found on this machine, or that is built in. */
export interface ConnectedProvider {
  adapter: ProviderAdapter;
  /** At least one, whose secret may be null. */
  credentials: readonly Credential[];
  /** True where the provider's own `usage.cost` is what the operator is charged. */
  reportsCost: boolean;
  /** How long it is waited for, where the operator has said so. */
  timeouts?: Partial<AnswerTimeouts>;
}

/** Connected providers by slug. Changes take effect with the next request. */
export class ProviderRegistry {
  readonly #bySlug = new Map<string, ConnectedProvider>();

  /** A credential that has not changed stays the object that it was. */
  connect(provider: ConnectedProvider): void {
    const { slug } = provider.adapter.descriptor;
    const former = this.#bySlug.get(slug)?.credentials ?? [];
    const credentials = provider.credentials.map((given) => former.find((one) => isSame(one, given)) ?? given);
    this.#bySlug.set(slug, { ...provider, credentials });
  }

  disconnect(slug: string): void {
    this.#bySlug.delete(slug);
  }

  get(slug: string): ConnectedProvider | undefined {
    return this.#bySlug.get(slug);
  }
}

/** The only credential of a provider that needs none, or has one key. */
export function soleCredential(secret: Secret | null): Credential {
  return { id: "1", secret, weight: 1, priority: 0 };
}

function isSame(one: Credential, other: Credential): boolean {
  const { id, weight, priority, secret } = one;
  if (id !== other.id || weight !== other.weight || priority !== other.priority) return false;
  return secret === other.secret || secret?.reveal() === other.secret?.reveal();
}
