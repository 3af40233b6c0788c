/**
 * The last policy before anything is sent: is there money for this call, in every limit that it is held to?
 *
 * Invariants: a call without limits costs nothing here; a call with limits goes nowhere before what it can cost is set
 * aside in all of them at once; what cannot be bounded, because nobody knows a price, is refused unless the operator has
 * said otherwise.
 * Failure modes: when the ledger cannot be asked, the call is refused with 503, never let in unchecked.
 */
import type { Endpoint } from "../../../catalog/catalog.ts";
import { GapuraError } from "../../../kernel/errors.ts";
import type { SpendLimit } from "../../../kernel/spend-limit.ts";
import { storageRefusal } from "../../../kernel/storage-trouble.ts";
import type { AskedSize } from "../../metering/asked-size.ts";
import type { Hold, HoldDecision, HoldRequest, KeyRecord, Ledger } from "../../ports.ts";
import { type Allowance, allowances, type HoldPlan, holdPlan, longestAffordable } from "./hold-plan.ts";
import { budgetRefusal } from "./refusal.ts";

export interface BudgetOptions {
  ledger: Ledger;
  /** What a call that is held to limits may do at an endpoint without a known price. */
  unpricedModels: "refuse" | "allow";
  /** Where the models with prices are listed. */
  modelsUrl: string;
}

export interface BudgetCall extends Pick<HoldRequest, "requestId" | "startedAtMs" | "draft"> {
  key: KeyRecord;
  endpoints: readonly Endpoint[];
  /** What the request says of its size. Asked only for calls that are held to limits. */
  asked(): AskedSize;
}

/** What a call may do. */
export interface Grant {
  hold: Hold;
  /** The endpoints that may be tried, in their order. */
  allowed: readonly Allowance[];
}

export class Budget {
  readonly #options: BudgetOptions;

  constructor(options: BudgetOptions) {
    this.#options = options;
  }

  /** Every limit that a call with this key is held to. */
  limitsOf({ spendLimits }: KeyRecord): readonly SpendLimit[] {
    const instance = this.#options.ledger.instanceLimits();
    return instance.length === 0 ? spendLimits : [...instance, ...spendLimits];
  }

  /**
   * Sets aside what the call can cost; null where nothing bounds it; a promise only where the ledger has to be waited
   * for. Throws (or rejects with) GapuraError: instance_budget_reached, account_budget_reached, credit_used_up,
   * key_limit_reached, budget_in_flight, price_unknown, storage_unavailable, storage_full.
   */
  reserve(call: BudgetCall): null | Grant | Promise<Grant> {
    const limits = this.limitsOf(call.key);
    return limits.length === 0 ? null : this.#reserve(call, limits);
  }

  #reserve(call: BudgetCall, limits: readonly SpendLimit[]): Grant | Promise<Grant> {
    const { requestId, startedAtMs, draft, key, endpoints } = call;
    const asked = call.asked();
    const plan = holdPlan(asked, endpoints, { limits, atMs: startedAtMs });
    const unpriced = this.#unpriced(endpoints);
    if (plan === null && unpriced.length === 0) throw this.#priceUnknown(endpoints);
    const { wantNano, leastNano } = plan ?? NOTHING;
    const request = { requestId, keyId: key.id, userId: key.userId, startedAtMs, limits, wantNano, leastNano, draft };
    const granted = (decision: HoldDecision): Grant => {
      if (decision.kind === "refused") throw refused(decision, plan, asked);
      const { hold } = decision;
      const priced = plan === null ? [] : allowances(asked, plan, hold.grantedNano);
      return { hold, allowed: inOrder(endpoints, [...priced, ...unpriced]) };
    };
    const decision = this.#ask(request);
    return decision instanceof Promise ? decision.then(granted) : granted(decision);
  }

  #ask(request: HoldRequest): HoldDecision | Promise<HoldDecision> {
    const failed = (cause: unknown): never => {
      throw storageRefusal(cause, this.#options.ledger.trouble());
    };
    try {
      const decision = this.#options.ledger.reserve(request);
      return decision instanceof Promise ? decision.catch(failed) : decision;
    } catch (cause) {
      return failed(cause);
    }
  }

  /** Endpoints without a price, where the operator lets them be called all the same. */
  #unpriced(endpoints: readonly Endpoint[]): Allowance[] {
    if (this.#options.unpricedModels === "refuse") return [];
    return endpoints.filter(({ price }) => price === null).map((endpoint) => ({ endpoint, answerTokens: null }));
  }

  #priceUnknown([first]: readonly Endpoint[]): GapuraError {
    const model = first?.modelId ?? "this model";
    return new GapuraError("price_unknown", {
      values: { model, modelsUrl: this.#options.modelsUrl },
      metadata: { limit_source: "price_unknown", model },
    });
  }
}

const NOTHING = { wantNano: 0n, leastNano: 0n };

function refused(
  decision: Extract<HoldDecision, { kind: "refused" }>,
  plan: HoldPlan | null,
  asked: AskedSize,
): GapuraError {
  return budgetRefusal(decision, {
    nano: plan?.leastNano ?? 0n,
    maxTokens: asked.writesNothing || asked.isBoundCompulsory ? null : asked.maxOutputTokens,
    affordableTokens: plan === null ? 0 : longestAffordable(plan, decision.leftNano),
  });
}

function inOrder(endpoints: readonly Endpoint[], allowed: readonly Allowance[]): readonly Allowance[] {
  if (allowed.length < 2) return allowed;
  return endpoints.flatMap((endpoint) => allowed.find((one) => one.endpoint === endpoint) ?? []);
}
