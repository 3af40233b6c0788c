/**
 * What the gateway knows of its providers by having asked them: who fails, who is slow, who asked to be left alone. The
 * router reads it to order endpoints; the attempts take a lease of it for each attempt and say how that went.
 *
 * Invariants: a credential's breaker and cooldown are of one model; a client cannot bring about what counts against a
 * provider (verdict.ts); memory is bounded by the models that are listed, because all names that no list has share one
 * state; what runs inside this process is never down. Nothing survives a restart.
 */
import type { Endpoint } from "../../catalog/catalog.ts";
import type { ConnectedProvider, Credential } from "../providers/registry.ts";
import type { EndpointStanding, HealthView, Percentiles } from "../router/route.ts";
import { Breaker } from "./breaker.ts";
import { chooseCredential } from "./choose-credential.ts";
import { Cooldown, type CooldownReason } from "./cooldown.ts";
import { EndpointHealth, UPTIME_LEAST_FOR_ROUTING } from "./endpoint-health.ts";
import { type AnsweringProvider, Lease, type LeaseTarget } from "./lease.ts";
import { RetryBudget } from "./retry-budget.ts";

export type Opened = { kind: "open"; lease: Lease } | Resting;

/** Every credential of the endpoint is left alone for now. */
export interface Resting {
  kind: "resting";
  /** When the first of them may be used again. Monotonic. */
  untilMs: number;
  because: CooldownReason | "breaker";
}

/** What is published of an endpoint. */
export interface EndpointMeasures {
  uptime5m: number | null;
  uptime30m: number | null;
  uptime1d: number | null;
  latencySeconds30m: Percentiles | null;
  throughput30m: Percentiles | null;
  state: "up" | "degraded" | "down";
}

/** OpenRouter's bounds: below the first an endpoint is degraded, below the second the last resort. */
export const DEGRADED_BELOW = 0.95;
export const LAST_RESORT_BELOW = 0.8;

interface Deps {
  clock: { monotonicMs(): number };
  /** From 0 to 1. */
  random(): number;
  providers: { get(slug: string): ConnectedProvider | undefined };
}

export class Health implements HealthView {
  readonly #deps: Deps;
  readonly #endpoints = new Map<string, EndpointHealth>();
  /** By credential, so that what belongs to one that is gone goes with it. */
  readonly #targets = new WeakMap<Credential, Map<string, LeaseTarget>>();
  readonly #providers = new Map<string, ProviderState>();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  standing(endpoint: Endpoint): EndpointStanding {
    const nowMs = this.#deps.clock.monotonicMs();
    const health = this.#endpoints.get(endpointKey(endpoint));
    const speed = health?.speed("fiveMinutes", nowMs) ?? UNKNOWN_SPEED;
    return {
      isAvailable: this.#isAvailable(endpoint, nowMs),
      hasOutage: this.#hasOutage(endpoint, health, nowMs),
      uptime: health?.uptime("halfHour", nowMs, UPTIME_LEAST_FOR_ROUTING) ?? null,
      ...speed,
    };
  }

  measures(endpoint: Endpoint): EndpointMeasures {
    const nowMs = this.#deps.clock.monotonicMs();
    const health = this.#endpoints.get(endpointKey(endpoint));
    const uptime30m = health?.uptime("halfHour", nowMs) ?? null;
    const speed = health?.speed("halfHour", nowMs) ?? UNKNOWN_SPEED;
    const isDown = !this.#isAvailable(endpoint, nowMs) || this.#hasOutage(endpoint, health, nowMs);
    return {
      uptime5m: health?.uptime("fiveMinutes", nowMs) ?? null,
      uptime30m,
      uptime1d: health?.uptime("day", nowMs) ?? null,
      latencySeconds30m: speed.latencySeconds,
      throughput30m: speed.throughput,
      state: isDown ? "down" : uptime30m !== null && uptime30m < DEGRADED_BELOW ? "degraded" : "up",
    };
  }

  /** Milliseconds within which this share of the endpoint's streams has begun; null where too few are known. */
  firstTokenMs(endpoint: Endpoint, share: number): number | null {
    return this.#endpoints.get(endpointKey(endpoint))?.firstTokenMs(share, this.#deps.clock.monotonicMs()) ?? null;
  }

  /** A credential for one attempt at an endpoint, other than those that this request has tried there already. */
  open(endpoint: Endpoint, provider: ConnectedProvider, request: OpeningRequest): Opened {
    const nowMs = this.#deps.clock.monotonicMs();
    let resting: Resting | undefined;
    const usable: Credential[] = [];
    for (const credential of provider.credentials) {
      if (request.tried.includes(credential)) continue;
      const rest = restOf(this.#targets.get(credential)?.get(modelKey(endpoint)), nowMs);
      if (rest === null) usable.push(credential);
      else if (resting === undefined || rest.untilMs < resting.untilMs) resting = rest;
    }
    const credential = chooseCredential(usable, this.#deps.random);
    if (credential === undefined) return resting ?? { kind: "resting", untilMs: nowMs, because: "breaker" };
    const isGoverned = provider.adapter.descriptor.baseUrl !== null;
    return { kind: "open", lease: new Lease(this.#grip(endpoint, credential, isGoverned), request.account) };
  }

  /** What bounds further attempts at a provider. */
  budgetOf(providerSlug: string): RetryBudget {
    return this.#provider(providerSlug).budget;
  }

  /** What asking a provider for its models has shown, for endpoints that nobody calls. */
  noteList(providerSlug: string, isReachable: boolean): void {
    const provider = this.#provider(providerSlug);
    // A provider may answer calls and have no list to speak of.
    const answersCalls = this.#deps.clock.monotonicMs() - provider.answeredAtMs < ANSWERS_COUNT_FOR_MS;
    provider.isSilent = !isReachable && !answersCalls;
  }

  #grip(endpoint: Endpoint, credential: Credential, isGoverned: boolean) {
    const { clock, random } = this.#deps;
    const provider = this.#provider(endpoint.providerSlug);
    return {
      credential,
      target: isGoverned ? this.#target(endpoint, credential) : null,
      health: this.#endpoint(endpoint),
      clock,
      random,
      provider,
    };
  }

  #isAvailable(endpoint: Endpoint, nowMs: number): boolean {
    const credentials = this.#deps.providers.get(endpoint.providerSlug)?.credentials ?? [];
    const key = modelKey(endpoint);
    return credentials.some((credential) => restOf(this.#targets.get(credential)?.get(key), nowMs) === null);
  }

  #hasOutage({ providerSlug }: Endpoint, health: EndpointHealth | undefined, nowMs: number): boolean {
    return (this.#providers.get(providerSlug)?.isSilent ?? false) || (health?.hasOutage(nowMs) ?? false);
  }

  #provider(slug: string): ProviderState {
    const found = this.#providers.get(slug) ?? {
      budget: new RetryBudget(),
      answeredAtMs: Number.NEGATIVE_INFINITY,
      isSilent: false,
    };
    this.#providers.set(slug, found);
    return found;
  }

  #endpoint(endpoint: Endpoint): EndpointHealth {
    const key = endpointKey(endpoint);
    const found = this.#endpoints.get(key) ?? new EndpointHealth();
    this.#endpoints.set(key, found);
    return found;
  }

  #target(endpoint: Endpoint, credential: Credential): LeaseTarget {
    const targets = this.#targets.get(credential) ?? new Map<string, LeaseTarget>();
    this.#targets.set(credential, targets);
    const key = modelKey(endpoint);
    const found = targets.get(key) ?? { breaker: new Breaker(), cooldown: new Cooldown() };
    targets.set(key, found);
    return found;
  }
}

export interface OpeningRequest {
  /** The account that asks. */
  account: string;
  tried: readonly Credential[];
}

interface ProviderState extends AnsweringProvider {
  budget: RetryBudget;
}

/** How long an answer speaks for a provider whose model list cannot be had. */
const ANSWERS_COUNT_FOR_MS = 60_000;

const UNKNOWN_SPEED = { latencySeconds: null, throughput: null };

function restOf(target: LeaseTarget | undefined, nowMs: number): Resting | null {
  if (target === undefined) return null;
  const cooling = target.cooldown.at(nowMs);
  if (cooling !== null) return { kind: "resting", ...cooling };
  const untilMs = target.breaker.blockedUntil(nowMs);
  return untilMs === null ? null : { kind: "resting", untilMs, because: "breaker" };
}

/** Names that no list has are whatever clients make up, so all of a provider's are one. */
function modelKey({ reason, upstreamModel }: Endpoint): string {
  return reason === "unlisted" ? "" : upstreamModel;
}

function endpointKey(endpoint: Endpoint): string {
  return `${endpoint.providerSlug}\n${modelKey(endpoint)}`;
}
