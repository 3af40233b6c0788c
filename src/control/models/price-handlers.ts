/**
 * Prices of a provider's models, and those that the operator sets in their place.
 *
 * Invariants: a change and its entry in the audit log are durable together; it is in force in this process before it is
 * answered, and within seconds in every other; a price of the configuration file is never set aside.
 */
import { priceFromText, priceText } from "../../catalog/book/book-price.ts";
import type { Catalog, OfferedModel } from "../../catalog/catalog.ts";
import { PRICE_VERSIONS, priceSourceOf } from "../../catalog/own-prices.ts";
import type { Price } from "../../catalog/price.ts";
import { priceRecordOf } from "../../catalog/price-record.ts";
import type { ModelPriceView, OwnRates } from "../../contract/schemas/model-prices.ts";
import type { Clock } from "../../kernel/clock.ts";
import { GapuraError } from "../../kernel/errors.ts";
import type { JsonObject } from "../../kernel/json.ts";
import { usdString } from "../../kernel/money.ts";
import type { Db } from "../../storage/open.ts";
import type { AuditStore } from "../../storage/stores/audit.ts";
import type { ModelPriceStore } from "../../storage/stores/model-prices.ts";
import { personActor } from "../audit/actor.ts";
import type { HandlerInput, Handlers } from "../http/handler.ts";

export interface PriceHandlerDeps {
  catalog: Pick<Catalog, "offered">;
  store: ModelPriceStore;
  storeOn(db: Db): ModelPriceStore;
  audit: AuditStore;
  clock: Clock;
  /** Brings what is stored into force. */
  onPricesChanged(): Promise<void>;
}

export function priceHandlers(deps: PriceHandlerDeps): Handlers<"listModelPrices" | "setModelPrice"> {
  return {
    listModelPrices: async ({ query: { provider } }) => ({ body: { models: await listed(deps, provider) } }),
    setModelPrice: async (input) => ({ body: await set(deps, input) }),
  };
}

/** What the provider offers, by id, and last what has a price and is not offered at present. */
async function listed({ catalog, store }: PriceHandlerDeps, provider: string): Promise<ModelPriceView[]> {
  const offered = byId(catalog.offered(provider) ?? []);
  const stored = (await store.all()).filter((row) => row.provider === provider && !offered.has(row.model));
  const views = [...offered.values()].map(({ id, name, price }) => viewOf({ id, name }, price, true));
  views.sort((a, b) => (a.model < b.model ? -1 : 1));
  const waiting = stored.map(({ model, rates }) => viewOf({ id: model, name: model }, ownPriceOf(rates), false));
  return [...views, ...waiting];
}

/** A provider may offer one model under several names of its own; a price is for all of them. */
function byId(models: readonly OfferedModel[]): Map<string, OfferedModel> {
  return new Map([...models].reverse().map((model) => [model.id, model]));
}

async function set(
  deps: PriceHandlerDeps,
  { account, body, visitor }: HandlerInput<"setModelPrice">,
): Promise<ModelPriceView> {
  const { provider, model, price } = body;
  const rates = price === null ? null : priceText(priceOf(price));
  if (rates !== null) refuseUnlessFree(deps, provider, model);
  const actor = personActor(account.userId, visitor);
  await deps.audit.together(async (db, record) => {
    const store = deps.storeOn(db);
    const former = await store.get(provider, model);
    if (former === rates) return;
    await store.put({ provider, model, rates }, deps.clock.nowMs());
    const target = { kind: "model", id: model };
    await record({
      actor,
      action: "provider.price",
      target,
      before: factsOf(provider, former),
      after: factsOf(provider, rates),
    });
  });
  await deps.onPricesChanged();
  const now = byId(deps.catalog.offered(provider) ?? []).get(model);
  if (now) return viewOf(now, now.price, true);
  return viewOf({ id: model, name: model }, rates === null ? null : ownPriceOf(rates), false);
}

/** Throws for a model that the provider does not offer, and for one whose price the file says. */
function refuseUnlessFree({ catalog }: PriceHandlerDeps, provider: string, model: string): void {
  const offered = byId(catalog.offered(provider) ?? []).get(model);
  if (!offered) throw new GapuraError("resource_not_found", { values: { what: "This model of this provider" } });
  if (offered.price === null || priceSourceOf(offered.price) !== "file") return;
  const reason =
    "The configuration file sets this price, and the file counts more than the dashboard. Change it there.";
  throw new GapuraError("conflict", { values: { reason } });
}

type TypedPrice = NonNullable<HandlerInput<"setModelPrice">["body"]["price"]>;

function priceOf({ prompt, completion, cacheRead, cacheWrite, request }: TypedPrice): Price {
  return {
    version: PRICE_VERSIONS.dashboard,
    promptNanoPerMillion: prompt,
    completionNanoPerMillion: completion,
    cachedPromptNanoPerMillion: cacheRead ?? null,
    cacheWriteNanoPerMillion: cacheWrite ?? null,
    requestNano: request ?? null,
    overrides: [],
  };
}

/** The price that stored figures stand for. Throws for what cannot be read: it must not count as no price. */
export function ownPriceOf(rates: string): Price {
  const price = priceFromText(rates, PRICE_VERSIONS.dashboard);
  if (price === undefined) throw new Error("a row of model_price holds no price");
  return price;
}

function factsOf(provider: string, rates: string | null): JsonObject {
  return { provider, price: rates === null ? null : ratesOf(ownPriceOf(rates)) };
}

function viewOf({ id, name }: { id: string; name: string }, price: Price | null, isOffered: boolean): ModelPriceView {
  if (price === null) return { model: id, name, price, source: null, version: null, hasMore: false, isOffered };
  return {
    model: id,
    name,
    price: ratesOf(price),
    source: priceSourceOf(price),
    version: priceRecordOf(price).version,
    hasMore: priceRecordOf(price).rates !== priceText(plainOf(price)),
    isOffered,
  };
}

/** Only what can be set here. */
function plainOf(price: Price): Price {
  const { version, promptNanoPerMillion, completionNanoPerMillion, requestNano = null } = price;
  const { cachedPromptNanoPerMillion, cacheWriteNanoPerMillion = null } = price;
  const ofPrompt = { promptNanoPerMillion, cachedPromptNanoPerMillion, cacheWriteNanoPerMillion };
  return { version, ...ofPrompt, completionNanoPerMillion, requestNano, overrides: [] };
}

function ratesOf(price: Price): OwnRates {
  const orNull = (nano: bigint | null | undefined) => (nano === null || nano === undefined ? null : usdString(nano));
  return {
    prompt: usdString(price.promptNanoPerMillion),
    completion: usdString(price.completionNanoPerMillion),
    cacheRead: orNull(price.cachedPromptNanoPerMillion),
    cacheWrite: orNull(price.cacheWriteNanoPerMillion),
    request: orNull(price.requestNano),
  };
}
