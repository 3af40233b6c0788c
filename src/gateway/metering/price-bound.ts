/**
 * What a call can cost at most at one endpoint, before anything is sent. Exact integers, rounded up. Pure.
 *
 * Invariant: an answer whose usage is within what was asked (`asked-size.ts`) never costs more than `mostNano` of its
 * prompt and `answerNano` of its answer together.
 */
import type { Endpoint } from "../../catalog/catalog.ts";
import { type Price, type PriceRates, ratesAt, ratesUpTo } from "../../catalog/price.ts";
import { greaterOf, lesserOf, type NanoUsd } from "../../kernel/money.ts";
import type { AskedSize } from "./asked-size.ts";

export interface PriceBound {
  /** The prompt and everything paid by the piece, at most. */
  mostNano: NanoUsd;
  /** The same, cautiously estimated; never above `mostNano`. */
  likelyNano: NanoUsd;
  /** Nano-dollars for a million tokens of each of the answers. */
  answerRate: bigint;
  /** How long each answer may be: as the client says, within what the model can. */
  answerTokens: number;
}

/** What a model puts around a conversation, and around the tools that it may call. */
const TEMPLATE_TOKENS = 64;
const TOOLS_TOKENS = 1_000;
/** The most that any model makes of a picture; GPT-4o mini counts its pictures in small coin. */
const PICTURE_TOKENS = 16_000;
const PICTURE_TOKENS_IN_SMALL_COIN = 50_000;
const SMALL_COIN = /4o-mini/;
/** For models whose limits nobody knows. */
const UNKNOWN_CONTEXT_TOKENS = 1_000_000;
const UNKNOWN_ANSWER_TOKENS = 131_072;
/** How often a model may search by itself for one answer. */
const MOST_SEARCHES = 10;

const MILLION = 1_000_000n;

/** `atMs` is when the request came, epoch milliseconds: what it is charged by. */
export function priceBound(
  asked: AskedSize,
  { price, model, upstreamModel }: Pick<Endpoint, "model" | "upstreamModel"> & { price: Price },
  atMs: number,
): PriceBound {
  const context = model?.contextLength ?? UNKNOWN_CONTEXT_TOKENS;
  const mostTokens = asked.isOpen ? context : Math.min(promptTokens(asked, upstreamModel), context);
  const likelyTokens = Math.min(asked.likelyTokens, mostTokens);
  const possible = ratesUpTo(price, mostTokens, atMs);
  const eachNano = price.requestNano ?? 0n;
  const searchesNano = asked.isOpen
    ? BigInt(MOST_SEARCHES) * largest([price.webSearchNano ?? 0n, price.fileSearchNano ?? 0n])
    : 0n;
  const mostRate = largest(possible.map((rates) => dearestRead(rates, asked)));
  const likelyRate = ratesAt(price, likelyTokens, atMs).promptNanoPerMillion;
  const mostNano = roundedUp(BigInt(mostTokens) * mostRate) + eachNano + searchesNano;
  const likelyNano = roundedUp(BigInt(likelyTokens) * likelyRate) + eachNano;
  const longest = Math.min(model?.maxCompletionTokens ?? context, context, longestUnknown(model));
  return {
    mostNano,
    likelyNano: lesserOf(likelyNano, mostNano),
    answerRate: largest(possible.map((rates) => dearestWritten(rates, asked))) * BigInt(asked.answers),
    answerTokens: Math.min(asked.maxOutputTokens ?? longest, longest),
  };
}

/** What so many tokens of answer cost. */
export function answerNano({ answerRate }: PriceBound, tokens: number): NanoUsd {
  return roundedUp(BigInt(tokens) * answerRate);
}

/** How many tokens of answer the money is enough for; undefined where they cost nothing. */
export function affordableTokens({ answerRate }: PriceBound, nano: NanoUsd): number | undefined {
  if (answerRate === 0n) return undefined;
  return nano <= 0n ? 0 : Number((nano * MILLION) / answerRate);
}

function promptTokens(asked: AskedSize, upstreamModel: string): number {
  const perPicture = SMALL_COIN.test(upstreamModel) ? PICTURE_TOKENS_IN_SMALL_COIN : PICTURE_TOKENS;
  const tools = asked.hasTools ? TOOLS_TOKENS : 0;
  return asked.textBytes + asked.pictures * perPicture + asked.soundTokens + TEMPLATE_TOKENS + tools;
}

function longestUnknown(model: Endpoint["model"]): number {
  return model?.maxCompletionTokens || model?.contextLength ? Number.POSITIVE_INFINITY : UNKNOWN_ANSWER_TOKENS;
}

/** The dearest that a token of this prompt can be; one that is read from the cache is cheaper than any. */
function dearestRead(rates: PriceRates, asked: AskedSize): bigint {
  const { promptNanoPerMillion, cacheWriteNanoPerMillion, cacheWrite1hNanoPerMillion } = rates;
  let dearest = greater(greater(promptNanoPerMillion, cacheWriteNanoPerMillion), rates.cachedPromptNanoPerMillion);
  if (asked.keepsForAnHour) dearest = greater(dearest, cacheWrite1hNanoPerMillion);
  if (asked.pictures > 0 || asked.isOpen) dearest = greater(dearest, rates.imagePromptNanoPerMillion);
  if (asked.soundTokens > 0 || asked.isOpen) dearest = greater(dearest, rates.audioPromptNanoPerMillion);
  return asked.isOpen ? greater(dearest, rates.videoPromptNanoPerMillion) : dearest;
}

function dearestWritten(rates: PriceRates, { speaks }: AskedSize): bigint {
  const { completionNanoPerMillion, reasoningNanoPerMillion, imageCompletionNanoPerMillion } = rates;
  const written = greater(greater(completionNanoPerMillion, reasoningNanoPerMillion), imageCompletionNanoPerMillion);
  return speaks ? greater(written, rates.audioCompletionNanoPerMillion) : written;
}

/** A rate that there is none of is no more than another. */
function greater(rate: bigint, other: bigint | null | undefined): bigint {
  return greaterOf(rate, other ?? 0n);
}

function largest(values: readonly bigint[]): bigint {
  return values.reduce(greaterOf, 0n);
}

function roundedUp(exact: bigint): NanoUsd {
  return (exact + MILLION - 1n) / MILLION;
}
