/**
 * How long a Messages request is, without answering it. The provider that would answer is asked where it can count;
 * else, and while it cannot be reached, the count is an estimate that says so.
 *
 * Nothing is generated, so nothing is charged and no record is kept. What is wrong with the request itself is refused as
 * it would be with an answer.
 */
import type { Endpoint } from "../catalog/catalog.ts";
import { GapuraError } from "../kernel/errors.ts";
import { isJsonObject, type JsonObject } from "../kernel/json.ts";
import type { ClientDialect, ClientRequest } from "./canonical/dialects.ts";
import { estimateTokens } from "./ingress/anthropic-messages/estimate-tokens.ts";
import { editBody } from "./ingress/body-edits.ts";
import { completedBody } from "./ingress/presets.ts";
import { readJsonBody } from "./ingress/read-body.ts";
import { parseUpstreamJson } from "./ingress/upstream-json.ts";
import type { Arrival, PipelineDeps } from "./pipeline.ts";
import { requireAddress } from "./policy/ip-allow/ip-allow.ts";
import { authenticateKey, requireKind } from "./policy/key-auth/key-auth.ts";
import { readRefusal, refusalError } from "./providers/upstream-errors.ts";
import { planRoute, type RouteAsker } from "./router/plan.ts";
import { boundedText } from "./transport/bounded-text.ts";

const TIMEOUT_MS = 15_000;
const MAX_ANSWER_BYTES = 64 * 1024;
/** Fields of an answer that a count refuses. */
const ANSWER_FIELDS = [
  ...["max_tokens", "stream", "temperature", "top_p", "top_k", "stop_sequences", "metadata", "service_tier"],
  ...["container", "inference_geo", "diagnostics"],
];

/** One request for a count. Never rejects. */
export async function answerCount(
  deps: PipelineDeps,
  request: Request,
  { client, arrival }: { client: ClientDialect; arrival: Arrival },
): Promise<Response> {
  const { requestId } = arrival;
  const headers: Record<string, string> = {
    ...deps.headers,
    "cache-control": "no-store",
    "content-type": "application/json; charset=utf-8",
    "x-request-id": requestId,
    ...client.headers?.(requestId),
  };
  try {
    const identified = await authenticateKey(client.authorization(request.headers), deps.keys, deps.clock);
    const { userId, allowedModels } = requireAddress(requireKind(identified, "inference"), arrival, deps);
    const sent = await readJsonBody(request, deps.limits);
    const { body, presetWishes } = await completedBody(sent, deps, { userId, dialect: client.name });
    const read = client.read(body, deps.hints);
    arrival.waitLong(true);
    const counted = await count(deps, { read, userId, allowedModels, presetWishes }, request);
    return new Response(JSON.stringify(counted), { status: 200, headers });
  } catch (caught) {
    const error =
      caught instanceof GapuraError ? caught : new GapuraError("internal", { values: { requestId }, cause: caught });
    if (error.code === "internal") deps.log.warn("count.failed", { requestId, reason: String(caught).slice(0, 200) });
    if (error.retryAfterSeconds !== undefined) headers["retry-after"] = String(error.retryAfterSeconds);
    return new Response(JSON.stringify(client.errorBody(error, requestId)), { status: error.status, headers });
  } finally {
    arrival.waitLong(false);
  }
}

type Asked = { read: ClientRequest } & Omit<RouteAsker, "headers">;

async function count(deps: PipelineDeps, asked: Asked, request: Request): Promise<JsonObject> {
  const { read } = asked;
  const endpoints = await endpointsOf(deps, asked, request.headers);
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(TIMEOUT_MS)]);
  for (const endpoint of endpoints) {
    const counted = await askProvider(deps, { endpoint, read, headers: request.headers, signal });
    if (counted) return counted;
  }
  const model = endpoints[0]?.upstreamModel ?? read.models[0] ?? "";
  return { input_tokens: estimateTokens(read.body.value, model), estimated: true };
}

/** A model that nobody connected serves can still be counted for. */
async function endpointsOf(
  deps: PipelineDeps,
  { read, ...asker }: Asked,
  headers: Headers,
): Promise<readonly Endpoint[]> {
  try {
    return (await planRoute(deps, read, { ...asker, headers })).attempts.map(({ endpoint }) => endpoint);
  } catch (error) {
    if (error instanceof GapuraError && error.code === "model_not_connected") return [];
    throw error;
  }
}

interface Question {
  endpoint: Endpoint;
  read: ClientRequest;
  headers: Headers;
  signal: AbortSignal;
}

/** The provider's own count; undefined where it cannot count or is not there. Throws GapuraError provider_refused. */
async function askProvider(deps: PipelineDeps, question: Question): Promise<JsonObject | undefined> {
  const { endpoint, read, headers, signal } = question;
  const provider = deps.providers.get(endpoint.providerSlug);
  const native = provider?.adapter.dialects(endpoint.upstreamModel).find(({ name }) => name === "anthropic-messages");
  if (!provider?.adapter.countTokens || !native?.native) return undefined;
  const { upstreamModel } = endpoint;
  const edits = native.native.edits(read.body.value, { upstreamModel, streamed: false });
  const set = new Map([...edits.set].filter(([name]) => !ANSWER_FIELDS.includes(name)));
  const remove = new Set([...edits.remove, ...ANSWER_FIELDS]);
  const body = editBody(read.body.bytes, read.body.fields, { set, remove });
  const credential = provider.credentials[0]?.secret ?? null;
  try {
    const attempt = { dialect: native.name, upstreamModel, body, streamed: false, credential, signal };
    const answer = await provider.adapter.countTokens({ ...attempt, clientHeaders: headers });
    if (!answer.ok) {
      throw refusalError(endpoint.providerName, await readRefusal(answer, credential, deps.clock.nowMs()));
    }
    const parsed = parseUpstreamJson(await boundedText(answer, MAX_ANSWER_BYTES));
    return parsed.ok && isJsonObject(parsed.value) && typeof parsed.value.input_tokens === "number"
      ? parsed.value
      : undefined;
  } catch (error) {
    if (error instanceof GapuraError && error.code === "provider_refused") throw error;
    return undefined;
  }
}
