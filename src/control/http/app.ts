/**
 * The control plane over HTTP: Hono, with exactly the operations of the contract and nothing else.
 *
 * Invariants: an operation without a handler stops the start; a path is matched exactly, case included; every answer
 * has the security headers and a request id; whatever a handler throws is answered from the error table.
 */
import { Hono } from "hono";
import { aliasPath, type DataPlaneOperation, type OperationId, operations } from "../../contract/operations.ts";
import { routeOf } from "../../contract/routes.ts";
import type { RouteShapes } from "../../contract/shapes/route-shapes.ts";
import { GapuraError } from "../../kernel/errors.ts";
import { asChecked } from "../../kernel/json.ts";
import { admit, type Caller, type GuardDeps } from "./guard.ts";
import type { Handler, HandlerInput, Handlers, Visitor } from "./handler.ts";
import { check, readBody } from "./input.ts";
import { errorReply, shownError, streamedReply, successReply } from "./reply.ts";

export type ControlOperation = Exclude<OperationId, DataPlaneOperation>;

export interface ControlAppDeps {
  handlers: Handlers<ControlOperation>;
  guard: GuardDeps;
  headers: Record<string, string>;
  /** Headers of what programs of other origins may read: the paths under /api/v1 and /v1. */
  corsHeaders: Record<string, string>;
  /** The dashboard's files, for every path that is no operation. Null for none of them either. */
  site(request: Request, path: string): Promise<Response | null>;
  logFailure(fields: { operation: string; requestId: string; error: unknown }): void;
}

export interface ControlApp {
  /** Never rejects. */
  fetch(request: Request, visitor: Visitor): Promise<Response>;
  routes(): RegisteredRoute[];
}

export interface RegisteredRoute {
  method: string;
  path: string;
  operation: ControlOperation;
}

interface Environment {
  Bindings: { visitor: Visitor };
}

export function createControlApp(deps: ControlAppDeps): ControlApp {
  const app = new Hono<Environment>({ strict: true });
  const registered: RegisteredRoute[] = [];
  for (const id of controlOperations()) {
    const { method, path } = operations[id];
    const answer = answerer(deps, id);
    for (const one of [path, aliasPath(path)]) {
      if (one === undefined) continue;
      const pattern = one.replace(/\{(\w+)\}/g, ":$1");
      app.on(method.toUpperCase(), pattern, (context) =>
        answer(context.req.raw, context.env.visitor, context.req.param()),
      );
      registered.push({ method: method.toUpperCase(), path: one, operation: id });
    }
  }
  app.notFound(async (context) =>
    notFound(deps, registered, { request: context.req.raw, visitor: context.env.visitor }),
  );
  app.onError((error, context) => {
    const { requestId } = context.env.visitor;
    deps.logFailure({ operation: "unmatched", requestId, error });
    return errorReply(shownError(error, requestId), requestId);
  });
  return {
    routes: () => registered,
    fetch: async (request, visitor) => {
      const answer = await app.fetch(request, { visitor });
      return withHeaders(answer, deps, { request, visitor });
    },
  };
}

export function controlOperations(): ControlOperation[] {
  const dataPlane = new Set(
    Object.entries(operations).flatMap(([id, operation]) => ("plane" in operation ? [id] : [])),
  );
  const isControl = (id: string): id is ControlOperation => !dataPlane.has(id);
  return Object.keys(operations).filter(isControl);
}

type Answerer = (request: Request, visitor: Visitor, path: Record<string, string>) => Promise<Response>;

function answerer<Id extends ControlOperation>(deps: ControlAppDeps, id: Id): Answerer {
  const operation = operations[id];
  const shapes: RouteShapes = routeOf(id);
  const handler: Handler<Id> | undefined = deps.handlers[id];
  if (!handler) throw new Error(`the operation ${id} has no handler`);
  return async (request, visitor, path) => {
    try {
      const { account, key } = await admit(deps.guard, { id, ...operation }, { request, visitor });
      const body = await readBody(request, shapes.body, shapes.maxBodyBytes);
      const query = check(shapes.query, Object.fromEntries(new URL(request.url).searchParams), "query");
      const params = check(shapes.params, path);
      const input = asChecked<HandlerInput<Id>>({ body, query, params, visitor, account, key, request });
      const result = await handler(input);
      if (result.answered) return result.answered;
      const { status } = shapes;
      return result.streamed
        ? await streamedReply(result.streamed, { headers: result.headers, status })
        : successReply(result, status, request);
    } catch (error) {
      const shown = shownError(error, visitor.requestId);
      if (shown.status >= 500) deps.logFailure({ operation: id, requestId: visitor.requestId, error });
      return errorReply(shown, visitor.requestId);
    }
  };
}

/** What no operation answers: another method of a known path, a page of the dashboard, or nothing. */
async function notFound(
  deps: ControlAppDeps,
  table: RegisteredRoute[],
  { request, visitor }: Caller,
): Promise<Response> {
  const { pathname } = new URL(request.url);
  const allowed = table.filter((route) => matches(route.path, pathname)).map((route) => route.method);
  if (allowed.length > 0) {
    if (request.method === "OPTIONS" && isProgramPath(pathname)) return preflight(allowed);
    const values = { method: request.method, allowed: allowed.join(" or ") };
    const reply = errorReply(new GapuraError("method_not_allowed", { values }), visitor.requestId);
    reply.headers.set("allow", allowed.join(", "));
    return reply;
  }
  const page = isApiPath(pathname) ? null : await deps.site(request, pathname);
  return page ?? errorReply(new GapuraError("not_found"), visitor.requestId);
}

function preflight(allowed: string[]): Response {
  const headers = {
    "access-control-allow-methods": [...allowed, "OPTIONS"].join(", "),
    "access-control-allow-headers": "*, authorization",
    "access-control-max-age": "86400",
  };
  return new Response(null, { status: 204, headers });
}

function matches(template: string, pathname: string): boolean {
  const parts = template.split("/");
  const given = pathname.split("/");
  return parts.length === given.length && parts.every((part, index) => part.startsWith("{") || part === given[index]);
}

function isApiPath(pathname: string): boolean {
  return /^\/(?:api|v1)(?:\/|$)/i.test(pathname);
}

function isProgramPath(pathname: string): boolean {
  return pathname.startsWith("/api/v1/") || pathname.startsWith("/v1/");
}

function withHeaders(answer: Response, deps: ControlAppDeps, { request, visitor }: Caller): Response {
  for (const [name, value] of Object.entries(deps.headers)) answer.headers.set(name, value);
  if (isProgramPath(new URL(request.url).pathname)) {
    for (const [name, value] of Object.entries(deps.corsHeaders)) answer.headers.set(name, value);
  }
  answer.headers.set("x-request-id", visitor.requestId);
  return answer;
}
