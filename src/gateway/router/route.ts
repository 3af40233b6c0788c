/** What the router is told and what it answers. Types only; the router itself is pure. */
import type { Endpoint } from "../../catalog/catalog.ts";
import type { Exclusion } from "./filters.ts";
import type { Why } from "./reasons.ts";
import type { Conversation } from "./sticky.ts";
import type { RoutingWishes } from "./wishes.ts";

/**
 * Of latency, what so many of a hundred answers needed at most; of throughput, what so many of a hundred reached at
 * least. So p90 is the worse figure of both.
 */
export interface Percentiles {
  p50: number;
  p75: number;
  p90: number;
  p99: number;
}

/** How an endpoint has done lately, all of its credentials together. */
export interface EndpointStanding {
  /** False while every credential is cooling down or behind an open breaker. */
  isAvailable: boolean;
  /** Failed more than it answered within the last 30 seconds. */
  hasOutage: boolean;
  /** Of those requests that count for or against the provider, 0 to 1; null where there were too few. */
  uptime: number | null;
  /** Seconds to the first token, over the last five minutes; null where nothing was measured. */
  latencySeconds: Percentiles | null;
  /** Tokens per second, over the last five minutes; null where nothing was measured. */
  throughput: Percentiles | null;
}

export interface HealthView {
  standing(endpoint: Endpoint): EndpointStanding;
}

/** Of an endpoint that nobody has asked yet. */
export const UNKNOWN_STANDING: EndpointStanding = {
  isAvailable: true,
  hasOutage: false,
  uptime: null,
  latencySeconds: null,
  throughput: null,
};

/** What a suffix of the model's name asks for besides a choice of provider. */
export interface AskedByName {
  /** `:online`: the model is to search the web. */
  webSearch: boolean;
  /** `:thinking` of a model that has no such entry of its own: it is to think before it answers. */
  thinking: boolean;
}

export const NOTHING_ASKED: AskedByName = { webSearch: false, thinking: false };

export interface PlannedAttempt {
  endpoint: Endpoint;
  why: Why;
  /** The same in English, for records and the API. */
  reason: string;
  asked: AskedByName;
  /** The longest answer to ask for, in tokens, where money bounds it; null or missing where nothing does. */
  answerTokens?: number | null;
}

/** What kept an endpoint from being tried, in OpenRouter's words for `excluded_by` where it has one. */
export interface PassedOver {
  endpoint: Endpoint;
  because: Exclusion | "allow_fallbacks" | "budget" | "price_unknown";
}

/** How the model was found, in the words of `openrouter_metadata.strategy`. */
export type RouteStrategy = "direct" | "auto" | "free" | "latest" | "alias" | "fallback";

export interface RoutePlan {
  /** Best first; never empty. */
  attempts: readonly PlannedAttempt[];
  passedOver: readonly PassedOver[];
  /** What was wished in all: by the request, its preset and the account. */
  wishes: RoutingWishes;
  strategy: RouteStrategy;
  /** The name that was asked for where a router chose the model, such as "openrouter/auto". */
  router: string | null;
  /** One sentence on how the order came about, for people. */
  summary(): string;
  /** What is to stay with the endpoint that answers; null where nothing is. */
  conversation: Conversation | null;
}
