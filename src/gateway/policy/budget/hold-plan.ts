/**
 * How much to set aside for a call, and what each endpoint may then be asked for. Pure.
 *
 * Invariants: what is wanted is enough for the dearest endpoint that may be tried; an endpoint is tried only if the money
 * that was granted is enough for it; a bound on the answer that the client set is never changed, but in the dialect that
 * has no request without one.
 */
import type { Endpoint } from "../../../catalog/catalog.ts";
import { greaterOf, lesserOf, type NanoUsd } from "../../../kernel/money.ts";
import type { SpendLimit } from "../../../kernel/spend-limit.ts";
import type { AskedSize } from "../../metering/asked-size.ts";
import { affordableTokens, answerNano, type PriceBound, priceBound } from "../../metering/price-bound.ts";

/** An answer this long is worth beginning. */
const FEWEST_ANSWER_TOKENS = 64;
/** An answer that nobody bounded gets so much room before it is held to a share of the smallest limit. */
const ROOMY_ANSWER_TOKENS = 8_192;
/** No answer that nobody bounded takes more of the smallest limit than one part in so many. */
const SHARES = 32n;

/** What one endpoint can cost. */
export interface Offer {
  endpoint: Endpoint;
  bound: PriceBound;
  wantNano: NanoUsd;
  /** With less it is not worth beginning. */
  leastNano: NanoUsd;
}

export interface HoldPlan {
  wantNano: NanoUsd;
  leastNano: NanoUsd;
  offers: readonly Offer[];
}

/** Null where none of the endpoints has a price. `atMs` is when the request came. */
export function holdPlan(
  asked: AskedSize,
  endpoints: readonly Endpoint[],
  { limits, atMs }: { limits: readonly SpendLimit[]; atMs: number },
): HoldPlan | null {
  const shareNano = smallestOf(limits.map(({ nano }) => nano)) / SHARES;
  const offers = endpoints.flatMap((endpoint) => {
    const { price } = endpoint;
    if (price === null) return [];
    const bound = priceBound(asked, { ...endpoint, price }, atMs);
    return [{ endpoint, bound, ...needOf(asked, bound, shareNano) }];
  });
  if (offers.length === 0) return null;
  return {
    wantNano: offers.map((offer) => offer.wantNano).reduce(greaterOf),
    leastNano: smallestOf(offers.map(({ leastNano }) => leastNano)),
    offers,
  };
}

function needOf(asked: AskedSize, bound: PriceBound, shareNano: NanoUsd): Pick<Offer, "wantNano" | "leastNano"> {
  const { mostNano, likelyNano, answerTokens } = bound;
  const wholeNano = answerNano(bound, answerTokens);
  if (!isOurs(asked)) return { wantNano: mostNano + wholeNano, leastNano: likelyNano + wholeNano };
  const roomyNano = answerNano(bound, Math.min(answerTokens, ROOMY_ANSWER_TOKENS + asked.thinkingTokens));
  return {
    wantNano: mostNano + greaterOf(roomyNano, lesserOf(wholeNano, shareNano)),
    leastNano: likelyNano + answerNano(bound, fewestTokens(asked, bound)),
  };
}

/** Whether the length of the answer is for the gateway to bound: nobody said it, or nobody could leave it out. */
function isOurs(asked: AskedSize): boolean {
  return !asked.writesNothing && (asked.maxOutputTokens === null || asked.isBoundCompulsory);
}

function fewestTokens({ thinkingTokens }: AskedSize, { answerTokens }: PriceBound): number {
  return Math.min(answerTokens, thinkingTokens + FEWEST_ANSWER_TOKENS);
}

/** What an endpoint may be tried with. */
export interface Allowance {
  endpoint: Endpoint;
  /** The longest answer to ask for in place of what the client said; null to leave that as it is. */
  answerTokens: number | null;
}

/** The endpoints that the money is enough for, in their order. */
export function allowances(asked: AskedSize, { offers }: HoldPlan, grantedNano: NanoUsd): Allowance[] {
  return offers.flatMap((offer) => {
    const { endpoint, bound, leastNano } = offer;
    if (grantedNano < leastNano) return [];
    return [{ endpoint, answerTokens: isOurs(asked) ? boundOfAnswer(asked, bound, grantedNano) : null }];
  });
}

function boundOfAnswer(asked: AskedSize, bound: PriceBound, grantedNano: NanoUsd): number | null {
  const { mostNano, likelyNano, answerTokens } = bound;
  const safe = affordableTokens(bound, grantedNano - mostNano);
  if (safe === undefined) return null;
  // Where the prompt may take nearly all, it is trusted to be as long as it looks.
  const likely = Math.min(affordableTokens(bound, grantedNano - likelyNano) ?? 0, ROOMY_ANSWER_TOKENS);
  const tokens = Math.max(safe, likely, fewestTokens(asked, bound));
  return tokens >= answerTokens ? null : tokens;
}

/** How long an answer the money would be enough for at the cheapest endpoint, to tell who asked for a longer one. */
export function longestAffordable({ offers }: HoldPlan, nano: NanoUsd): number {
  const lengths = offers.map(({ bound }) => affordableTokens(bound, nano - bound.likelyNano) ?? bound.answerTokens);
  return Math.max(0, ...lengths);
}

function smallestOf(amounts: readonly NanoUsd[]): NanoUsd {
  const [first = 0n, ...rest] = amounts;
  return rest.reduce(lesserOf, first);
}
