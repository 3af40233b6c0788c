/** What OpenRouter's envelope says beside an error: whether another try may help, and what was tried before. */
import type { ErrorCode, GapuraError } from "../kernel/errors.ts";
import { isJsonObject, type JsonObject } from "../kernel/json.ts";
import type { AttemptRecord } from "./ports.ts";

export interface Availability {
  code: string;
  /** True where the same request may succeed later. */
  retryable: boolean;
  requested_models: readonly string[];
  docs_url: string;
  /** Seconds. */
  retry_after?: number;
  excluded_by?: readonly string[];
  /** What the request would have to give up, where it is one thing. */
  constraint?: JsonObject;
}

export interface RefusalContext {
  availability?: Availability;
  /** Providers that failed before the one whose failure is told; never their words. */
  previousErrors: readonly { provider: string; code: number; status: number }[];
}

/** OpenRouter's word for the errors that say whether a model can be had. */
const AVAILABILITY: Partial<Record<ErrorCode, { code: string; retryable: boolean; excluded_by?: readonly string[] }>> =
  {
    model_unknown: { code: "model_not_found", retryable: false },
    model_not_connected: { code: "no_endpoints", retryable: false },
    // Which of the three codes it is depends on what filtered them.
    endpoints_filtered: { code: "constraint_filtered", retryable: false },
    variant_unavailable: { code: "no_endpoints", retryable: false },
    no_model_fits: { code: "no_endpoints", retryable: false },
    endpoint_unsuitable: { code: "wrong_endpoint", retryable: false },
    parameters_unsupported: { code: "constraint_filtered", retryable: false, excluded_by: ["require_parameters"] },
    provider_rate_limited: { code: "capacity_exhausted", retryable: true },
    provider_overloaded: { code: "temporarily_unavailable", retryable: true },
    provider_resting: { code: "temporarily_unavailable", retryable: true },
  };

export function refusalContext(
  error: GapuraError,
  call: { modelsRequested: readonly string[]; attempts: readonly AttemptRecord[] },
  docsUrl: string,
): RefusalContext {
  const known = AVAILABILITY[error.code];
  const earlier = call.attempts.slice(0, -1).filter(({ status }) => status !== 200);
  return {
    ...(known === undefined
      ? {}
      : {
          availability: {
            ...known,
            ...filteredBy(error),
            requested_models: call.modelsRequested,
            docs_url: docsUrl,
            ...(error.retryAfterSeconds === undefined ? {} : { retry_after: error.retryAfterSeconds }),
          },
        }),
    previousErrors: earlier.map(({ provider, status }) => ({ provider, code: status || 502, status })),
  };
}

function filteredBy({ code, metadata }: GapuraError): Partial<Availability> {
  const reasons = metadata?.excluded_by;
  if (code !== "endpoints_filtered" || !Array.isArray(reasons)) return {};
  const excluded = reasons.filter((reason) => typeof reason === "string");
  const all = (test: (reason: string) => boolean) => excluded.every(test);
  const privacy = all((reason) => reason.startsWith("data_policy:")) ? "privacy_restricted" : undefined;
  const free = all((reason) => reason === "free_variant") ? "free_variant_ended" : undefined;
  const { constraint } = metadata ?? {};
  return {
    code: privacy ?? free ?? "constraint_filtered",
    excluded_by: excluded,
    ...(isJsonObject(constraint) ? { constraint } : {}),
  };
}
