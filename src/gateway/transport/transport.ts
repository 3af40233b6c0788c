/**
 * The only door out: every connection to a provider is made here.
 *
 * Invariants: a connection goes to an address that the guard has checked, by number, so that no second look-up can lead
 * elsewhere; TLS is held to the host's name all the same; no redirect is followed; a credential goes only to the origin
 * it was given for; headers come from the adapter, never from the client; no proxy of the environment is used; a
 * connection that does not come about is given up; every request ends with its signal.
 * Failure modes: TransportError with a kind; an upstream status of any value is an answer, not a failure.
 */
import { type Clock, systemClock } from "../../kernel/clock.ts";
import { type Deadline, Deadlines } from "../deadlines.ts";
import { type AddressGuard, hostOf } from "./address-guard.ts";
import type { Answer } from "./answer.ts";
import { HttpClient } from "./http1/client.ts";
import { KeptConnectionClosed } from "./http1/exchange.ts";
import type { StopSignal } from "./stop-signal.ts";

export interface OutboundRequest {
  method: "GET" | "POST";
  url: string;
  headers: Readonly<Record<string, string>>;
  body?: Uint8Array<ArrayBuffer>;
  /** Ends the request and its answer. The caller aborts it when `send` has rejected. */
  signal: StopSignal;
  /** Milliseconds until the status line must be there; without it the signal alone says when to give up. */
  firstByteTimeoutMs?: number;
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
  send(request: OutboundRequest): Promise<Answer>;
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
  port: number;
}

/** What one attempt connects to, and how. */
interface Route {
  target: Target;
  address: string;
  isFresh: boolean;
}

/** Errors of connecting: not a byte was sent, so another address of the host may be tried. */
const NO_CONNECTION = new Set(["ECONNREFUSED", "ConnectionRefused", "EHOSTUNREACH", "ENETUNREACH", "ETIMEDOUT"]);

/** How long a connection may take to come about, TLS included. */
const CONNECT_TIMEOUT_MS = 5_000;
/**
 * A connection that was being closed says so within a round trip. Who has had a request for longer may have been at work
 * on it: asking again would cost twice, and is no secret to be kept from whoever chooses what is tried next.
 */
const CLOSING_MS = 5_000;
const LATE_CONNECTION = "GAPURA_LATE_CONNECTION";
const LATE_CODES = new Set([LATE_CONNECTION]);

/** Addresses are those of configured providers, so there are few; this only bounds a mistake. */
const MAX_PARSED_URLS = 1_000;
export interface TransportOptions {
  /** Trusted beside nobody else; for providers whose certificate comes from an authority of one's own. */
  ca?: string;
  deadlines?: Deadlines;
  clock?: Pick<Clock, "monotonicMs">;
  /** How long a connection may take to come about. */
  connectTimeoutMs?: number;
}

/** The same for everything that goes out. */
interface Outbound {
  http: HttpClient;
  deadlines: Deadlines;
  clock: Pick<Clock, "monotonicMs">;
  connectTimeoutMs: number;
}

export function createTransport(guard: AddressGuard, options: TransportOptions = {}): GuardedTransport {
  const { ca, clock = systemClock, connectTimeoutMs = CONNECT_TIMEOUT_MS } = options;
  const { deadlines = new Deadlines(clock) } = options;
  const outbound = { http: new HttpClient({ ca }), deadlines, clock, connectTimeoutMs };
  const targets = new Map<string, Target>();
  return {
    send: async (request) => {
      const target = targets.get(request.url) ?? targetOf(request.url);
      if (targets.size < MAX_PARSED_URLS) targets.set(request.url, target);
      const located = guard.locate(target.url);
      const verdict = located instanceof Promise ? await located : located;
      if (!verdict.allowed) throw notAllowed(verdict);
      const { addresses } = verdict;
      let failure: TransportError | undefined;
      for (const address of addresses) {
        try {
          return await attempt(request, { target, address, isFresh: false }, outbound);
        } catch (error) {
          if (!(error instanceof TransportError)) throw error;
          if (addresses.length > 1 && isAbsent(error)) guard.demote(target.url, address);
          if (!hasCode(error, NO_CONNECTION)) throw error;
          failure = error;
        }
      }
      throw failure ?? new TransportError("unreachable", "the host has no address");
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

/**
 * The answer, or a rejection when the connection or the status line has not come in time; the caller then hears at once,
 * and its signal, which it aborts, ends the connection. One promise for all of it: every request comes through here.
 */
function attempt(request: OutboundRequest, route: Route, outbound: Outbound): Promise<Answer> {
  const { method, headers, body, signal, firstByteTimeoutMs = Number.POSITIVE_INFINITY } = request;
  const { target, address, isFresh } = route;
  const { http, deadlines, clock, connectTimeoutMs } = outbound;
  if (signal.aborted) return Promise.reject(new TransportError("aborted", "the client left"));
  return new Promise((resolve, reject) => {
    const startedMs = clock.monotonicMs();
    let isOver = false;
    const over = (error?: TransportError) => {
      isOver = true;
      deadlines.remove(deadline);
      if (error) reject(error);
    };
    const late = () => over(new TransportError("timeout", "no answer in time"));
    const isPatient = connectTimeoutMs < firstByteTimeoutMs;
    const deadline: Deadline = {
      dueMs: startedMs + Math.min(connectTimeoutMs, firstByteTimeoutMs),
      onDue: isPatient ? () => over(connectionLate()) : late,
    };
    const onConnected = () => {
      deadline.dueMs = startedMs + firstByteTimeoutMs;
      deadline.onDue = late;
    };
    const failed = (cause: unknown) => {
      if (isOver) return;
      const wasClosing = cause instanceof KeptConnectionClosed && clock.monotonicMs() - startedMs < CLOSING_MS;
      if (!wasClosing || signal.aborted || isFresh) return over(failureOf(cause, signal));
      over();
      // Nothing was answered, and others had used the connection before: the provider was just closing it.
      resolve(attempt(request, { ...route, isFresh: true }, outbound));
    };
    deadlines.add(deadline);
    const place = { address, port: target.port, serverName: target.isSecure ? target.name : null };
    const { path } = target;
    http
      .send({ method, path, host: target.url.host, headers, body, place, signal, isFresh, onConnected })
      .then((answer) => {
        over();
        resolve(answer);
      }, failed);
  });
}

function failureOf(cause: unknown, signal: StopSignal): TransportError {
  if (cause instanceof TransportError) return cause;
  if (signal.aborted) return new TransportError("aborted", "the client left", cause);
  return new TransportError("unreachable", cause instanceof Error ? cause.message : "no connection", cause);
}

function connectionLate(): TransportError {
  const cause = Object.assign(new Error("the connection did not come about in time"), { code: LATE_CONNECTION });
  return new TransportError("unreachable", cause.message, cause);
}

function notAllowed({ isUnknown, reason }: { isUnknown: boolean; reason: string }): TransportError {
  return new TransportError(isUnknown ? "unreachable" : "refused", reason);
}

function targetOf(address: string): Target {
  if (!URL.canParse(address)) throw new TransportError("refused", "the address cannot be read");
  const url = new URL(address);
  const isSecure = url.protocol === "https:";
  const port = url.port === "" ? (isSecure ? 443 : 80) : Number(url.port);
  return { url, name: hostOf(url), isSecure, path: url.pathname + url.search, port };
}

/** Nobody answers at that address, or too late: the attempts choose what is tried next. */
function isAbsent(error: TransportError): boolean {
  return error.kind === "timeout" || hasCode(error, NO_CONNECTION) || hasCode(error, LATE_CODES);
}

function hasCode({ cause }: TransportError, codes: ReadonlySet<string>): boolean {
  return cause instanceof Error && "code" in cause && codes.has(String(cause.code));
}
