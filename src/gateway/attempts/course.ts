/**
 * Where a request goes next: along the plan, to another credential where the credential was at fault, past what is left
 * alone for now, and within the budget for trying again. It decides; nothing here waits or sends.
 */
import { GapuraError } from "../../kernel/errors.ts";
import type { Health, Resting } from "../health/health.ts";
import { blamesCredential, type Verdict } from "../health/verdict.ts";
import type { ConnectedProvider, Credential } from "../providers/registry.ts";
import { isWorthAnother } from "../providers/upstream-errors.ts";
import type { PlannedAttempt } from "../router/route.ts";
import type { Target } from "./one-attempt.ts";

/** How many attempts one request may cost, whatever the plan holds. */
const MAX_ATTEMPTS = 12;
/** How many credentials of one endpoint a request tries. */
const MAX_CREDENTIALS = 3;
/** A second try at the same endpoint is made after a random part of this. */
const MAX_PAUSE_MS = 500;

export interface CourseDeps {
  health: Pick<Health, "open" | "budgetOf">;
  providers: { get(slug: string): ConnectedProvider | undefined };
  clock: { monotonicMs(): number };
  random(): number;
}

export interface Step {
  target: Target;
  /** How long to wait before it. */
  pauseMs: number;
}

export class Course {
  readonly #deps: CourseDeps;
  readonly #plan: readonly PlannedAttempt[];
  readonly #account: string;
  #place = 0;
  #attempts = 0;
  /** Credentials tried at the present place. */
  #tried: Credential[] = [];
  readonly #asked = new Set<string>();
  readonly #failed = new Set<string>();
  #hedged: Set<PlannedAttempt> | undefined;
  /** Models that this request cannot be answered with, by anybody. */
  readonly #givenUp = new Set<string>();
  #failure: GapuraError | undefined;
  #resting: { resting: Resting; providerName: string } | undefined;
  /** What may be tried once more when nothing else is left. */
  #again: PlannedAttempt | undefined;
  #hasRepeated = false;

  constructor(deps: CourseDeps, plan: readonly PlannedAttempt[], account: string) {
    this.#deps = deps;
    this.#plan = plan;
    this.#account = account;
  }

  next(): Step | undefined {
    if (this.#attempts >= MAX_ATTEMPTS) return undefined;
    for (; this.#place < this.#plan.length; this.#leave()) {
      const planned = this.#plan[this.#place];
      const target = planned && !this.#hedged?.has(planned) ? this.#enter(planned) : undefined;
      if (target) return this.#step(target, 0);
    }
    return this.#repeat();
  }

  /**
   * A second attempt beside a slow one: at the next endpoint of the same model at another provider, within the slow
   * one's budget. Being slow is no reason to answer with another model.
   */
  hedge({ endpoint: { providerSlug, modelId } }: Target): Target | undefined {
    if (this.#attempts >= MAX_ATTEMPTS) return undefined;
    for (const planned of this.#plan.slice(this.#place + 1)) {
      const { endpoint } = planned;
      const provider = this.#deps.providers.get(endpoint.providerSlug);
      if (!provider || endpoint.providerSlug === providerSlug || endpoint.modelId !== modelId) continue;
      if (this.#hedged?.has(planned)) continue;
      const opened = this.#deps.health.open(endpoint, provider, { account: this.#account, tried: [] });
      if (opened.kind === "resting") continue;
      const { lease } = opened;
      if (!this.#takeBudget(providerSlug)) {
        lease.abandoned();
        return undefined;
      }
      this.#attempts++;
      this.#hedged ??= new Set();
      this.#hedged.add(planned);
      return { planned, endpoint, provider, lease, isHedge: true };
    }
    return undefined;
  }

  /** What came of the last step, or of the hedge beside it. */
  failed({ planned, endpoint, isHedge }: Target, end: { failure: GapuraError; verdict: Verdict }): void {
    const { failure, verdict } = end;
    this.#failure = failure;
    if (!isWorthAnother(failure)) this.#givenUp.add(endpoint.modelId);
    if (verdict === "failure") this.#failed.add(endpoint.providerSlug);
    if (isHedge) return;
    if (blamesCredential(verdict) && this.#tried.length < MAX_CREDENTIALS) {
      // 403 may be about the request, and then every credential costs one more call.
      if (verdict !== "forbidden" || this.#takeBudget(endpoint.providerSlug)) return;
    }
    this.#again = isPassing(verdict, failure) ? planned : undefined;
    this.#leave();
  }

  /** Why there is no further step. */
  failure(): GapuraError {
    if (this.#failure) return this.#failure;
    if (this.#resting) return restingError(this.#resting, this.#deps.clock.monotonicMs());
    return new GapuraError("provider_unavailable", { values: { provider: "The provider" } });
  }

  #leave(): void {
    this.#place++;
    this.#tried = [];
  }

  #step(target: Target, pauseMs: number): Step {
    this.#attempts++;
    this.#tried.push(target.lease.credential);
    return { target, pauseMs };
  }

  #enter(planned: PlannedAttempt): Target | undefined {
    const { endpoint } = planned;
    if (this.#givenUp.has(endpoint.modelId)) return undefined;
    const provider = this.#deps.providers.get(endpoint.providerSlug);
    if (!provider) return undefined;
    const { providerSlug } = endpoint;
    const opened = this.#deps.health.open(endpoint, provider, { account: this.#account, tried: this.#tried });
    if (opened.kind === "resting") {
      if (this.#resting === undefined || opened.untilMs < this.#resting.resting.untilMs) {
        this.#resting = { resting: opened, providerName: endpoint.providerName };
      }
      return undefined;
    }
    if (this.#failed.has(providerSlug) && !this.#takeBudget(providerSlug)) {
      opened.lease.abandoned();
      return undefined;
    }
    if (!this.#asked.has(providerSlug)) {
      this.#asked.add(providerSlug);
      this.#deps.health.budgetOf(providerSlug).request(this.#deps.clock.monotonicMs());
    }
    return { planned, endpoint, provider, lease: opened.lease, isHedge: false };
  }

  /** Once more at the endpoint that failed last, where what failed is likely to pass. */
  #repeat(): Step | undefined {
    const again = this.#again;
    if (again === undefined || this.#hasRepeated) return undefined;
    this.#hasRepeated = true;
    this.#tried = [];
    const target = this.#enter(again);
    return target && this.#step(target, this.#deps.random() * MAX_PAUSE_MS);
  }

  #takeBudget(providerSlug: string): boolean {
    return this.#deps.health.budgetOf(providerSlug).take(this.#deps.clock.monotonicMs());
  }
}

/** True for a failure that a moment later may be over: none that took all the time there was, or that was an answer. */
function isPassing(verdict: Verdict, { code, metadata }: GapuraError): boolean {
  if (verdict !== "failure" || code !== "provider_unavailable") return false;
  const status = Number(metadata?.upstream_status ?? 0);
  return status === 0 || status >= 500;
}

function restingError({ resting, providerName }: { resting: Resting; providerName: string }, nowMs: number) {
  const seconds = Math.max(1, Math.ceil((resting.untilMs - nowMs) / 1000));
  const code = RESTING_CODES[resting.because];
  return new GapuraError(code, {
    values: { provider: providerName, seconds },
    metadata: { provider_name: providerName },
    ...(code === "provider_auth" ? {} : { retryAfterSeconds: seconds }),
  });
}

const RESTING_CODES = {
  "rate-limit": "provider_rate_limited",
  overload: "provider_overloaded",
  credential: "provider_auth",
  breaker: "provider_resting",
} as const;
