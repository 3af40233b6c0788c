/** From a client's model name to ordered attempts, or to the sentence that says why there are none. */
import type { Endpoint } from "../../catalog/catalog.ts";
import { GapuraError } from "../../kernel/errors.ts";
import type { ModelResolver } from "../ports.ts";

export interface RouteHints {
  modelsUrl: string;
  /** What an operator can connect to get a model of this author: names of providers and the first one's variable. */
  howToConnect(author: string): { providers: string; variable: string };
}

/** How many endpoints one request may try. */
const MAX_ATTEMPTS = 3;

/**
 * Endpoints to try, best first. Waits for the providers' first reports only when the name is not known yet. Throws
 * GapuraError: model_unknown, model_not_connected.
 */
export async function planAttempts(
  models: ModelResolver,
  modelName: string,
  hints: RouteHints,
): Promise<readonly Endpoint[]> {
  let resolution = models.resolve(modelName);
  if (resolution.kind !== "found") {
    await models.ready();
    resolution = models.resolve(modelName);
  }
  switch (resolution.kind) {
    case "found":
      return resolution.endpoints.slice(0, MAX_ATTEMPTS);
    case "not-connected":
      throw new GapuraError("model_not_connected", {
        values: { model: modelName, ...hints.howToConnect(resolution.author) },
        metadata: { model: resolution.modelId },
      });
    case "unknown":
      throw new GapuraError("model_unknown", { values: { model: modelName, modelsUrl: hints.modelsUrl } });
  }
}
