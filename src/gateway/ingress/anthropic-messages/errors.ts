/** Errors in Anthropic's envelope, with OpenRouter's `error_type` beside its own. */
import type { GapuraError } from "../../../kernel/errors.ts";
import type { JsonObject } from "../../../kernel/json.ts";

const TYPES: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  402: "billing_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  503: "overloaded_error",
  504: "timeout_error",
  529: "overloaded_error",
};

export function errorEnvelope(error: GapuraError, requestId: string): object {
  const { message, errorType, code, metadata } = error;
  return {
    type: "error",
    error: { type: typeFor(error.status), message, error_type: errorType },
    request_id: requestId,
    metadata: { ...metadata, error_code: code },
  };
}

function typeFor(status: number): string {
  return TYPES[status] ?? (status >= 400 && status < 500 ? "invalid_request_error" : "api_error");
}

const STATUSES: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
};

/** The status that a provider's error in the middle of a stream would have had; 502 for a word that is not known. */
export function statusOf(type: string): number {
  return Object.hasOwn(STATUSES, type) ? (STATUSES[type] ?? 502) : 502;
}

/** One event of a stream as it is sent. */
export function frame(type: string, data: JsonObject | object): string {
  return `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
}

export function errorFrame(error: GapuraError, requestId: string): string {
  return frame("error", errorEnvelope(error, requestId));
}

export const STOP_FRAME = frame("message_stop", { type: "message_stop" });
