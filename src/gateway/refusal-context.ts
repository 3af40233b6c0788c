/** What OpenRouter's envelope says beside an error: whether another try may help, and what was tried before. */
import type { ErrorCode, GapuraError } from "../kernel/errors.ts";
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
            requested_models: call.modelsRequested,
            docs_url: docsUrl,
            ...(error.retryAfterSeconds === undefined ? {} : { retry_after: error.retryAfterSeconds }),
          },
        }),
    previousErrors: earlier.map(({ provider, status }) => ({ provider, code: status || 502, status })),
  };
}
