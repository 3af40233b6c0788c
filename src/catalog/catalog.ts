/**
 * Which models can be called, who serves them and at what price. Providers report what they offer; the catalogue turns
 * a name that a client sent into the endpoints that can answer it, or into the reason why none can.
 *
 * Invariants: reading is synchronous and never does I/O; a report replaces the provider's former one as a whole, so a
 * reader sees the old list or the new one. An unknown price is null, never zero.
 */
import { knownModel } from "./known-models.ts";
import type { Price } from "./price.ts";

/** A model as one provider offers it. */
export interface OfferedModel {
  /** `author/slug`, how clients name it. */
  id: string;
  /** How the provider names it. */
  upstreamModel: string;
  name: string;
  description: string;
  /** Epoch seconds, 0 when unknown. */
  created: number;
  contextLength: number | null;
  maxCompletionTokens: number | null;
  inputModalities: readonly string[];
  outputModalities: readonly string[];
  supportedParameters: readonly string[];
  price: Price | null;
}

export interface ProviderOffer {
  slug: string;
  name: string;
  /** Lower comes first when several providers serve the same model. */
  rank: number;
  models: readonly OfferedModel[];
  /**
   * For a provider whose list could not be read, or that serves more than it lists: the upstream name for a client's
   * model name, or undefined when it is certainly not one of its models.
   */
  acceptUnlisted?: (modelName: string) => string | undefined;
}

/** One way to answer a model. */
export interface Endpoint {
  providerSlug: string;
  providerName: string;
  modelId: string;
  upstreamModel: string;
  price: Price | null;
  /** Why it is in the list, for the record of the request. */
  reason: "named" | "alias" | "unlisted" | "stand-in";
}

export type Resolution =
  | { kind: "found"; endpoints: readonly Endpoint[] }
  /** The name is known, but nobody connected serves it. */
  | { kind: "not-connected"; modelId: string; author: string }
  | { kind: "unknown" };

export interface StandIn {
  providerSlug: string;
  providerName: string;
  modelId: string;
  price: Price | null;
}

interface Listed {
  model: OfferedModel;
  endpoints: Endpoint[];
}

export class Catalog {
  readonly #offers = new Map<string, ProviderOffer>();
  #byId = new Map<string, Listed>();
  #byUpstreamName = new Map<string, Endpoint[]>();
  #standIn: StandIn | null = null;

  /** Takes a provider's report, in place of its former one. */
  report(offer: ProviderOffer): void {
    this.#offers.set(offer.slug, offer);
    this.#rebuild();
  }

  /** Forgets a provider that is gone. */
  withdraw(slug: string): void {
    if (this.#offers.delete(slug)) this.#rebuild();
  }

  /** Who answers known names that nobody connected serves (the sandbox), or null for nobody. */
  setStandIn(standIn: StandIn | null): void {
    this.#standIn = standIn;
  }

  /** How many models a provider lists, or null when it has not reported. */
  modelCount(slug: string): number | null {
    return this.#offers.get(slug)?.models.length ?? null;
  }

  /** The price at which a provider offers a model, null when it is unknown. */
  priceOf(slug: string, modelId: string): Price | null {
    return this.#offers.get(slug)?.models.find((model) => model.id === modelId)?.price ?? null;
  }

  /** Every listed model once, with the price of its first endpoint, ordered by id. */
  list(): OfferedModel[] {
    return [...this.#byId.values()].map((listed) => listed.model).sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** The endpoints for a client's model name, best first, or why there is none. */
  resolve(modelName: string): Resolution {
    const lower = modelName.toLowerCase();
    const direct = this.#byId.get(lower)?.endpoints ?? this.#byUpstreamName.get(lower);
    if (direct) return { kind: "found", endpoints: direct };
    const known = knownModel(modelName);
    if (known) {
      const meant = this.#byId.get(known.id)?.endpoints;
      if (meant) return { kind: "found", endpoints: meant.map((endpoint) => ({ ...endpoint, reason: "alias" })) };
    }
    const unlisted = this.#unlisted(known?.id ?? modelName);
    if (unlisted.length > 0) return { kind: "found", endpoints: unlisted };
    if (!known) return { kind: "unknown" };
    // The stand-in is told for whom it stands in, so that it can say so.
    if (this.#standIn) {
      return { kind: "found", endpoints: [{ ...this.#standIn, upstreamModel: known.id, reason: "stand-in" }] };
    }
    return { kind: "not-connected", modelId: known.id, author: known.id.slice(0, known.id.indexOf("/")) };
  }

  #unlisted(modelName: string): Endpoint[] {
    return this.#ranked().flatMap((offer) => {
      const upstreamModel = offer.acceptUnlisted?.(modelName);
      if (upstreamModel === undefined) return [];
      const price = null;
      const names = { providerSlug: offer.slug, providerName: offer.name, modelId: modelName, upstreamModel };
      return [{ ...names, price, reason: "unlisted" as const }];
    });
  }

  #ranked(): ProviderOffer[] {
    return [...this.#offers.values()].sort((a, b) => a.rank - b.rank);
  }

  #rebuild(): void {
    const byId = new Map<string, Listed>();
    const byUpstreamName = new Map<string, Endpoint[]>();
    for (const offer of this.#ranked()) {
      for (const model of offer.models) {
        const names = { providerSlug: offer.slug, providerName: offer.name, modelId: model.id };
        const endpoint: Endpoint = {
          ...names,
          upstreamModel: model.upstreamModel,
          price: model.price,
          reason: "named",
        };
        const listed = byId.get(model.id.toLowerCase());
        if (listed) listed.endpoints.push(endpoint);
        else byId.set(model.id.toLowerCase(), { model, endpoints: [endpoint] });
        const bareName = model.upstreamModel.toLowerCase();
        const named: Endpoint = { ...endpoint, reason: "alias" };
        const same = byUpstreamName.get(bareName);
        if (same) same.push(named);
        else byUpstreamName.set(bareName, [named]);
      }
    }
    this.#byId = byId;
    this.#byUpstreamName = byUpstreamName;
  }
}
