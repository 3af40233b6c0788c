/**
 * The only door out: every connection to a provider is made here.
 *
 * Invariants: no redirect is followed; a credential goes only to the origin it was given for; headers come from the
 * adapter, never from the client; every request has a deadline for its first byte and ends with its signal.
 * Failure modes: TransportError with a kind; an upstream status of any value is an answer, not a failure.
 */
import type { AddressGuard } from "./address-guard.ts";

export interface OutboundRequest {
  method: "GET" | "POST";
  url: string;
  headers: Record<string, string>;
  body?: Uint8Array<ArrayBuffer>;
  /** Ends the request and its answer. The caller aborts it when `send` has rejected. */
  signal: AbortSignal;
  /** Milliseconds until the status line must be there. */
  firstByteTimeoutMs: number;
}

export type TransportFailure = "refused" | "unreachable" | "timeout" | "aborted";

/** There was no answer. `message` is for the log; the client is told by kind. */
export class TransportError extends Error {
  override readonly name = "TransportError";
  readonly kind: TransportFailure;

  constructor(kind: TransportFailure, message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
  }
}

export interface Transport {
  send(request: OutboundRequest): Promise<Response>;
}

/** Errors of a kept connection that the other side was just closing: nothing was answered, so once more is safe. */
const CLOSED_CONNECTION = new Set(["ECONNRESET", "ConnectionClosed", "EPIPE"]);

/** Addresses are those of configured providers, so there are few; this only bounds a mistake. */
const MAX_PARSED_URLS = 1_000;

export function createTransport(guard: AddressGuard): Transport {
  const parsed = new Map<string, URL>();
  return {
    send: async (request) => {
      const url = parsed.get(request.url) ?? new URL(request.url);
      if (parsed.size < MAX_PARSED_URLS) parsed.set(request.url, url);
      if (!guard.isKnownClean(url)) {
        const verdict = await guard.check(url);
        if (!verdict.allowed) throw new TransportError("refused", verdict.reason);
      }
      try {
        return await attempt(request, true);
      } catch (error) {
        if (!(error instanceof TransportError) || !wasClosedConnection(error)) throw error;
        return attempt(request, false);
      }
    },
  };
}

/** When time is up the caller hears at once; its signal, which it then aborts, ends the connection. */
async function attempt(request: OutboundRequest, keepalive: boolean): Promise<Response> {
  if (request.signal.aborted) throw new TransportError("aborted", "the client left");
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new TransportError("timeout", "no answer in time")),
    request.firstByteTimeoutMs,
  );
  try {
    return await Promise.race([
      fetch(request.url, {
        method: request.method,
        headers: request.headers,
        ...(request.body ? { body: request.body } : {}),
        redirect: "manual",
        keepalive,
        signal: request.signal,
      }),
      late.promise,
    ]);
  } catch (error) {
    if (error instanceof TransportError) throw error;
    if (request.signal.aborted) throw new TransportError("aborted", "the client left", error);
    throw new TransportError("unreachable", error instanceof Error ? error.message : "no connection", error);
  } finally {
    clearTimeout(timer);
  }
}

function wasClosedConnection(error: TransportError): boolean {
  const { cause } = error;
  return cause instanceof Error && "code" in cause && CLOSED_CONNECTION.has(String(cause.code));
}
