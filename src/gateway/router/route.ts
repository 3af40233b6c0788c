/** What the router is told and what it answers. Types only; the router itself is pure. */
import type { Endpoint } from "../../catalog/catalog.ts";

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

export interface PlannedAttempt {
  endpoint: Endpoint;
  /** Why it stands where it stands, in words that people read: "cheapest", "named in order", "same conversation". */
  reason: string;
}

/** What kept an endpoint from being tried, in OpenRouter's words for `excluded_by` where it has one. */
export interface PassedOver {
  endpoint: Endpoint;
  because: string;
}

export interface RoutePlan {
  attempts: readonly PlannedAttempt[];
  passedOver: readonly PassedOver[];
}
