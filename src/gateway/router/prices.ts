/** Prices as routing compares them: of one request of a usual shape, and against what is at most to be paid. */
import { type Price, type PriceRates, ratesAt } from "../../catalog/price.ts";
import { likelyPromptTokens, type RequestNeeds } from "./needs.ts";
import type { MaxPrice } from "./wishes.ts";

/** Three parts of what is sent to one part of what comes back. */
const PROMPT_TOKENS = 750n;
const COMPLETION_TOKENS = 250n;
/** Of a picture, in estimates: one of a million pixels, to which larger ones are made smaller. */
const PICTURE_TOKENS = 1_500n;
const MILLION = 1_000_000n;

/** What prices may depend on. */
export interface Moment {
  needs: RequestNeeds;
  nowMs: number;
}

/**
 * What a request of 750 tokens and an answer of 250 cost, in nano-dollars, at the rates for a prompt as long as this one;
 * to compare with, not to pay. Null for an unknown price.
 */
export function routingPrice(price: Price | null, at: Moment): number | null {
  if (price === null) return null;
  const rates = ratesFor(price, at);
  const tokens = PROMPT_TOKENS * rates.promptNanoPerMillion + COMPLETION_TOKENS * rates.completionNanoPerMillion;
  return Number(tokens + (price.requestNano ?? 0n) * MILLION) / Number(MILLION);
}

/** Whether an endpoint is cheap enough. An unknown price never is: nobody could keep the promise. */
export function isWithin(bounds: MaxPrice, price: Price | null, at: Moment): boolean {
  if (price === null) return false;
  const { needs } = at;
  const rates = ratesFor(price, at);
  const { promptNanoPerMillion: prompt, completionNanoPerMillion: completion } = rates;
  const pictureNano = ((rates.imagePromptNanoPerMillion ?? prompt) * PICTURE_TOKENS) / MILLION;
  return (
    isAtMost(prompt, bounds.promptNanoPerMillion) &&
    isAtMost(completion, bounds.completionNanoPerMillion) &&
    isAtMost(price.requestNano ?? 0n, bounds.requestNano) &&
    (!needs.inputs.includes("image") || isAtMost(pictureNano, bounds.imageNano)) &&
    (!needs.inputs.includes("audio") || isAtMost(rates.audioPromptNanoPerMillion ?? prompt, bounds.audioNanoPerMillion))
  );
}

export function isFree(price: Price | null): boolean {
  if (price === null) return false;
  const { promptNanoPerMillion, completionNanoPerMillion, requestNano } = price;
  return promptNanoPerMillion === 0n && completionNanoPerMillion === 0n && (requestNano ?? 0n) === 0n;
}

function ratesFor(price: Price, { needs, nowMs }: Moment): PriceRates {
  return ratesAt(price, likelyPromptTokens(needs), nowMs);
}

function isAtMost(amount: bigint, bound: bigint | null): boolean {
  return bound === null || amount <= bound;
}
