/**
 * Who would answer a request, in which order and why, without asking anybody: the steps of the pipeline up to the plan.
 * Nothing is sent, charged or recorded. The first attempt is drawn as it is for a real request, so it may be another one
 * the next time.
 */
import type { Endpoint } from "../catalog/catalog.ts";
import { GapuraError } from "../kernel/errors.ts";
import type { JsonObject } from "../kernel/json.ts";
import type { ClientDialect } from "./canonical/dialects.ts";
import { completedBody } from "./ingress/presets.ts";
import { parseBody } from "./ingress/read-body.ts";
import type { PipelineDeps } from "./pipeline.ts";
import type { Preset } from "./ports.ts";
import { Outgoing } from "./prepare.ts";
import { considerRoute } from "./router/plan.ts";
import type { EndpointStanding, PlannedAttempt, RoutePlan } from "./router/route.ts";

export interface Forecast {
  requested: readonly string[];
  preset: Preset | null;
  plan: RoutePlan;
  /** What the client would be told where nobody may answer. */
  refusal: GapuraError | null;
  standing(endpoint: Endpoint): EndpointStanding;
  /** Parameters that an attempt would go without, or the error with which it would fail before it is sent. */
  prepared(attempt: PlannedAttempt): { dropped: readonly string[]; problem: GapuraError | null };
}

export interface ForecastRequest {
  userId: string;
  client: ClientDialect;
  body: JsonObject;
}

/** Throws GapuraError for a body that would be refused before anybody is looked for. */
export async function forecast(deps: PipelineDeps, { userId, client, body }: ForecastRequest): Promise<Forecast> {
  const sent = parseBody(new TextEncoder().encode(JSON.stringify(body)), deps.limits);
  const completed = await completedBody(sent, deps, { userId, dialect: client.name });
  const request = client.read(completed.body, deps.hints);
  const outgoing = new Outgoing(request.answeredAs ?? client, request);
  const { presetWishes, preset } = completed;
  // No key is meant, so none keeps a model out.
  const asker = { userId, presetWishes, allowedModels: null, headers: new Headers() };
  const { plan, refusal } = await considerRoute(deps, request, asker);
  return {
    requested: request.models,
    preset,
    plan,
    refusal,
    standing: (endpoint) => deps.health.standing(endpoint),
    prepared: ({ endpoint, asked }) => {
      const adapter = deps.providers.get(endpoint.providerSlug)?.adapter;
      if (!adapter) return { dropped: [], problem: null };
      try {
        return { dropped: outgoing.prepare(adapter, { endpoint, asked, wishes: plan.wishes }).dropped, problem: null };
      } catch (error) {
        if (error instanceof GapuraError) return { dropped: [], problem: error };
        throw error;
      }
    },
  };
}
