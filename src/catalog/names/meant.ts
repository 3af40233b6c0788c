/** Which model is meant where a list says which may be called: by an endpoint, and by a name. */
import type { Endpoint, Resolution } from "../catalog.ts";

/** The id of the model that an endpoint answers for, which is another one's where it stands in for that. */
export function modelMeant({ reason, modelId, upstreamModel }: Endpoint): string {
  return reason === "stand-in" ? upstreamModel : modelId;
}

/** The id that a name leads to; undefined for a name that nobody knows. */
export function modelNamed(resolution: Resolution): string | undefined {
  if (resolution.kind === "not-connected") return resolution.modelId;
  const [first] = resolution.kind === "found" ? resolution.endpoints : [];
  return first && modelMeant(first);
}
