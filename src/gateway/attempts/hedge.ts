/**
 * Two attempts at once, where the operator allows it: when a stream has not begun within the time in which 95 of 100
 * streams of its endpoint begin, the next endpoint is asked too. Whoever says the first word answers; the other is
 * stopped and costs the customer nothing. What it may cost the operator is written down with the attempt.
 */
import { beginAttempt, type Call, endAttempt, NO_TOKENS } from "../call.ts";
import type { Deadline } from "../deadlines.ts";
import { chargeFor } from "../metering/charge.ts";
import { promptLength } from "../metering/prompt-length.ts";
import { estimateUsage } from "../metering/usage.ts";
import type { PipelineDeps } from "../pipeline.ts";
import type { Outgoing } from "../prepare.ts";
import type { RoutingWishes } from "../router/wishes.ts";
import { TransportError } from "../transport/transport.ts";
import type { Course } from "./course.ts";
import { type AttemptEnd, oneAttempt, type Target } from "./one-attempt.ts";
import type { RunningAttempt } from "./running.ts";

/** Asks for it, where the operator leaves it to requests. */
export const HEDGE_HEADER = "x-gapura-hedge";
const USUAL_SHARE = 0.95;

/** What was tried, and how it ended. */
export interface Tried {
  target: Target;
  end: AttemptEnd;
}

interface Attempting {
  outgoing: Outgoing;
  wishes: RoutingWishes;
  course: Course;
  target: Target;
}

interface Runner {
  target: Target;
  running: RunningAttempt;
  end: Promise<AttemptEnd>;
}

/** One attempt, and a second beside it where the first is slower than usual. Never rejects. */
export function attemptHedged(deps: PipelineDeps, call: Call, attempting: Attempting): Promise<Tried> {
  const { target } = attempting;
  const waitMs = hedgeAfterMs(deps, call, attempting);
  const first = run(deps, call, attempting);
  if (waitMs === null) return first.end.then((end) => ({ target, end }));
  return besideSlow(deps, call, { ...attempting, first, waitMs });
}

async function besideSlow(
  deps: PipelineDeps,
  call: Call,
  { first, waitMs, ...attempting }: Attempting & { first: Runner; waitMs: number },
): Promise<Tried> {
  const { target, course } = attempting;
  const isAlone = !(await isSlower(deps, first, waitMs)) || call.isStopped;
  if (isAlone) return { target, end: await first.end };
  const hedge = course.hedge(target);
  if (hedge === undefined) return { target, end: await first.end };
  const second = run(deps, call, { ...attempting, target: hedge });
  const [ended, end] = await Promise.race([first, second].map(async (one) => [one, await one.end] as const));
  const other = ended === first ? second : first;
  if (end.kind === "answered") stopLoser(call, other, attempting.outgoing);
  if (end.kind !== "failed") return { target: ended.target, end };
  course.failed(ended.target, end);
  return { target: other.target, end: await other.end };
}

function run(deps: PipelineDeps, call: Call, { outgoing, wishes, target }: Attempting): Runner {
  const running = beginAttempt(call);
  return { target, running, end: oneAttempt(deps, call, { outgoing, wishes, target, running }) };
}

/** Null where no second attempt is to be made. */
function hedgeAfterMs(deps: PipelineDeps, call: Call, { outgoing, target }: Attempting): number | null {
  if (deps.hedging === "off" || !outgoing.request.streamed) return null;
  if (deps.hedging === "request" && call.headers.get(HEDGE_HEADER)?.trim().toLowerCase() !== "on") return null;
  return deps.health.firstTokenMs(target.endpoint, USUAL_SHARE);
}

/** True when the time has passed before the attempt has ended. */
function isSlower({ clock, deadlines }: PipelineDeps, { end }: Runner, waitMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const deadline: Deadline = { dueMs: clock.monotonicMs() + waitMs, onDue: () => resolve(true) };
    deadlines.add(deadline);
    void end.then(() => {
      deadlines.remove(deadline);
      resolve(false);
    });
  });
}

function stopLoser(call: Call, { running, target, end }: Runner, outgoing: Outgoing): void {
  running.lostCostNano = possibleCost(call, target, outgoing);
  running.isLost = true;
  endAttempt(call, running, new TransportError("aborted", "another attempt was faster"));
  // It may have answered in the same moment.
  void end.then((late) => {
    if (late.kind !== "answered") return;
    const { answered } = late;
    if (answered.kind === "stream") void answered.events.close();
    answered.lease.ended({ kind: "cancelled" });
    Object.assign(answered.record, { status: 0, costNano: running.lostCostNano });
  });
}

/** The prompt has been read, or is being read; whether it is billed, nobody says. */
function possibleCost(call: Call, { endpoint }: Target, { request }: Outgoing): bigint | null {
  const usage = { ...NO_TOKENS, promptTokens: estimateUsage(promptLength(request.body), 0).promptTokens };
  return chargeFor(usage, { price: endpoint.price, trustReported: false, atMs: call.createdAt }).costNano;
}
