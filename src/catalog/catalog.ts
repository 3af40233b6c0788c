/**
 * Which models can be called, who serves them and at what price. Providers report what they offer; the catalogue turns
 * a name that a client sent into the endpoints that can answer it, or into the reason why none can.
 *
 * Invariants: reading is synchronous and never does I/O; a report replaces the provider's former one as a whole, so a
 * reader sees the old list or the new one. An unknown price is null, never zero.
 */
import type { AnswerTimeouts } from "../kernel/timeouts.ts";
import { bundledModels, type KnownModels, knownModel } from "./known-models.ts";
import { layeredModel } from "./layers.ts";
import { latestOf } from "./names/latest.ts";
import { type DynamicVariant, splitVariants } from "./names/variants.ts";
import { type ModelOverride, Overrides } from "./overrides.ts";
import { type OwnPrice, OwnPrices } from "./own-prices.ts";
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
  /** The name with the day of its making, which never comes to mean another model. */
  canonicalSlug?: string;
  /** What this provider runs it with: "fp8". Missing where nobody knows. */
  quantization?: string;
  /** What stands behind the provider's slug in the name of this endpoint: the "turbo" of `deepinfra/turbo`. */
  tag?: string;
  /** The service tier that this endpoint is of, such as "priority"; routing then finds it by its whole name only. */
  serviceTier?: string;
  /** True where prompts are kept for training or published, false where certainly not. */
  dataCollection?: boolean;
  /** True where nothing of a request is kept. */
  zeroDataRetention?: boolean;
  /** What only the operator can say: where it is answered, what it is good for. */
  regions?: readonly string[];
  categories?: readonly string[];
  isDistillable?: boolean;
  /** How long it is waited for, where the operator has said so. */
  timeouts?: Partial<AnswerTimeouts>;
  /** True when the provider's list says nothing but the name, so that what is known elsewhere fills the rest. */
  isPlain?: boolean;
}

/** What a provider does with what it is sent, where a model says nothing of its own. Missing means unknown. */
export interface DataPolicy {
  dataCollection?: boolean;
  zeroDataRetention?: boolean;
}

export interface ProviderOffer {
  slug: string;
  name: string;
  /** By which other slugs requests may name it: those that OpenRouter gave it. */
  otherSlugs?: readonly string[];
  /** Where it answers, as the tag of every endpoint that has none of its own: "us-east5". */
  tag?: string;
  dataPolicy?: DataPolicy;
  /** True for one that is a router itself and obeys the `provider` object of what it is sent. */
  readsWishes?: boolean;
  /** True for one to practise with, to which nobody is led who has not named it while there is another. */
  isPractice?: boolean;
  /** Under which slug the price books know it, where that is not its own; null for one that they do not know. */
  pricedAs?: string | null;
  /** As for each of its endpoints. */
  priority?: number;
  weight?: number;
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
  /** How routing names it: the provider's slug, with a slash and its tag where it has one. */
  tag: string;
  /** Lower-case names by which requests may mean its provider, the slug among them. */
  providerNames: readonly string[];
  dataPolicy: DataPolicy;
  /** True where the provider obeys the `provider` object by itself. */
  readsWishes?: boolean;
  /** True where the provider is one to practise with. */
  isPractice?: boolean;
  /** Operators set which of several deployments comes first: the lowest number, 0 where it is missing. */
  priority?: number;
  /** How large a share of the requests it gets among those of the same priority; 1 where it is missing. */
  weight?: number;
  /** All that is known of the model as this provider offers it; missing for one that it does not list. */
  model?: OfferedModel;
  /** Why it is in the list, for the record of the request. */
  reason: "named" | "alias" | "unlisted" | "stand-in";
}

export type Resolution =
  | {
      kind: "found";
      endpoints: readonly Endpoint[];
      /** How the client wishes a provider to be chosen (`:nitro`), in the order it was written. */
      variants: readonly DynamicVariant[];
    }
  /** The name is known, but nobody connected serves it. */
  | { kind: "not-connected"; modelId: string; author: string }
  | { kind: "unknown" };

export type StandIn = Pick<Endpoint, "providerSlug" | "providerName" | "modelId" | "price">;

/** A model that can be called, as its first endpoint has it, and everybody who serves it. */
export interface ListedModel {
  model: OfferedModel;
  endpoints: readonly Endpoint[];
}

interface Listed extends ListedModel {
  endpoints: Endpoint[];
}

const NOBODY_SPOKE: readonly ModelOverride[] = [];

export class Catalog {
  /** What providers reported, as they said it. */
  readonly #reports = new Map<string, ProviderOffer>();
  /** The same with everything else that is known of their models. */
  readonly #offers = new Map<string, ProviderOffer>();
  #byId = new Map<string, Listed>();
  #byUpstreamName = new Map<string, Endpoint[]>();
  #standIn: StandIn | null = null;
  #refreshed: KnownModels | null = null;
  #ownPrices = new OwnPrices([]);
  #overrides = new Overrides(NOBODY_SPOKE);

  /** Takes a provider's report, in place of its former one. */
  report(offer: ProviderOffer): void {
    this.#reports.set(offer.slug, offer);
    this.#offers.set(offer.slug, this.#layered(offer));
    this.#rebuild();
  }

  /** Forgets a provider that is gone. */
  withdraw(slug: string): void {
    this.#reports.delete(slug);
    if (this.#offers.delete(slug)) this.#rebuild();
  }

  /** Who answers known names that nobody connected serves (the sandbox), or null for nobody. */
  setStandIn(standIn: StandIn | null): void {
    this.#standIn = standIn;
  }

  /** Takes the operator's word on models, in place of the former one. */
  setOverrides(overrides: readonly ModelOverride[]): void {
    this.#overrides = new Overrides(overrides);
    this.#relayer();
  }

  /** Takes the prices that the operator has set in the dashboard, in place of the former ones. */
  setOwnPrices(prices: readonly OwnPrice[]): void {
    this.#ownPrices = new OwnPrices(prices);
    this.#relayer();
  }

  /** Takes a price book that is newer than the bundled one, in place of the former one. */
  setRefreshed(models: KnownModels | null): void {
    this.#refreshed = models;
    this.#relayer();
  }

  /** Where prices come from at present: the version of the bundled price book and of the fetched one. */
  priceVersions(): { bundled: string; refreshed: string | null } {
    return { bundled: bundledModels().version, refreshed: this.#refreshed?.version ?? null };
  }

  /** How many models a provider lists, or null when it has not reported. */
  modelCount(slug: string): number | null {
    return this.#offers.get(slug)?.models.length ?? null;
  }

  /** What a provider offers, as it is seen and charged here; null when it has not reported. */
  offered(slug: string): readonly OfferedModel[] | null {
    return this.#offers.get(slug)?.models ?? null;
  }

  /** The price at which a provider offers a model, null when it is unknown. */
  priceOf(slug: string, modelId: string): Price | null {
    return this.#offers.get(slug)?.models.find((model) => model.id === modelId)?.price ?? null;
  }

  /** Every listed model once, with the price of its first endpoint, ordered by id. */
  list(): OfferedModel[] {
    return this.listed().map(({ model }) => model);
  }

  /** Every model that is not hidden, with everybody who serves it, ordered by id. */
  listed(): ListedModel[] {
    const shown = [...this.#byId.values()].filter(({ model }) => !this.#overrides.isHidden(model.id));
    return shown.sort((a, b) => (a.model.id < b.model.id ? -1 : 1));
  }

  /** The listed model that a name means, hidden or not; undefined when nobody connected lists it. */
  find(modelName: string): ListedModel | undefined {
    const resolution = this.resolve(modelName);
    const [first] = resolution.kind === "found" ? resolution.endpoints : [];
    if (first === undefined || first.reason === "stand-in") return undefined;
    return this.#byId.get(first.modelId.toLowerCase());
  }

  /** The endpoints for a client's model name, best first, or why there is none. */
  resolve(modelName: string): Resolution {
    const whole = this.#endpointsOf(modelName);
    if (whole) return { kind: "found", endpoints: whole, variants: [] };
    const { base, variants } = splitVariants(modelName);
    const direct = variants.length === 0 ? undefined : this.#endpointsOf(base);
    if (direct) return { kind: "found", endpoints: direct, variants };
    return this.#notListed(base, variants);
  }

  /** What those who list the model answer for one name: an alias, an id, a provider's own name or another spelling. */
  #endpointsOf(modelName: string): readonly Endpoint[] | undefined {
    const target = this.#overrides.aliasTarget(modelName);
    const lower = (target ?? modelName).toLowerCase();
    const direct = this.#byId.get(lower)?.endpoints ?? this.#byUpstreamName.get(lower);
    if (direct) return target === undefined ? direct : asAlias(direct);
    const meant = this.#byId.get(meaningOf(lower, this.#byId)?.toLowerCase() ?? "")?.endpoints;
    return meant && asAlias(meant);
  }

  #notListed(modelName: string, variants: readonly DynamicVariant[]): Resolution {
    const target = this.#overrides.aliasTarget(modelName) ?? modelName;
    const knownId = knownModel(target)?.id ?? latestOf(target, bundledModels().ids());
    const unlisted = this.#unlisted(knownId ?? target);
    if (unlisted.length > 0) return { kind: "found", endpoints: unlisted, variants };
    if (knownId === undefined) return { kind: "unknown" };
    // The stand-in is told for whom it stands in, so that it can say so.
    if (this.#standIn) {
      const offer = this.#offers.get(this.#standIn.providerSlug);
      const { providerSlug: slug, providerName: name } = this.#standIn;
      const provider = providerOf(offer ?? { slug, name, rank: 0, models: [] });
      const endpoint = { ...provider, ...this.#standIn, upstreamModel: knownId, reason: "stand-in" as const };
      return { kind: "found", endpoints: [endpoint], variants };
    }
    return { kind: "not-connected", modelId: knownId, author: knownId.slice(0, knownId.indexOf("/")) };
  }

  #unlisted(modelName: string): Endpoint[] {
    return this.#ranked().flatMap((offer) => {
      const upstreamModel = offer.acceptUnlisted?.(modelName);
      if (upstreamModel === undefined || isStep(upstreamModel)) return [];
      return [{ ...providerOf(offer), modelId: modelName, upstreamModel, price: null, reason: "unlisted" as const }];
    });
  }

  #ranked(): ProviderOffer[] {
    return [...this.#offers.values()].sort((a, b) => a.rank - b.rank);
  }

  #layered(offer: ProviderOffer): ProviderOffer {
    const layers = { refreshed: this.#refreshed, ownPrices: this.#ownPrices, overrides: this.#overrides };
    const names = { slug: offer.slug, pricedAs: offer.pricedAs === undefined ? offer.slug : offer.pricedAs };
    return { ...offer, models: offer.models.map((model) => layeredModel(model, names, layers)) };
  }

  #relayer(): void {
    for (const offer of this.#reports.values()) this.#offers.set(offer.slug, this.#layered(offer));
    this.#rebuild();
  }

  #rebuild(): void {
    const byId = new Map<string, Listed>();
    const byUpstreamName = new Map<string, Endpoint[]>();
    for (const offer of this.#ranked()) {
      for (const model of offer.models) {
        const endpoint = endpointOf(offer, model);
        const listed = byId.get(model.id.toLowerCase());
        if (listed) listed.endpoints.push(endpoint);
        else byId.set(model.id.toLowerCase(), { model, endpoints: [endpoint] });
        for (const name of [model.upstreamModel, `${offer.slug}/${model.upstreamModel}`]) {
          const same = byUpstreamName.get(name.toLowerCase());
          if (same) same.push({ ...endpoint, reason: "alias" });
          else byUpstreamName.set(name.toLowerCase(), [{ ...endpoint, reason: "alias" }]);
        }
      }
    }
    this.#byId = byId;
    this.#byUpstreamName = byUpstreamName;
  }
}

function endpointOf(offer: ProviderOffer, model: OfferedModel): Endpoint {
  const { id: modelId, upstreamModel, price, dataCollection, zeroDataRetention } = model;
  const ofProvider = providerOf(offer);
  const tag = model.tag ?? offer.tag ?? model.quantization;
  return {
    ...ofProvider,
    tag: tag === undefined ? offer.slug : `${offer.slug}/${tag.toLowerCase()}`,
    dataPolicy: {
      ...ofProvider.dataPolicy,
      ...(dataCollection === undefined ? {} : { dataCollection }),
      ...(zeroDataRetention === undefined ? {} : { zeroDataRetention }),
    },
    modelId,
    upstreamModel,
    price,
    model,
    reason: "named",
  };
}

/** What is the same for all models of a provider. */
function providerOf(offer: ProviderOffer) {
  const { slug, name, otherSlugs = [], dataPolicy = {}, readsWishes = false, isPractice = false } = offer;
  const { priority, weight } = offer;
  return {
    providerSlug: slug,
    providerName: name,
    tag: slug,
    providerNames: [...new Set([slug, name.toLowerCase(), ...otherSlugs])],
    dataPolicy,
    ...(readsWishes ? { readsWishes } : {}),
    ...(isPractice ? { isPractice } : {}),
    ...(priority === undefined ? {} : { priority }),
    ...(weight === undefined ? {} : { weight }),
  };
}

function asAlias(endpoints: readonly Endpoint[]): Endpoint[] {
  return endpoints.map((endpoint) => ({ ...endpoint, reason: "alias" }));
}

/** The id of a listed model that a name means: one that is known by other names, a dated one, the newest of a family. */
function meaningOf(modelName: string, byId: ReadonlyMap<string, Listed>): string | undefined {
  const known = knownModel(modelName)?.id;
  if (known !== undefined) return known;
  if (modelName.startsWith("~")) return latestOf(modelName, byId.keys());
  return undefined;
}

/** A name that means a place when it stands in the path of an address, as it does with some providers. */
function isStep(upstreamModel: string): boolean {
  return upstreamModel === "." || upstreamModel === "..";
}
