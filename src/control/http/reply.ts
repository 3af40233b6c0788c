import { GapuraError } from "../../kernel/errors.ts";

/** An error in the envelope of the API, with the request's id and Retry-After where there is one. */
export function errorReply(error: GapuraError, requestId: string): Response {
  const metadata = { ...error.metadata, error_type: error.errorType, error_code: error.code, request_id: requestId };
  const body = { error: { code: error.status, message: error.message, metadata } };
  const headers: Record<string, string> = {
    "content-type": "application/json; charset=utf-8",
    "cache-control": "no-store",
  };
  if (error.retryAfterSeconds !== undefined) headers["retry-after"] = String(error.retryAfterSeconds);
  return new Response(JSON.stringify(body), { status: error.status, headers });
}

/** What was thrown, as an error that may be shown. Everything that is not from the table becomes `internal`. */
export function shownError(caught: unknown, requestId: string): GapuraError {
  if (caught instanceof GapuraError) return caught;
  return new GapuraError("internal", { values: { requestId }, cause: caught });
}
