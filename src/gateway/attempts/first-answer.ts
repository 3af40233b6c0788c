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
import { attemptHedged } from "./hedge.ts";
import type { Answered } from "./one-attempt.ts";

/**
 * Resolves with the first good beginning. Between models the next is tried after any failure, between endpoints of one
 * model only where another may do better. Throws the last failure as GapuraError.
 */
export async function firstAnswer(
  deps: PipelineDeps,
  call: Call,
  { outgoing, plan }: { outgoing: Outgoing; plan: RoutePlan },
): Promise<Answered> {
  const { wishes } = plan;
  const course = new Course(deps, plan.attempts, call.key?.userId ?? "");
  for (let step = course.next(); step !== undefined; step = course.next()) {
    if (step.pauseMs > 0) await pauseIn(call, step.pauseMs);
    const { target, end } = await attemptHedged(deps, call, { outgoing, wishes, course, target: step.target });
    if (end.kind === "answered") return adopted(call, end.answered);
    if (end.kind === "stopped") throw end.failure;
    course.failed(target, end);
  }
  throw course.failure();
}

/** From here on the call is about this attempt. */
function adopted(call: Call, answered: Answered): Answered {
  call.endpoint = answered.endpoint;
  call.dropped = answered.dropped;
  call.answeringSinceMs = answered.startedMs;
  return answered;
}
