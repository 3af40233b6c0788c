import { GapuraError } from "../../kernel/errors.ts";

interface Success {
  body: unknown;
  headers?: Headers;
  isRevalidated?: boolean;
  rendered?: { type: string; text: string };
}

/** What an operation answered; 304 without a body when the client has just that already. */
export function successReply(result: Success, status: number, request: Request): Response {
  const headers = new Headers(result.headers);
  const text = result.rendered?.text ?? JSON.stringify(result.body);
  headers.set("content-type", result.rendered?.type ?? "application/json; charset=utf-8");
  headers.set("cache-control", result.isRevalidated ? "no-cache" : "no-store");
  if (!result.isRevalidated) return new Response(text, { status, headers });
  const etag = `"${Bun.hash(text).toString(36)}"`;
  headers.set("etag", etag);
  const known = request.headers.get("if-none-match")?.split(",") ?? [];
  // A proxy that compresses answers makes the tag a weak one.
  const isKnown = known.some((tag) => tag.trim().replace(/^W\//, "") === etag);
  return isKnown ? new Response(null, { status: 304, headers }) : new Response(text, { status, headers });
}

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
