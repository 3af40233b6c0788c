/** What the data plane would do with a request, in the words of the API. */
import type { Price } from "../catalog/price.ts";
import type { CallKind, DryRun } from "../contract/schemas/dry-run.ts";
import type { DataPlane } from "../gateway/data-plane.ts";
import type { Forecast } from "../gateway/forecast.ts";
import { becauseWords } from "../gateway/router/why-none.ts";
import { wishesOnWire } from "../gateway/router/wishes-on-wire.ts";
import type { JsonObject } from "../kernel/json.ts";
import { usdString } from "../kernel/money.ts";

export async function dryRun(
  plane: Pick<DataPlane, "forecast">,
  { userId, kind, body }: { userId: string; kind: CallKind; body: JsonObject },
): Promise<DryRun> {
  const forecast = await plane.forecast(userId, kind, body);
  const { plan, refusal } = forecast;
  return {
    requested: [...forecast.requested],
    preset: forecast.preset?.slug ?? null,
    strategy: plan.strategy,
    router: plan.router,
    summary: plan.summary(),
    endpoints: plan.attempts.map((attempt) => {
      const { place, demerits, share = null, lacking = [], isOtherModel } = attempt.why;
      const { dropped, problem } = forecast.prepared(attempt);
      return {
        ...endpointView(forecast, attempt.endpoint),
        reason: attempt.reason,
        why: { place, demerits: [...demerits], share, lacking: [...lacking], other_model: isOtherModel },
        dropped_parameters: [...dropped],
        problem: problem?.message ?? null,
        problem_code: problem?.code ?? null,
      };
    }),
    passed_over: plan.passedOver.map(({ endpoint, because }) => ({ ...endpointView(forecast, endpoint), because })),
    provider: wishesOnWire(plan.wishes),
    refusal: refusal && { code: refusal.status, error_code: refusal.code, message: refusal.message },
  };
}

/** What is wrong with an endpoint that is passed over, in English. */
export const passedOverWords = becauseWords;

type Endpoint = Forecast["plan"]["attempts"][number]["endpoint"];

function endpointView(forecast: Forecast, endpoint: Endpoint) {
  const { isAvailable, uptime, latencySeconds, throughput } = forecast.standing(endpoint);
  return {
    endpoint: endpoint.tag,
    provider: endpoint.providerSlug,
    provider_name: endpoint.providerName,
    model: endpoint.modelId,
    price: endpoint.price && priceView(endpoint.price),
    available: isAvailable,
    uptime,
    latency: latencySeconds,
    throughput,
  };
}

function priceView({ promptNanoPerMillion, completionNanoPerMillion, requestNano = null }: Price) {
  return {
    prompt: usdString(promptNanoPerMillion),
    completion: usdString(completionNanoPerMillion),
    request: requestNano === null ? null : usdString(requestNano),
  };
}
