/** Who may answer a call, noted on the call before anything can be refused for it. */
import type { Call } from "./call.ts";
import { considerRoute, type RouteAsker, type RoutingDeps } from "./router/plan.ts";
import type { RoutePlan } from "./router/route.ts";

/** Throws what `considerRoute` gives as a refusal; what was considered is then still told where the call asks for it. */
export async function planCall(
  deps: RoutingDeps,
  call: Call,
  { request, ...asker }: { request: Parameters<typeof considerRoute>[1] } & Omit<RouteAsker, "headers">,
): Promise<RoutePlan> {
  const { plan, refusal } = await considerRoute(deps, request, { ...asker, headers: call.headers });
  call.plan = plan;
  call.router = plan.router;
  if (refusal !== null) throw refusal;
  return plan;
}
