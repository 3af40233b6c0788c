/** What money has to say of a planned call: what is set aside for it, and which of its endpoints that is enough for. */
import { nothingOwed } from "./bill.ts";
import { type Call, elapsedMs, usageRecord } from "./call.ts";
import type { AskedSize } from "./metering/asked-size.ts";
import type { PipelineDeps } from "./pipeline.ts";
import type { Grant } from "./policy/budget/budget.ts";
import type { KeyRecord, UsageRecord } from "./ports.ts";
import type { PlannedAttempt, RoutePlan } from "./router/route.ts";

export interface Planned {
  key: KeyRecord;
  plan: RoutePlan;
  asked(): AskedSize;
}

/** A promise only where there is something to wait for. Throws (or rejects with) what `Budget.reserve` does. */
export function setAside(deps: PipelineDeps, call: Call, planned: Planned): undefined | Promise<void> {
  const { key, plan } = planned;
  const reserved = deps.budget.reserve({
    requestId: call.requestId,
    startedAtMs: call.createdAt,
    key,
    endpoints: plan.attempts.map(({ endpoint }) => endpoint),
    asked: () => sizeFor(plan, planned.asked()),
    draft: () => draftOf(deps, call, key),
  });
  const take = (grant: Grant) => {
    call.hold = grant.hold;
    call.plan = affordable(plan, grant);
  };
  if (reserved instanceof Promise) return reserved.then(take);
  if (reserved !== null) take(reserved);
  return undefined;
}

/** What the name of a model asks for is in no body. */
function sizeFor({ attempts }: RoutePlan, asked: AskedSize): AskedSize {
  return attempts.some((attempt) => attempt.asked.webSearch) ? { ...asked, isOpen: true } : asked;
}

/** The plan with nothing in it but what the money is enough for. */
function affordable(plan: RoutePlan, { allowed }: Grant): RoutePlan {
  const isWhole = allowed.length === plan.attempts.length && allowed.every(({ answerTokens }) => answerTokens === null);
  if (isWhole) return plan;
  const attempts: PlannedAttempt[] = [];
  const passedOver = [...plan.passedOver];
  for (const planned of plan.attempts) {
    const { endpoint } = planned;
    const allowance = allowed.find((one) => one.endpoint === endpoint);
    if (allowance) attempts.push({ ...planned, answerTokens: allowance.answerTokens });
    else passedOver.push({ endpoint, because: endpoint.price === null ? "price_unknown" : "budget" });
  }
  return { ...plan, attempts, passedOver };
}

/** What the record would say if the gateway stopped at this moment. */
function draftOf({ clock }: PipelineDeps, call: Call, key: KeyRecord): UsageRecord {
  const bill = call.billNow?.() ?? nothingOwed("interrupted");
  const end = { status: 500, errorCode: "internal", cancelled: false, finishReason: "error", nativeFinishReason: null };
  return usageRecord(call, key, { ...end, ...bill, latencyMs: elapsedMs(call, clock) });
}
