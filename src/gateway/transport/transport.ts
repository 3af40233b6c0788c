/**
 * The only door out: every connection to a provider is made here.
 *
 * Invariants: a connection goes to an address that the guard has checked, by number, so that no second look-up can lead
 * elsewhere; TLS is held to the host's name all the same; no redirect is followed; a credential goes only to the origin
 * it was given for; headers come from the adapter, never from the client; no proxy of the environment is used; every
 * request has a deadline for its first byte and ends with its signal.
 * Failure modes: TransportError with a kind; an upstream status of any value is an answer, not a failure.
 */
import { type AddressGuard, hostOf } from "./address-guard.ts";

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
  /** Rejects with TransportError. */
  send(request: OutboundRequest): Promise<Response>;
}

export interface GuardedTransport extends Transport {
  /** Why nothing would be sent there, for a configuration that is being checked; null where something would. */
  refusal(url: string): Promise<TransportError | null>;
}

interface Target {
  url: URL;
  /** For TLS and the Host header. */
  name: string;
  isSecure: boolean;
  /** The URL behind host and port. */
  path: string;
}

/** What one attempt connects to, and how. */
interface Route {
  target: Target;
  address: string;
  pool: number;
  keepalive: boolean;
}

/** Errors of a kept connection that the other side was just closing: nothing was answered, so once more is safe. */
const CLOSED_CONNECTION = new Set(["ECONNRESET", "ConnectionClosed", "EPIPE"]);
/** Errors of connecting: not a byte was sent, so another address of the host may be tried. */
const NO_CONNECTION = new Set(["ECONNREFUSED", "ConnectionRefused", "EHOSTUNREACH", "ENETUNREACH", "ETIMEDOUT"]);

/** Addresses are those of configured providers, so there are few; this only bounds a mistake. */
const MAX_PARSED_URLS = 1_000;
/** Bun keeps this many idle connections for one way of doing TLS. */
const KEPT_PER_POOL = 64;
/**
 * Ways of doing TLS that differ in a bit without meaning, so that bursts of 256 find their connections again:
 * docs/decisions/0004-connections-to-providers.md.
 */
const POOLS = 4;

/** `ca` is trusted beside nobody else; for providers whose certificate comes from an authority of one's own. */
export function createTransport(guard: AddressGuard, { ca }: { ca?: string } = {}): GuardedTransport {
  const targets = new Map<string, Target>();
  let waiting = 0;
  return {
    send: async (request) => {
      const target = targets.get(request.url) ?? targetOf(request.url);
      if (targets.size < MAX_PARSED_URLS) targets.set(request.url, target);
      const located = guard.locate(target.url);
      const verdict = located instanceof Promise ? await located : located;
      if (!verdict.allowed) throw notAllowed(verdict);
      const pool = Math.min(POOLS - 1, Math.floor(waiting / KEPT_PER_POOL));
      waiting++;
      try {
        return await tryAddresses(request, { target, pool, addresses: verdict.addresses, guard, ca });
      } finally {
        waiting--;
      }
    },
    refusal: async (url) => {
      if (!URL.canParse(url)) return new TransportError("refused", "the address cannot be read");
      const verdict = await guard.check(new URL(url));
      return verdict.allowed ? null : notAllowed(verdict);
    },
  };
}

/**
 * A transport for one provider: it sends to the origins of these URLs and to nowhere else, whatever an adapter asks
 * for, so that a credential never reaches another host, scheme or port than it was given for.
 */
export function boundTo(transport: Transport, baseUrls: readonly string[]): Transport {
  const origins = new Set(baseUrls.map((baseUrl) => new URL(baseUrl).origin));
  // Few addresses are asked again and again, so that each is judged once.
  const judged = new Set<string>();
  return {
    send: (request) => {
      if (judged.has(request.url)) return transport.send(request);
      try {
        if (!origins.has(targetOf(request.url).url.origin)) {
          throw new TransportError("refused", "the request goes to another origin than its credential belongs to");
        }
      } catch (error) {
        return Promise.reject(error);
      }
      if (judged.size < MAX_PARSED_URLS) judged.add(request.url);
      return transport.send(request);
    },
  };
}

interface Attempts {
  target: Target;
  pool: number;
  addresses: readonly string[];
  guard: AddressGuard;
  ca: string | undefined;
}

async function tryAddresses(request: OutboundRequest, attempts: Attempts): Promise<Response> {
  const { target, pool, addresses, guard, ca } = attempts;
  let failure: TransportError | undefined;
  for (const address of addresses) {
    try {
      return await tryAddress(request, { target, address, pool, keepalive: true }, ca);
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      if (addresses.length > 1 && (error.kind === "timeout" || hasCode(error, NO_CONNECTION))) {
        guard.demote(target.url, address);
      }
      if (!hasCode(error, NO_CONNECTION)) throw error;
      failure = error;
    }
  }
  throw failure ?? new TransportError("unreachable", "the host has no address");
}

async function tryAddress(request: OutboundRequest, route: Route, ca: string | undefined): Promise<Response> {
  try {
    return await attempt(request, route, ca);
  } catch (error) {
    if (!(error instanceof TransportError) || !hasCode(error, CLOSED_CONNECTION)) throw error;
    return attempt(request, { ...route, keepalive: false }, ca);
  }
}

/** When time is up the caller hears at once; its signal, which it then aborts, ends the connection. */
async function attempt(request: OutboundRequest, route: Route, ca: string | undefined): Promise<Response> {
  if (request.signal.aborted) throw new TransportError("aborted", "the client left");
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new TransportError("timeout", "no answer in time")),
    request.firstByteTimeoutMs,
  );
  const { target, address, pool, keepalive } = route;
  try {
    return await Promise.race([
      fetch(literalUrl(target, address), {
        method: request.method,
        headers: target.name === address ? request.headers : { ...request.headers, host: target.url.host },
        ...(request.body ? { body: request.body } : {}),
        ...(target.isSecure ? { tls: { serverName: target.name, secureOptions: pool, ...(ca && { ca }) } } : {}),
        redirect: "manual",
        proxy: false,
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

function notAllowed({ isUnknown, reason }: { isUnknown: boolean; reason: string }): TransportError {
  return new TransportError(isUnknown ? "unreachable" : "refused", reason);
}

function targetOf(address: string): Target {
  if (!URL.canParse(address)) throw new TransportError("refused", "the address cannot be read");
  const url = new URL(address);
  return { url, name: hostOf(url), isSecure: url.protocol === "https:", path: url.pathname + url.search };
}

function literalUrl({ url, path }: Target, address: string): string {
  const host = address.includes(":") ? `[${address}]` : address;
  return `${url.protocol}//${host}${url.port === "" ? "" : `:${url.port}`}${path}`;
}

function hasCode({ cause }: TransportError, codes: ReadonlySet<string>): boolean {
  return cause instanceof Error && "code" in cause && codes.has(String(cause.code));
}
