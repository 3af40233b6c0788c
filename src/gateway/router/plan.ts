/** From a client's model name to ordered attempts, or to the sentence that says why there are none. */
import type { Endpoint, Resolution } from "../../catalog/catalog.ts";
import { GapuraError } from "../../kernel/errors.ts";
import type { ClientRequest } from "../canonical/dialects.ts";
import type { ModelResolver } from "../ports.ts";

export interface RouteHints {
  modelsUrl: string;
  /** What an operator can connect to get a model of this author: names of providers and the first one's variable. */
  howToConnect(author: string): { providers: string; variable: string };
}

/** How many endpoints of one model a request may try. */
const MAX_ATTEMPTS = 3;

/**
 * Endpoints to try, best first: those of the first model, then those of the next. Waits for the providers' first
 * reports only when a name is not known yet. A model that nobody serves is passed over while there is another. Throws
 * GapuraError: model_unknown, model_not_connected.
 */
export async function planAttempts(
  models: ModelResolver,
  { models: names, allowsFallbacks }: Pick<ClientRequest, "models" | "allowsFallbacks">,
  hints: RouteHints,
): Promise<readonly Endpoint[]> {
  const most = allowsFallbacks ? MAX_ATTEMPTS : 1;
  let resolved = names.map((name) => ({ name, resolution: models.resolve(name) }));
  if (resolved.some(({ resolution }) => resolution.kind !== "found")) {
    await models.ready();
    resolved = names.map((name) => ({ name, resolution: models.resolve(name) }));
  }
  const endpoints = resolved.flatMap(({ resolution }) =>
    resolution.kind === "found" ? resolution.endpoints.slice(0, most) : [],
  );
  const [first] = resolved;
  if (endpoints.length > 0 || first === undefined) return endpoints;
  throw whyNone(first.name, first.resolution, hints);
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
