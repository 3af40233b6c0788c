/** One attempt at one endpoint with one credential: asked, judged, and written down. */
import type { Endpoint } from "../../catalog/catalog.ts";
import { GapuraError } from "../../kernel/errors.ts";
import type { AnswerTimeouts } from "../../kernel/timeouts.ts";
import { type Call, endAttempt } from "../call.ts";
import type { Deadline } from "../deadlines.ts";
import type { Lease } from "../health/lease.ts";
import { type Verdict, verdictOf } from "../health/verdict.ts";
import type { PipelineDeps } from "../pipeline.ts";
import type { AttemptRecord } from "../ports.ts";
import type { Outgoing, Prepared } from "../prepare.ts";
import type { ConnectedProvider } from "../providers/registry.ts";
import { readRefusal, refusalError, transportFailure } from "../providers/upstream-errors.ts";
import type { PlannedAttempt } from "../router/route.ts";
import type { RoutingWishes } from "../router/wishes.ts";
import { AnswerTooLong } from "../transport/bounded-text.ts";
import type { StopSignal } from "../transport/stop-signal.ts";
import { TransportError } from "../transport/transport.ts";
import { type Asked, type Begun, openStream, readWhole, unreadable, type Whole } from "./beginning.ts";
import type { Opening } from "./hold-back.ts";
import { patienceFor } from "./patience.ts";
import type { RunningAttempt } from "./running.ts";

/** Where an attempt goes, with what, and why. */
export interface Target {
  planned: PlannedAttempt;
  /** Of the plan. */
  endpoint: Endpoint;
  provider: ConnectedProvider;
  lease: Lease;
  /** True for a second attempt beside another. */
  isHedge: boolean;
}

/** A provider that has begun to answer. The lease of a stream is still to be ended. */
export type Answered = Target & {
  patience: AnswerTimeouts;
  /** Parameters that it has no word for. */
  dropped: readonly string[];
  /** When it was asked. Monotonic. */
  startedMs: number;
  record: AttemptRecord;
} & (Whole | Begun);

export type AttemptEnd =
  | { kind: "answered"; answered: Answered }
  | { kind: "failed"; failure: GapuraError; verdict: Verdict }
  /** The client left, or the time for all attempts is up. */
  | { kind: "stopped"; failure: GapuraError };

/** Never rejects. */
export async function oneAttempt(
  deps: PipelineDeps,
  call: Call,
  { outgoing, wishes, target, running }: Attempting,
): Promise<AttemptEnd> {
  const { endpoint, provider, lease } = target;
  const startedMs = deps.clock.monotonicMs();
  const patience = patienceFor(endpoint, provider.timeouts, deps.timeouts);
  const waitMs = outgoing.request.streamed ? patience.firstByteMs : patience.wholeAnswerMs;
  const deadline: Deadline = { dueMs: startedMs + waitMs, onDue: () => endAttempt(call, running, tooLate()) };
  const sending: Sending = { isSent: false, statedSeconds: null };
  call.endpoint = endpoint;
  deps.deadlines.add(deadline);
  try {
    const prepared = prepare(deps, call, { outgoing, wishes, target });
    sending.isSent = true;
    call.asking = call.asking.length === 0 ? [endpoint] : [...call.asking, endpoint];
    const opening = openingOf(deps, deadline, patience);
    const work = begin(deps, call, { outgoing, prepared, target, signal: running.signal, sending, opening });
    const begun = await running.bounded(work, letGo);
    if (begun.kind === "stream") lease.began();
    else lease.answered();
    const record = note(deps, call, { target, startedMs, status: 200, errorCode: null, costNano: null });
    const { dropped } = prepared;
    return { kind: "answered", answered: { ...target, patience, dropped, startedMs, record, ...begun } };
  } catch (error) {
    endAttempt(call, running, tooLate());
    return failed(deps, call, { target, running, sending, startedMs, error });
  } finally {
    deps.deadlines.remove(deadline);
  }
}

interface Attempting {
  outgoing: Outgoing;
  wishes: RoutingWishes;
  target: Target;
  running: RunningAttempt;
}

interface Failing extends Pick<Attempting, "target" | "running"> {
  sending: Sending;
  startedMs: number;
  error: unknown;
}

/** Judges a failure, reports it and writes it down. */
function failed(deps: PipelineDeps, call: Call, failing: Failing): AttemptEnd {
  const { target, running, sending, startedMs, error } = failing;
  const { endpoint, provider, lease } = target;
  const failure = failureOf(call, endpoint.providerName, error);
  // Who leaves has left all of them while they had the request.
  if (!call.clientSignal.aborted) call.asking = call.asking.filter((one) => one !== endpoint);
  const isAbandoned = running.isLost || call.clientSignal.aborted;
  if (isAbandoned) lease.abandoned();
  if (running.isLost) {
    note(deps, call, { target, startedMs, status: 0, errorCode: null, costNano: running.lostCostNano });
    return { kind: "failed", failure, verdict: "none" };
  }
  if (isAbandoned) return { kind: "stopped", failure };
  const verdict = sending.isSent && !call.isStopped && !isOurs(error) ? verdictOf(failure) : "none";
  lease.failed(verdict, sending.statedSeconds);
  const status = Number(failure.metadata?.upstream_status ?? 0);
  note(deps, call, { target, startedMs, status, errorCode: failure.code, costNano: null });
  const { slug } = provider.adapter.descriptor;
  deps.log.warn("provider.failed", { provider: slug, status, requestId: call.requestId, reason: reasonOf(error) });
  return call.isStopped ? { kind: "stopped", failure } : { kind: "failed", failure, verdict };
}

function openingOf({ clock, deadlines }: PipelineDeps, deadline: Deadline, { silenceMs }: AnswerTimeouts): Opening {
  return {
    // Whoever sends comments is at work.
    onLife: () => {
      deadline.dueMs = Math.max(deadline.dueMs, clock.monotonicMs() + silenceMs);
    },
    // From here on a stream counts as one that has begun: it may be silent for so long, and no longer.
    onEmptyEvent: () => {
      deadline.dueMs = clock.monotonicMs() + silenceMs;
    },
    later: (waitMs, onDue) => {
      const hold: Deadline = { dueMs: clock.monotonicMs() + waitMs, onDue };
      deadlines.add(hold);
      return () => deadlines.remove(hold);
    },
  };
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
  const { endpoint, provider } = target;
  const { asked, answerTokens } = target.planned;
  const prepared = outgoing.prepare(provider.adapter, { endpoint, asked, wishes, answerTokens });
  const { dropped } = prepared;
  // Wishes about providers are the gateway's to obey, not parameters of theirs.
  const parameters = dropped.filter((name) => !name.startsWith("provider."));
  if (parameters.length > 0 && wishes.requireParameters) {
    const values = { model: endpoint.modelId, provider: endpoint.providerName, parameters: parameters.join(", ") };
    throw new GapuraError("parameters_unsupported", { values });
  }
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
  signal: StopSignal;
  sending: Sending;
  opening: Opening;
}

async function begin(deps: PipelineDeps, call: Call, attempt: Ready): Promise<Whole | Begun> {
  const { outgoing, prepared, target, signal, sending, opening } = attempt;
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
  return streamed ? await openStream(asked, answer, opening) : await readWhole(asked, answer);
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

interface Noted extends Pick<AttemptRecord, "status" | "errorCode" | "costNano"> {
  target: Target;
  startedMs: number;
}

function note({ clock }: PipelineDeps, call: Call, { target, startedMs, ...end }: Noted): AttemptRecord {
  const { planned, endpoint, provider, lease } = target;
  const record = {
    provider: endpoint.providerSlug,
    providerName: endpoint.providerName,
    model: endpoint.modelId,
    credential: provider.credentials.length > 1 ? lease.credential.id : null,
    latencyMs: Math.round(clock.monotonicMs() - startedMs),
    startedMs: Math.max(0, Math.round(startedMs - call.startedMs)),
    reason: planned.reason,
    why: planned.why,
    hedged: target.isHedge,
    ...end,
  };
  // Of two beside each other the one that began later may end first.
  const all = [...call.attempts, record];
  call.attempts = all.length === 1 ? all : all.toSorted((a, b) => (a.startedMs ?? 0) - (b.startedMs ?? 0));
  return record;
}

function reasonOf(error: unknown): string {
  if (error instanceof GapuraError) return error.code;
  if (error instanceof TransportError) return `${error.kind}: ${error.message}`;
  return error instanceof Error ? error.name : "unknown";
}
