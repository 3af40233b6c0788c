/** Prices that the operator has set in the dashboard, and how a price says where it comes from. */
import type { Price } from "./price.ts";

export interface OwnPrice {
  /** The slug of the provider. */
  provider: string;
  /** `author/slug` of the model. */
  model: string;
  price: Price;
}

export class OwnPrices {
  readonly #prices: ReadonlyMap<string, Price>;

  constructor(prices: readonly OwnPrice[]) {
    this.#prices = new Map(prices.map(({ provider, model, price }) => [placeOf(provider, model), price]));
  }

  find(provider: string, model: string): Price | null {
    return this.#prices.get(placeOf(provider, model)) ?? null;
  }
}

/** A slug holds no space. */
function placeOf(provider: string, model: string): string {
  return `${provider} ${model.toLowerCase()}`;
}

/** What the version of a price begins with, by where the price comes from. */
export const PRICE_VERSIONS = { file: "operator", dashboard: "dashboard" } as const;
export const PRICE_SOURCES = ["bundled", "provider", "refreshed", "dashboard", "file"] as const;
export type PriceSource = (typeof PRICE_SOURCES)[number];

/** Where a price comes from. What no one else brings is the provider's own list. */
export function priceSourceOf({ version }: Price): PriceSource {
  if (version === PRICE_VERSIONS.file) return "file";
  if (version === PRICE_VERSIONS.dashboard) return "dashboard";
  if (version.startsWith("snapshot:")) return "bundled";
  return version.startsWith("refreshed:") ? "refreshed" : "provider";
}
