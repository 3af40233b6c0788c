/**
 * An hour of outages, simulated: what share of requests each way to route saves. Providers go down and come back by lot,
 * some for seconds and some for minutes; a request fails when every attempt that it makes falls on a provider that is
 * down. Only the router is real; nobody is asked and no time passes, so the same seed always gives the same hour.
 */
import type { Endpoint } from "../../src/catalog/catalog.ts";
import { decideRoute } from "../../src/gateway/router/decide.ts";
import { NO_NEEDS } from "../../src/gateway/router/needs.ts";
import { NOTHING_ASKED, UNKNOWN_STANDING } from "../../src/gateway/router/route.ts";
import { NO_WISHES, type RoutingWishes } from "../../src/gateway/router/wishes.ts";
import { endpointAt, priceOf } from "../support/endpoints.ts";
import { type Random, randomFrom } from "../support/fuzz/random.ts";

export interface OutageResult {
  strategy: string;
  requests: number;
  /** Requests whose first choice was down. */
  hit: number;
  /** Of those, the share that was answered all the same, in percent. */
  savedPct: number;
  /** Of all requests, the share that was answered, in percent. */
  answeredPct: number;
  /** Attempts for each request, on average. */
  attempts: number;
}

const HOUR_SECONDS = 3_600;
const REQUESTS_PER_SECOND = 4;
const PRICES = [1, 1.2, 1.5, 2, 3];
/** How often, and for how long, a provider is down: now and then briefly, seldom for minutes. */
const OUTAGES = [
  { meanGapSeconds: 300, meanLengthSeconds: 8 },
  { meanGapSeconds: 1_800, meanLengthSeconds: 240 },
];
/** As the gateway measures it. */
const WINDOW_SECONDS = 30;

interface Strategy {
  name: string;
  wishes: Partial<RoutingWishes>;
  /** False for a router that knows nothing of health. */
  seesHealth: boolean;
}

const STRATEGIES: readonly Strategy[] = [
  { name: "one provider, no fallback", wishes: { only: ["p0"], allowFallbacks: false }, seesHealth: false },
  { name: "draw by price, no fallback, blind", wishes: { allowFallbacks: false }, seesHealth: false },
  { name: "draw by price, no fallback", wishes: { allowFallbacks: false }, seesHealth: true },
  { name: "order of two, no others", wishes: { order: ["p0", "p1"], allowFallbacks: false }, seesHealth: false },
  { name: "fallback, blind", wishes: {}, seesHealth: false },
  { name: "fallback and health (the default)", wishes: {}, seesHealth: true },
];

export function outageHour(seed: number): OutageResult[] {
  return STRATEGIES.map((strategy) => simulated(strategy, seed));
}

function simulated({ name, wishes, seesHealth }: Strategy, seed: number): OutageResult {
  const endpoints = PRICES.map((usd, index) => endpointAt(`p${index}`, { price: priceOf(usd) }));
  const down = endpoints.map((_, index) => outagesOf(randomFrom(seed * 100 + index)));
  const seen = endpoints.map(() => new Seen());
  const random = randomFrom(seed);
  const model = { endpoints, sort: null, openTiers: [], freeOnly: false, asked: NOTHING_ASKED, pinnedTag: null };
  const totals = { requests: 0, hit: 0, lost: 0, attempts: 0 };
  for (let index = 0; index < HOUR_SECONDS * REQUESTS_PER_SECOND; index++) {
    const second = Math.floor(index / REQUESTS_PER_SECOND);
    const standing = ({ tag }: Endpoint) => ({
      ...UNKNOWN_STANDING,
      hasOutage: seesHealth && (seen[Number(tag.slice(1))]?.hasOutage(second) ?? false),
    });
    const { attempts } = decideRoute({
      ...{ models: [model], wishes: { ...NO_WISHES, ...wishes }, needs: NO_NEEDS, nowMs: second * 1_000 },
      ...{ allowedModels: null, health: { standing }, random: random.next },
    });
    const results = attempts.map(({ endpoint }) => {
      const provider = Number(endpoint.tag.slice(1));
      return { provider, isUp: down[provider]?.[second] !== true };
    });
    const answered = results.findIndex(({ isUp }) => isUp);
    const made = answered === -1 ? results : results.slice(0, answered + 1);
    for (const { provider, isUp } of made) seen[provider]?.note(second, isUp);
    totals.requests++;
    totals.attempts += made.length;
    if (answered !== 0) totals.hit++;
    if (answered === -1) totals.lost++;
  }
  const { requests, hit, lost } = totals;
  return {
    strategy: name,
    requests,
    hit,
    savedPct: hit === 0 ? 100 : ((hit - lost) / hit) * 100,
    answeredPct: ((requests - lost) / requests) * 100,
    attempts: totals.attempts / requests,
  };
}

/** For each second of the hour whether a provider is down. */
function outagesOf(random: Random): boolean[] {
  const isDown = new Array<boolean>(HOUR_SECONDS).fill(false);
  for (const { meanGapSeconds, meanLengthSeconds } of OUTAGES) {
    let second = lasting(random, meanGapSeconds);
    while (second < HOUR_SECONDS) {
      const end = second + lasting(random, meanLengthSeconds);
      isDown.fill(true, second, Math.min(end, HOUR_SECONDS));
      second = end + lasting(random, meanGapSeconds);
    }
  }
  return isDown;
}

/** Exponential, so that nothing follows from how long it has lasted; at least a second. */
function lasting(random: Random, meanSeconds: number): number {
  return Math.max(1, Math.round(-Math.log(1 - random.next()) * meanSeconds));
}

/** What was seen of a provider in the last thirty seconds. */
class Seen {
  readonly #events: { second: number; isUp: boolean }[] = [];

  note(second: number, isUp: boolean): void {
    this.#events.push({ second, isUp });
  }

  /** Failed more than it answered. */
  hasOutage(second: number): boolean {
    while ((this.#events[0]?.second ?? second) <= second - WINDOW_SECONDS) this.#events.shift();
    const failed = this.#events.filter(({ isUp }) => !isUp).length;
    return failed > this.#events.length - failed;
  }
}
