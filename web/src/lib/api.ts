/**
 * The dashboard's one door to the server: every operation of the contract by its name, with the contract's types. Zod
 * stays out of the bundle: the types are erased, and the server has checked what it sends against the same contract.
 *
 * Resolves to the answer's body. Rejects with ApiError for every refusal and failure, except that an abort by the
 * caller rejects with the caller's own reason. Cookies go to this origin only; changes are sent as JSON, which together
 * with the browser's own Origin header is what the server asks of them.
 */
import { type OperationId, operations, SHOWN_ACCOUNT_HEADER } from "../../../src/contract/operations.ts";
import { rightFor } from "../../../src/contract/roles.ts";
import type { BodyOf, ParamsOf, QueryOf, ResponseOf } from "../../../src/contract/routes.ts";
import { asChecked, parseJson } from "../../../src/kernel/json.ts";
import { ApiError, hasCode, readErrorAnswer } from "./api-error.ts";
import { askForProof } from "./proof.ts";
import { shownAccount } from "./shown-account.ts";

/** Password hashing is slow on purpose; nothing else comes near this. */
const TIMEOUT_MS = 20_000;

interface Options {
  signal?: AbortSignal;
  timeoutMs?: number;
  /** Names a change that happens once, however often it is sent. */
  idempotencyKey?: string;
}

type Part<Name extends string, Value> = [Value] extends [undefined]
  ? { [K in Name]?: undefined }
  : Record<never, never> extends Value
    ? { [K in Name]?: Value }
    : { [K in Name]: Value };

export type Input<Id extends OperationId> = Part<"body", BodyOf<Id>> &
  Part<"params", ParamsOf<Id>> &
  Part<"query", QueryOf<Id>> &
  Options;

type Arguments<Id extends OperationId> =
  Record<never, never> extends Input<Id> ? [input?: Input<Id>] : [input: Input<Id>];

interface LooseInput extends Options {
  body?: unknown;
  params?: unknown;
  query?: unknown;
}

/** Calls one operation. Where the server wants a fresh proof first, the person is asked for it and the call repeated. */
export async function call<Id extends OperationId>(id: Id, ...[input]: Arguments<Id>): Promise<ResponseOf<Id>> {
  const request: LooseInput = input ?? {};
  try {
    return await callOnce<Id>(id, request);
  } catch (error) {
    if (hasCode(error, "fresh_proof_needed") && (await askForProof())) return callOnce<Id>(id, request);
    throw error;
  }
}

async function callOnce<Id extends OperationId>(id: Id, request: LooseInput): Promise<ResponseOf<Id>> {
  const { method } = operations[id];
  const signals = [AbortSignal.timeout(request.timeoutMs ?? TIMEOUT_MS), ...(request.signal ? [request.signal] : [])];
  const answer = await send(addressOf(id, request), {
    method: method.toUpperCase(),
    credentials: "same-origin",
    cache: "no-store",
    headers: {
      accept: "application/json",
      ...(request.body === undefined ? {} : { "content-type": "application/json" }),
      ...(rightFor(id) === null ? {} : shownHeader()),
      ...(request.idempotencyKey === undefined ? {} : { "idempotency-key": request.idempotencyKey }),
    },
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    signal: AbortSignal.any(signals),
  });
  if (!answer.ok) throw readErrorAnswer(answer.status, answer.body, answer.retryAfter);
  return asChecked<ResponseOf<Id>>(answer.body);
}

/** Says which account the page shows, so that nothing is done in another one. */
function shownHeader(): Record<string, string> {
  const id = shownAccount();
  return id === null ? {} : { [SHOWN_ACCOUNT_HEADER]: id };
}

/** The address of an operation with its parameters filled in; undefined and empty query values are left out. */
export function addressOf(id: OperationId, { params, query }: Pick<LooseInput, "params" | "query"> = {}): string {
  const values = new Map(Object.entries(params ?? {}));
  const path = operations[id].path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(values.get(name) ?? "")),
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== "") search.set(name, String(value));
  }
  return search.size === 0 ? path : `${path}?${search}`;
}

interface Answer {
  ok: boolean;
  status: number;
  body: unknown;
  retryAfter: string | null;
}

async function send(address: string, init: RequestInit & { signal: AbortSignal }): Promise<Answer> {
  try {
    const response = await fetch(address, init);
    const parsed = parseJson(await response.text());
    if (response.ok && !parsed.ok) {
      throw new ApiError({ code: "unreadable", status: response.status, message: "The server's answer is not JSON." });
    }
    const body = parsed.ok ? parsed.value : null;
    return { ok: response.ok, status: response.status, body, retryAfter: response.headers.get("retry-after") };
  } catch (error) {
    if (error instanceof ApiError) throw error;
    const reason: unknown = init.signal.aborted ? init.signal.reason : error;
    if (reason instanceof DOMException && reason.name === "TimeoutError") {
      throw new ApiError(
        { code: "timeout", status: 0, message: "The server did not answer in time." },
        { cause: error },
      );
    }
    if (init.signal.aborted) throw reason;
    throw new ApiError({ code: "network", status: 0, message: "The server cannot be reached." }, { cause: error });
  }
}
