import { GapuraError } from "../../kernel/errors.ts";
import { storageRefusal, troubleOf } from "../../kernel/storage-trouble.ts";

interface Success {
  body: unknown;
  headers?: Headers;
  isRevalidated?: boolean;
  rendered?: { type: string; text: string };
  streamed?: { type: string; portions: AsyncGenerator<string> };
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

/** An answer in portions, each made when the last one has gone. Rejects when the first cannot be made. */
export async function streamedReply(
  { portions, type }: NonNullable<Success["streamed"]>,
  { headers: given, status }: { headers: Headers | undefined; status: number },
): Promise<Response> {
  const headers = new Headers(given);
  headers.set("content-type", type);
  headers.set("cache-control", "no-store");
  const encoder = new TextEncoder();
  let next: IteratorResult<string> | undefined = await portions.next();
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      try {
        const portion = next ?? (await portions.next());
        next = undefined;
        if (portion.done === true) controller.close();
        else controller.enqueue(encoder.encode(portion.value));
      } catch (error) {
        // What has gone cannot be taken back: the connection breaks, so that nobody takes a part for the whole.
        controller.error(error);
      }
    },
    cancel: async () => {
      await portions.return(undefined);
    },
  });
  return new Response(body, { status, headers });
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
  if (troubleOf(caught) === "full") return storageRefusal(caught);
  return new GapuraError("internal", { values: { requestId }, cause: caught });
}
