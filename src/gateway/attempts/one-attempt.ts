/** One attempt at one endpoint with one credential: asked, judged, and written down. */
import type { Endpoint } from "../../catalog/catalog.ts";
import { GapuraError } from "../../kernel/errors.ts";
import type { AnswerTimeouts } from "../../kernel/timeouts.ts";
import { beginAttempt, type Call, endAttempt } from "../call.ts";
import type { Lease } from "../health/lease.ts";
import { type Verdict, verdictOf } from "../health/verdict.ts";
import type { PipelineDeps } from "../pipeline.ts";
import type { Outgoing, Prepared } from "../prepare.ts";
import type { ConnectedProvider } from "../providers/registry.ts";
import { readRefusal, refusalError, transportFailure } from "../providers/upstream-errors.ts";
import type { PlannedAttempt } from "../router/route.ts";
import type { RoutingWishes } from "../router/wishes.ts";
import { AnswerTooLong } from "../transport/bounded-text.ts";
import { TransportError } from "../transport/transport.ts";
import { type Asked, type Begun, openStream, readWhole, unreadable, type Whole } from "./beginning.ts";
import { patienceFor } from "./patience.ts";

/** Where an attempt goes, with what, and why. */
export interface Target {
  planned: PlannedAttempt;
  /** Of the plan. */
  endpoint: Endpoint;
  provider: ConnectedProvider;
  lease: Lease;
}

/** A provider that has begun to answer. The lease of a stream is still to be ended. */
export type Answered = Target & { patience: AnswerTimeouts } & (Whole | Begun);

export type AttemptEnd =
  | { kind: "answered"; answered: Answered }
  | { kind: "failed"; failure: GapuraError; verdict: Verdict }
  /** The client left, or the time for all attempts is up. */
  | { kind: "stopped"; failure: GapuraError };

/** Never rejects, unless the client has left. */
export async function oneAttempt(
  deps: PipelineDeps,
  call: Call,
  { outgoing, wishes, target }: { outgoing: Outgoing; wishes: RoutingWishes; target: Target },
): Promise<AttemptEnd> {
  const { endpoint, provider, lease } = target;
  const startedMs = deps.clock.monotonicMs();
  const patience = patienceFor(endpoint, provider.timeouts, deps.timeouts);
  const running = beginAttempt(call);
  const waitMs = outgoing.request.streamed ? patience.firstByteMs : patience.wholeAnswerMs;
  const deadline = { dueMs: startedMs + waitMs, onDue: () => endAttempt(call, running, tooLate()) };
  const sending: Sending = { isSent: false, statedSeconds: null };
  call.endpoint = endpoint;
  deps.deadlines.add(deadline);
  try {
    const prepared = prepare(deps, call, { outgoing, wishes, target });
    sending.isSent = true;
    // Whoever sends comments is at work.
    const onLife = () => {
      deadline.dueMs = Math.max(deadline.dueMs, deps.clock.monotonicMs() + patience.silenceMs);
    };
    const work = begin(deps, call, { outgoing, prepared, target, signal: running.signal, sending, onLife });
    const begun = await running.bounded(work, letGo);
    if (begun.kind === "stream") lease.began();
    else lease.answered();
    call.answeringSinceMs = startedMs;
    note(call, target, { status: 200, errorCode: null, latencyMs: deps.clock.monotonicMs() - startedMs });
    return { kind: "answered", answered: { ...target, patience, ...begun } };
  } catch (error) {
    endAttempt(call, running, tooLate());
    if (call.clientSignal.aborted) {
      lease.abandoned();
      throw error;
    }
    const failure = failureOf(call, endpoint.providerName, error);
    const verdict = sending.isSent && !call.isStopped && !isOurs(error) ? verdictOf(failure) : "none";
    lease.failed(verdict, sending.statedSeconds);
    const latencyMs = deps.clock.monotonicMs() - startedMs;
    const status = Number(failure.metadata?.upstream_status ?? 0);
    note(call, target, { status, errorCode: failure.code, latencyMs });
    const { requestId } = call;
    const reason = reasonOf(error);
    deps.log.warn("provider.failed", { provider: provider.adapter.descriptor.slug, status, requestId, reason });
    return call.isStopped ? { kind: "stopped", failure } : { kind: "failed", failure, verdict };
  } finally {
    deps.deadlines.remove(deadline);
  }
}

function tooLate(): TransportError {
  return new TransportError("timeout", "no answer in time");
}

/** For an answer that comes when nobody waits for it any more. */
function letGo(begun: Whole | Begun): void {
  if (begun.kind === "stream") void begun.events.close();
}

/** Throws GapuraError: invalid_field, endpoint_unsuitable, parameters_unsupported. */
function prepare(
  deps: PipelineDeps,
  call: Call,
  { outgoing, wishes, target }: { outgoing: Outgoing; wishes: RoutingWishes; target: Target },
): Prepared {
  const { planned, endpoint, provider } = target;
  const prepared = outgoing.prepare(provider.adapter, { endpoint, asked: planned.asked, wishes });
  const { dropped } = prepared;
  // Wishes about providers are the gateway's to obey, not parameters of theirs.
  const parameters = dropped.filter((name) => !name.startsWith("provider."));
  if (parameters.length > 0 && wishes.requireParameters) {
    const values = { model: endpoint.modelId, provider: endpoint.providerName, parameters: parameters.join(", ") };
    throw new GapuraError("parameters_unsupported", { values });
  }
  call.dropped = dropped;
  if (outgoing.request.wantsEcho) call.sentBodies.push(prepared.body);
  if (dropped.length > 0) {
    const reason = dropped.join(", ");
    deps.log.warn("parameters.dropped", { provider: endpoint.providerSlug, requestId: call.requestId, reason });
  }
  return prepared;
}

/** How far it has come. */
interface Sending {
  isSent: boolean;
  /** The wait that a refusal asked for. */
  statedSeconds: number | null;
}

interface Ready {
  outgoing: Outgoing;
  prepared: Prepared;
  target: Target;
  signal: AbortSignal;
  sending: Sending;
  onLife: () => void;
}

async function begin(deps: PipelineDeps, call: Call, attempt: Ready): Promise<Whole | Begun> {
  const { outgoing, prepared, target, signal, sending, onLife } = attempt;
  const { endpoint, provider, lease } = target;
  const { secret } = lease.credential;
  const { streamed } = outgoing.request;
  const { upstream, body } = prepared;
  const answer = await provider.adapter.send({
    dialect: upstream.name,
    upstreamModel: endpoint.upstreamModel,
    body,
    streamed,
    credential: secret,
    clientHeaders: call.headers,
    signal,
  });
  if (!answer.ok) {
    const refusal = await readRefusal(answer, secret, deps.clock.nowMs());
    sending.statedSeconds = refusal.retryAfterSeconds;
    throw refusalError(endpoint.providerName, refusal);
  }
  const asked: Asked = { outgoing, upstream, endpoint, secret };
  return streamed ? openStream(asked, answer, onLife) : readWhole(asked, answer);
}

function failureOf(call: Call, provider: string, error: unknown): GapuraError {
  if (error instanceof GapuraError) return error;
  // Not the client, so it was the time for all attempts that ended this one.
  if (call.isStopped) return transportFailure(provider, new TransportError("timeout", "deadline", error));
  if (error instanceof TransportError) return transportFailure(provider, error);
  if (error instanceof AnswerTooLong) return unreadable(provider);
  return new GapuraError("provider_unavailable", {
    values: { provider },
    metadata: { provider_name: provider },
    cause: error,
  });
}

/** True for what a request may have brought about in this program, which says nothing about the provider. */
function isOurs(error: unknown): boolean {
  if (error instanceof AnswerTooLong) return true;
  return (error instanceof TypeError || error instanceof RangeError) && !("code" in error);
}

function note(
  call: Call,
  { planned, endpoint, provider, lease }: Target,
  end: { status: number; errorCode: string | null; latencyMs: number },
): void {
  call.attempts.push({
    provider: endpoint.providerSlug,
    providerName: endpoint.providerName,
    model: endpoint.modelId,
    credential: provider.credentials.length > 1 ? lease.credential.id : null,
    status: end.status,
    latencyMs: Math.round(end.latencyMs),
    reason: planned.reason,
    errorCode: end.errorCode,
    hedged: false,
    costNano: null,
  });
}

function reasonOf(error: unknown): string {
  if (error instanceof GapuraError) return error.code;
  if (error instanceof TransportError) return `${error.kind}: ${error.message}`;
  return error instanceof Error ? error.name : "unknown";
}
