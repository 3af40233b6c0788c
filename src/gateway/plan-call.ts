/** Who may answer a call, noted on the call before anything can be refused for it. */
import type { Call } from "./call.ts";
import type { KeyRecord } from "./ports.ts";
import { type ConsideredRoute, considerRoute, type RouteAsker, type RoutingDeps } from "./router/plan.ts";
import type { RoutePlan } from "./router/route.ts";

/** Throws (or rejects with) what `considerRoute` gives as a refusal; what was considered is then still told where the call asks for it. */
export function planCall(
  deps: RoutingDeps,
  call: Call,
  {
    request,
    key,
    presetWishes,
  }: { request: Parameters<typeof considerRoute>[1]; key: KeyRecord } & Pick<RouteAsker, "presetWishes">,
): RoutePlan | Promise<RoutePlan> {
  const { userId, allowedModels } = key;
  const considered = considerRoute(deps, request, { userId, allowedModels, presetWishes, headers: call.headers });
  return considered instanceof Promise ? considered.then((one) => planned(call, one)) : planned(call, considered);
}

function planned(call: Call, { plan, refusal }: ConsideredRoute): RoutePlan {
  call.plan = plan;
  call.router = plan.router;
  if (refusal !== null) throw refusal;
  return plan;
}
