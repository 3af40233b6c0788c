/**
 * Tries the planned endpoints in order until one begins to answer.
 *
 * Invariants: only failures before the first byte to the client move on to the next, what is wrong with the request
 * itself is told at once; every attempt is written down and reported to the health of its endpoint exactly once; no
 * wait outlives the client or the time for all attempts together.
 */
import { type Call, pauseIn } from "../call.ts";
import type { PipelineDeps } from "../pipeline.ts";
import type { Outgoing } from "../prepare.ts";
import type { RoutePlan } from "../router/route.ts";
import { Course } from "./course.ts";
import { type Answered, oneAttempt } from "./one-attempt.ts";

/**
 * Resolves with the first good beginning. Between models the next is tried after any failure, between endpoints of one
 * model only where another may do better. Throws the last failure as GapuraError.
 */
export async function firstAnswer(
  deps: PipelineDeps,
  call: Call,
  { outgoing, plan }: { outgoing: Outgoing; plan: RoutePlan },
): Promise<Answered> {
  const course = new Course(deps, plan.attempts, call.key?.userId ?? "");
  for (let step = course.next(); step !== undefined; step = course.next()) {
    const { target, pauseMs } = step;
    if (pauseMs > 0) await pauseIn(call, pauseMs);
    const end = await oneAttempt(deps, call, { outgoing, wishes: plan.wishes, target });
    if (end.kind === "answered") return end.answered;
    if (end.kind === "stopped") throw end.failure;
    course.failed(target, end);
  }
  throw course.failure();
}
