/** From a client's model names to ordered attempts, or to the sentence that says why there are none. */
import type { Endpoint, Resolution } from "../../catalog/catalog.ts";
import type { Clock } from "../../kernel/clock.ts";
import { GapuraError } from "../../kernel/errors.ts";
import type { ClientRequest } from "../canonical/dialects.ts";
import type { AccountRoutingSource, ModelResolver } from "../ports.ts";
import { mergeWishes } from "./merge-wishes.ts";
import { type HealthView, NOTHING_ASKED, type RoutePlan, UNKNOWN_STANDING } from "./route.ts";

export interface RouteHints {
  modelsUrl: string;
  /** What an operator can connect to get a model of this author: names of providers and the first one's variable. */
  howToConnect(author: string): { providers: string; variable: string };
}

/** What a plan is made from besides the request. */
export interface RoutingDeps {
  models: ModelResolver;
  health: HealthView;
  /** Null where accounts have no settings of their own. */
  accounts: AccountRoutingSource | null;
  clock: Clock;
  /** At least 0 and below 1. */
  random(): number;
  hints: RouteHints;
}

/** For a gateway that measures nothing. */
export const NO_HEALTH: HealthView = { standing: () => UNKNOWN_STANDING };

/** How many endpoints of one model a request may try. */
const MAX_ATTEMPTS = 3;

/**
 * Endpoints to try, best first: those of the first model, then those of the next. Waits for the providers' first
 * reports only when a name is not known yet. A model that nobody serves is passed over while there is another. Throws
 * GapuraError: model_unknown, model_not_connected.
 */
export async function planRoute(
  { models, accounts, hints }: RoutingDeps,
  { models: names, wishes: stated }: Pick<ClientRequest, "models" | "wishes">,
  userId: string,
): Promise<RoutePlan> {
  const account = await accounts?.find(userId);
  const wishes = mergeWishes(account?.wishes, stated);
  let resolved = names.map((name) => ({ name, resolution: models.resolve(name) }));
  if (resolved.some(({ resolution }) => resolution.kind !== "found")) {
    await models.ready();
    resolved = names.map((name) => ({ name, resolution: models.resolve(name) }));
  }
  const most = wishes.allowFallbacks ? MAX_ATTEMPTS : 1;
  const endpoints = resolved.flatMap(({ resolution }) =>
    resolution.kind === "found" ? resolution.endpoints.slice(0, most) : [],
  );
  const [first] = resolved;
  if (endpoints.length === 0 && first !== undefined) throw whyNone(first.name, first.resolution, hints);
  const attempts = endpoints.map((endpoint) => ({ endpoint, reason: reasonOf(endpoint), asked: NOTHING_ASKED }));
  return { attempts, passedOver: [], wishes, strategy: "direct", summary: "" };
}

function reasonOf(endpoint: Endpoint): string {
  return endpoint.reason;
}

function whyNone(model: string, resolution: Resolution, hints: RouteHints): GapuraError {
  if (resolution.kind !== "not-connected") {
    return new GapuraError("model_unknown", { values: { model, modelsUrl: hints.modelsUrl } });
  }
  return new GapuraError("model_not_connected", {
    values: { model, ...hints.howToConnect(resolution.author) },
    metadata: { model: resolution.modelId },
  });
}
