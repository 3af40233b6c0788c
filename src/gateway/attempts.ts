/**
 * Tries the routed endpoints in order until one begins to answer. Only failures before the first byte to the client
 * move on to the next; what is wrong with the request itself is told at once.
 */
import type { Endpoint } from "../catalog/catalog.ts";
import { GapuraError } from "../kernel/errors.ts";
import { isJsonObject, type JsonObject } from "../kernel/json.ts";
import type { Secret } from "../kernel/secret.ts";
import type { Call } from "./call.ts";
import type {
  AnswerIdentity,
  AnswerNotes,
  StreamStep,
  StreamTranslator,
  UpstreamDialect,
} from "./canonical/dialects.ts";
import type { CanonicalEvent } from "./canonical/events.ts";
import { parseUpstreamJson } from "./ingress/upstream-json.ts";
import type { PipelineDeps } from "./pipeline.ts";
import type { Outgoing, Prepared } from "./prepare.ts";
import type { ConnectedProvider } from "./providers/registry.ts";
import {
  isWorthAnother,
  readRefusal,
  refusalError,
  transportFailure,
  withoutKeys,
} from "./providers/upstream-errors.ts";
import { framings } from "./relay/framing.ts";
import { NotedEvents, TranslatedStream } from "./relay/translated-stream.ts";
import { UpstreamEvents } from "./relay/upstream-events.ts";
import type { PlannedAttempt, RoutePlan } from "./router/route.ts";
import type { RoutingWishes } from "./router/wishes.ts";
import { AnswerTooLong, boundedText } from "./transport/bounded-text.ts";
import { TransportError } from "./transport/transport.ts";

/** What a provider said that answered as a whole: in the client's own dialect, or as canonical events. */
export type Whole = { kind: "whole"; notes: AnswerNotes } & (
  | { answer: JsonObject; events?: undefined }
  | { events: readonly CanonicalEvent[]; answer?: undefined }
);

/** A provider that has begun to answer. */
export type Answered = { endpoint: Endpoint; provider: ConnectedProvider } & (
  | Whole
  | { kind: "stream"; events: UpstreamEvents; firstBatch: string[]; upstream: UpstreamDialect }
);

/** An answer that is not streamed may be this long. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/**
 * Resolves with the first good beginning. Between models the next is tried after any failure, between endpoints of one
 * model only where another may do better. Throws the last failure as GapuraError.
 */
export async function firstAnswer(
  deps: PipelineDeps,
  call: Call,
  { outgoing, plan }: { outgoing: Outgoing; plan: RoutePlan },
): Promise<Answered> {
  let failure: GapuraError | undefined;
  let givenUp: string | undefined;
  for (const planned of plan.attempts) {
    const { endpoint } = planned;
    const provider = deps.providers.get(endpoint.providerSlug);
    if (!provider || endpoint.modelId === givenUp) continue;
    call.endpoint = endpoint;
    const startedMs = deps.clock.monotonicMs();
    try {
      const prepared = prepare(outgoing, { planned, provider, wishes: plan.wishes });
      call.dropped = prepared.dropped;
      if (outgoing.request.wantsEcho) call.sentBodies.push(prepared.body);
      if (prepared.dropped.length > 0) {
        const reason = prepared.dropped.join(", ");
        deps.log.warn("parameters.dropped", { provider: endpoint.providerSlug, requestId: call.requestId, reason });
      }
      const answered = await tryEndpoint(deps, call, { outgoing, prepared, endpoint, provider });
      noteAttempt(call, planned, { status: 200, latencyMs: deps.clock.monotonicMs() - startedMs });
      return answered;
    } catch (error) {
      if (call.clientSignal.aborted) throw error;
      failure = failureOf(call, endpoint.providerName, error);
      noteFailure(deps, call, { planned, startedMs, failure, error });
      // Aborted before it is ended here: the total deadline has passed, and no other attempt has any time left.
      if (call.upstream.signal.aborted) break;
      if (!isWorthAnother(failure)) givenUp = endpoint.modelId;
      call.upstream.abort();
      call.upstream = new AbortController();
    }
  }
  throw failure ?? new GapuraError("provider_unavailable", { values: { provider: "The provider" } });
}

/** Throws GapuraError: invalid_field, endpoint_unsuitable, parameters_unsupported. */
function prepare(
  outgoing: Outgoing,
  { planned, provider, wishes }: { planned: PlannedAttempt; provider: ConnectedProvider; wishes: RoutingWishes },
): Prepared {
  const { endpoint, asked } = planned;
  const prepared = outgoing.prepare(provider.adapter, { endpoint, asked, wishes });
  // Wishes about providers are the gateway's to obey, not parameters of theirs.
  const parameters = prepared.dropped.filter((name) => !name.startsWith("provider."));
  if (parameters.length > 0 && wishes.requireParameters) {
    const values = { model: endpoint.modelId, provider: endpoint.providerName, parameters: parameters.join(", ") };
    throw new GapuraError("parameters_unsupported", { values });
  }
  return prepared;
}

async function tryEndpoint(
  deps: PipelineDeps,
  call: Call,
  attempt: { outgoing: Outgoing; prepared: Prepared; endpoint: Endpoint; provider: ConnectedProvider },
): Promise<Answered> {
  const { outgoing, prepared, endpoint, provider } = attempt;
  const { adapter, credential } = provider;
  const { upstream } = prepared;
  const { streamed } = outgoing.request;
  const answer = await adapter.send({
    dialect: upstream.name,
    upstreamModel: endpoint.upstreamModel,
    body: prepared.body,
    streamed,
    credential,
    clientHeaders: call.headers,
    signal: call.upstream.signal,
  });
  if (!answer.ok) throw refusalError(endpoint.providerName, await readRefusal(answer, credential, deps.clock.nowMs()));
  const target = { endpoint, provider };
  if (!streamed) return { ...target, ...(await readWhole(outgoing, upstream, { ...target, answer })) };
  const stream = newTranslator(outgoing, upstream, NOBODY);
  return { ...target, kind: "stream", upstream, ...(await openStream(attempt, answer, { stream, credential })) };
}

/** The translator of a stream from `upstream` to the client. */
export function newTranslator(
  { client, request }: Outgoing,
  upstream: UpstreamDialect,
  identity: AnswerIdentity,
): StreamTranslator {
  if (upstream.name === client.name && upstream.native && client.native.stream) {
    return client.native.stream(identity, upstream.native);
  }
  if (!upstream.canonical || !client.canonical) throw new Error("prepared for a dialect that cannot be translated");
  return new TranslatedStream(upstream.canonical.reader(), client.canonical.writer(identity, request));
}

async function readWhole(
  { client, request }: Outgoing,
  upstream: UpstreamDialect,
  { endpoint, provider, answer }: { endpoint: Endpoint; provider: ConnectedProvider; answer: Response },
): Promise<Whole> {
  const parsed = parseUpstreamJson(await boundedText(answer, MAX_ANSWER_BYTES));
  if (!parsed.ok || !isJsonObject(parsed.value)) throw unreadable(endpoint.providerName);
  if (upstream.name === client.name && (upstream.native || upstream.adapted)) {
    const own = upstream.adapted
      ? upstream.adapted.readAnswer(parsed.value, answer.headers)
      : (upstream.native?.readAnswer?.(parsed.value) ?? parsed.value);
    const notes = own && client.native.readAnswer(own, request);
    if (!notes) throw unreadable(endpoint.providerName);
    if (notes.failure) throw toldFailure(endpoint, notes.failure, provider.credential);
    return { kind: "whole", notes, answer: own };
  }
  const events = upstream.canonical?.readAnswer(parsed.value);
  if (!events) throw unreadable(endpoint.providerName);
  const failed = events.find((event) => event.kind === "failure");
  if (failed) throw toldFailure(endpoint, failed, provider.credential);
  const notes = new NotedEvents();
  for (const event of events) notes.add(event);
  return { kind: "whole", notes, events };
}

/** For a reader that is thrown away: nobody sees what it writes. */
const NOBODY: AnswerIdentity = { generationId: "", model: "", provider: "", createdSeconds: 0, requestId: "" };

/** Waits for the first event, so that a provider that fails at once can still be answered with a real status. */
async function openStream(
  { prepared, endpoint }: { prepared: Prepared; endpoint: Endpoint },
  answer: Response,
  { stream, credential }: { stream: StreamTranslator; credential: Secret | null },
): Promise<{ events: UpstreamEvents; firstBatch: string[] }> {
  const framing = framings[prepared.upstream.framing];
  const type = answer.headers.get("content-type") ?? "";
  if (answer.body === null || !type.includes(framing.contentType)) throw unreadable(endpoint.providerName);
  const events = new UpstreamEvents(answer.body, framing.splitter());
  let firstBatch = await events.nextBatch();
  while (firstBatch?.length === 0) firstBatch = await events.nextBatch();
  if (firstBatch === null) throw unreadable(endpoint.providerName);
  const step = firstBadStep(stream, firstBatch);
  if (step === undefined) return { events, firstBatch };
  await events.close();
  if (step.kind !== "failed") throw unreadable(endpoint.providerName);
  throw toldFailure(endpoint, step, credential);
}

/** The error for a failure that came with a good status. */
function toldFailure(
  { providerName }: Endpoint,
  { status, message }: { status: number; message: string },
  credential: Secret | null,
): GapuraError {
  return refusalError(providerName, { status, message: withoutKeys(message, credential), retryAfterSeconds: null });
}

/**
 * What makes the beginning of a stream none, undefined for a good one. A failure that arrives together with the first
 * events, before anything was said, still is one of the beginning.
 */
function firstBadStep(stream: StreamTranslator, batch: readonly string[]): StreamStep | undefined {
  for (const [index, event] of batch.entries()) {
    const step = stream.accept(event);
    if (step.kind === "failed" || (index === 0 && (step.kind === "done" || step.kind === "unreadable"))) return step;
    if (step.kind === "done" || step.kind === "unreadable" || (step.kind === "chunk" && step.hasToken))
      return undefined;
  }
  return undefined;
}

function failureOf(call: Call, provider: string, error: unknown): GapuraError {
  if (error instanceof GapuraError) return error;
  // Not the client, so it was the total deadline that ended the attempt.
  if (call.upstream.signal.aborted) return transportFailure(provider, new TransportError("timeout", "deadline", error));
  if (error instanceof TransportError) return transportFailure(provider, error);
  if (error instanceof AnswerTooLong) return unreadable(provider);
  return new GapuraError("provider_unavailable", {
    values: { provider },
    metadata: { provider_name: provider },
    cause: error,
  });
}

function noteFailure(
  deps: PipelineDeps,
  call: Call,
  failed: { planned: PlannedAttempt; startedMs: number; failure: GapuraError; error: unknown },
): void {
  const { planned, startedMs, failure, error } = failed;
  const status = Number(failure.metadata?.upstream_status ?? 0);
  noteAttempt(call, planned, { status, latencyMs: deps.clock.monotonicMs() - startedMs });
  const { requestId } = call;
  deps.log.warn("provider.failed", {
    provider: planned.endpoint.providerSlug,
    status,
    requestId,
    reason: reasonOf(error),
  });
}

function noteAttempt(
  call: Call,
  { endpoint, reason }: PlannedAttempt,
  end: { status: number; latencyMs: number },
): void {
  const { providerSlug: provider, providerName, modelId: model } = endpoint;
  call.attempts.push({
    provider,
    providerName,
    model,
    status: end.status,
    latencyMs: Math.round(end.latencyMs),
    reason,
  });
}

function unreadable(provider: string): GapuraError {
  return new GapuraError("provider_invalid_response", { values: { provider }, metadata: { provider_name: provider } });
}

function reasonOf(error: unknown): string {
  if (error instanceof GapuraError) return error.code;
  if (error instanceof TransportError) return `${error.kind}: ${error.message}`;
  return error instanceof Error ? error.name : "unknown";
}
