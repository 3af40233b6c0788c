/**
 * The listener: where a request comes in, gets its id, and goes to the half that answers it.
 *
 * Invariants: the port is taken before anything is built on it, and nothing but "not ready" is answered until `open`;
 * no handler's failure ends the process. A stop goes in steps: first `/ready` says no while everything is still answered,
 * each answer being the last of its connection, so that balancers and kept connections go elsewhere by themselves; then
 * the port is given up, connections without a request are closed and no new request is taken; then what is under way ends.
 */
import { isReachable, listenAddress } from "../config/hosts.ts";
import type { Config } from "../config/schema.ts";
import type { ControlApp } from "../control/http/app.ts";
import {
  clientAddress,
  createProxyTrust,
  isForwardedByStranger,
  isLocalVisitor,
  UNKNOWN_ADDRESS,
} from "../control/http/client-address.ts";
import type { Visitor } from "../control/http/handler.ts";
import { errorReply } from "../control/http/reply.ts";
import { securityHeaders } from "../control/http/security-headers.ts";
import type { DataPlane } from "../gateway/data-plane.ts";
import { GapuraError } from "../kernel/errors.ts";
import { newRequestId } from "../kernel/ids.ts";
import type { Locale } from "../kernel/locale.ts";
import { nextTurn } from "../kernel/next-turn.ts";
import type { Log } from "../telemetry/log.ts";

export interface Door {
  /** The port that the system really gave. */
  port: number;
  readonly isDraining: boolean;
  /** From now on requests are answered. */
  open(plane: DataPlane, control: ControlApp): void;
  /** From now on `/ready` says no. What comes in the next `forMs` is still answered, if anybody has been here lately. */
  lastCall(forMs: number): Promise<void>;
  /** Takes no new connection and no new request, and waits until nothing is under way or the limit has passed. */
  drain(busy: () => number, limitMs: number): Promise<void>;
  /** Ends what is still open. */
  close(): Promise<void>;
}

/** A connection on which nothing happens is closed after this; who waits for a provider switches it off meanwhile. */
const IDLE_TIMEOUT_SECONDS = 60;
/** The least that can be said; a connection on which nothing moves is closed by it. */
const HANG_UP_SECONDS = 1;
/** The pipeline bounds bodies itself, with its own error; this only bounds what Bun would buffer at all. */
const HARD_BODY_LIMIT_BYTES = 1024 * 1024 * 1024;
const LOOK_WHETHER_IDLE_MS = 20;

/** A host name or address, with or without a port. */
const HOST = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;

type Refuse = (error: GapuraError, requestId: string) => Response;
type Answer = (request: Request, server: Bun.Server<undefined>) => Response | Promise<Response>;

/** `sharesPort`: the other processes of this instance listen on the same port, and the system deals out connections. */
export function createDoor(config: Config, { log, sharesPort }: { log: Log; sharesPort: boolean }): Door {
  const refuse = createRefusal(config);
  let isDraining = false;
  let isClosed = false;
  let lastAskedMs = Number.NEGATIVE_INFINITY;
  let answer: Answer = () => comeBack();
  const asLast = (reply: Response) => {
    if (isDraining) reply.headers.set("connection", "close");
    return reply;
  };
  const receive: Answer = (request, running) => {
    lastAskedMs = performance.now();
    if (isClosed && !isHealthCheck(request)) return comeBack();
    const reply = answer(request, running);
    return reply instanceof Promise ? reply.then(asLast) : asLast(reply);
  };
  const server = Bun.serve({
    hostname: listenAddress(config.host),
    port: config.port,
    idleTimeout: IDLE_TIMEOUT_SECONDS,
    maxRequestBodySize: HARD_BODY_LIMIT_BYTES,
    development: false,
    // Otherwise a second server, of anybody on this machine, could take half of the connections.
    reusePort: sharesPort,
    fetch: receive,
    error: (error) => {
      const requestId = newRequestId();
      log.error("request.failed", { requestId, error });
      return refuse(new GapuraError("internal", { values: { requestId } }), requestId);
    },
  });
  const comeBack = () => {
    const reply = refuse(new GapuraError("shutting_down", { retryAfterSeconds: 5 }), newRequestId());
    reply.headers.set("connection", "close");
    return reply;
  };
  return {
    port: server.port ?? config.port,
    get isDraining() {
      return isDraining;
    },
    open: (plane, control) => {
      answer = answerer(config, { plane, control, refuse, log });
    },
    lastCall: async (forMs) => {
      isDraining = true;
      // Kept connections are the only ones that could still be surprised, and none is kept for longer than this.
      const mayBeKept = performance.now() - lastAskedMs < IDLE_TIMEOUT_SECONDS * 1000;
      if (mayBeKept) await Bun.sleep(forMs);
      // Whoever the system has let in already is taken in before the port is given up.
      await nextTurn();
    },
    drain: async (busy, limitMs) => {
      isDraining = true;
      isClosed = true;
      void server.stop();
      const endsAtMs = performance.now() + limitMs;
      const isBusy = () => busy() > 0 || server.pendingRequests > 0;
      while (isBusy() && performance.now() < endsAtMs) await Bun.sleep(LOOK_WHETHER_IDLE_MS);
    },
    close: () => server.stop(true),
  };
}

interface AnswererParts {
  plane: DataPlane;
  control: ControlApp;
  refuse: Refuse;
  log: Log;
}

function answerer(config: Config, { plane, control, refuse, log }: AnswererParts): Answer {
  const addressOf = createCallerLookup(config, log);
  const isAlone = !isReachable(config);
  // Nearly all name the same one.
  let goodHost = "";
  return (request, server) => {
    const requestId = newRequestId();
    const host = request.headers.get("host") ?? "";
    if (host !== goodHost || host === "") {
      if (!HOST.test(host)) return refuse(wrongHost(), requestId);
      goodHost = host;
    }
    const written = pathOf(request.url);
    const path = tidied(written);
    // While a provider thinks nothing is sent; a stream has its own heartbeat and needs no more time than anybody.
    const waitLong = (isWaiting: boolean) => server.timeout(request, isWaiting ? 0 : IDLE_TIMEOUT_SECONDS);
    const clientAddress = () => addressOf(request, peerOf(request, server));
    const hangUp = () => server.timeout(request, HANG_UP_SECONDS);
    const answered = plane.handle(request, path, { requestId, waitLong, hangUp, clientAddress });
    if (answered !== undefined) return answered;
    const peer = peerOf(request, server);
    const visitor: Visitor = {
      ipAddress: addressOf(request, peer),
      userAgent: request.headers.get("user-agent"),
      requestId,
      isLocal: isAlone && isLocalVisitor(request, peer, config.host),
      locale: preferredLocale(request.headers.get("accept-language")),
      connection: { waitLong, hangUp },
    };
    return control.fetch(path === written ? request : moved(request, { written, path }), visitor);
  };
}

function peerOf(request: Request, server: Bun.Server<undefined>): string {
  return server.requestIP(request)?.address ?? UNKNOWN_ADDRESS;
}

/** The caller's address. The first time that a stranger writes what proxies write, the log says so. */
function createCallerLookup({ trustedProxies, proxyAddressHeader }: Config, log: Log) {
  const trust = createProxyTrust(trustedProxies, proxyAddressHeader);
  let hasWarned = false;
  return ({ headers }: Request, peer: string): string => {
    if (!hasWarned && isForwardedByStranger(peer, headers, trust)) {
      hasWarned = true;
      const reason = `${peer} sends forwarding headers and is not named in TRUSTED_PROXIES, so its own address counts`;
      log.warn("proxy.untrusted", { reason });
    }
    return clientAddress(peer, headers, trust);
  };
}

function wrongHost(): GapuraError {
  const values = { field: "Host", reason: "this header must name the host that is asked, once" };
  return new GapuraError("invalid_field", { values });
}

/** The path as it stands in the request's URL: `http://host/path?query`. */
function pathOf(url: string): string {
  const begin = url.indexOf("/", url.indexOf("//") + 2);
  const end = url.indexOf("?", begin);
  return end === -1 ? url.slice(begin) : url.slice(begin, end);
}

const PROGRAM_PATH = /^\/+(?:api\/+)?v1\//;

/** Many programs join a base URL and a path with a slash too many, or end it with one. Nowhere else is a path tidied. */
function tidied(path: string): string {
  const needsNothing = !path.includes("//") && !path.endsWith("/");
  if (needsNothing || !PROGRAM_PATH.test(path)) return path;
  return path.replaceAll(/\/{2,}/g, "/").replace(/\/$/, "");
}

function moved(request: Request, { written, path }: { written: string; path: string }): Request {
  return new Request(
    request.url.replace(written, () => path),
    request,
  );
}

function isHealthCheck(request: Request): boolean {
  const path = pathOf(request.url);
  return path === "/health" || path === "/ready";
}

/** The first of our languages that an Accept-Language header names. */
function preferredLocale(header: string | null): Locale {
  return /(?:^|[,\s])(id|en|in)\b/i
    .exec(header ?? "")?.[1]
    ?.toLowerCase()
    .startsWith("i") === true
    ? "id"
    : "en";
}

/** What the door itself says no to, with everything that every answer carries. */
function createRefusal(config: Config): Refuse {
  const headers = Object.entries(securityHeaders(config.baseUrl));
  return (error, requestId) => {
    const reply = errorReply(error, requestId);
    for (const [name, value] of headers) reply.headers.set(name, value);
    reply.headers.set("x-request-id", requestId);
    return reply;
  };
}
