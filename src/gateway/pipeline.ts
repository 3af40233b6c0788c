/**
 * The life of a request for an answer, in order: whose key, what body, which endpoints, first answer, relay, record.
 *
 * Invariants: any refusal happens before a byte goes upstream; the usage record is durable before the answer ends; a
 * client that leaves stops the provider; whatever goes wrong is answered from the error table, in the client's dialect.
 * The key is checked before the body is read, so that nobody without a key can make the gateway hold ten megabytes.
 */
import type { Clock } from "../kernel/clock.ts";
import { GapuraError } from "../kernel/errors.ts";
import type { Timeouts } from "../kernel/timeouts.ts";
import { newTranslator } from "./attempts/beginning.ts";
import { firstAnswer } from "./attempts/first-answer.ts";
import type { Answered } from "./attempts/one-attempt.ts";
import { type Bill, billFor, certainNano, type Ended, nothingOwed } from "./bill.ts";
import { type Call, type CallResult, elapsedMs, openCall, stopUpstream } from "./call.ts";
import type {
  AnswerIdentity,
  AnswerNotes,
  Billed,
  ClientDialect,
  ModelHints,
  StreamTranslator,
} from "./canonical/dialects.ts";
import type { Closing, Stoppable } from "./closing.ts";
import type { Deadline, Deadlines } from "./deadlines.ts";
import type { Health } from "./health/health.ts";
import type { StreamEnd } from "./health/lease.ts";
import { completedBody } from "./ingress/presets.ts";
import { type BodyLimits, readJsonBody } from "./ingress/read-body.ts";
import { describe, keep, requireStorage } from "./keep-record.ts";
import { askedSize } from "./metering/asked-size.ts";
import type { PriceKeeper } from "./metering/price-keeper.ts";
import { promptLength } from "./metering/prompt-length.ts";
import { requestNotes } from "./metering/request-notes.ts";
import { type CallEnd, CUT } from "./metering/settlement.ts";
import { StreamMeter } from "./metering/stream-meter.ts";
import { PayloadCapture } from "./payload/capture.ts";
import { planCall } from "./plan-call.ts";
import type { Budget } from "./policy/budget/budget.ts";
import { type Origin, requireAddress } from "./policy/ip-allow/ip-allow.ts";
import { identifyCaller, type MeantKey, requireKind } from "./policy/key-auth/key-auth.ts";
import type { KeyCache } from "./policy/key-auth/key-cache.ts";
import type { OpenCalls } from "./policy/key-auth/open-calls.ts";
import type { RateLimits } from "./policy/rate-limit/rate-limits.ts";
import type { AlertSink, GatewayLog, Ledger, PayloadSink, PresetSource, UsageSink } from "./ports.ts";
import { Outgoing } from "./prepare.ts";
import type { ProviderRegistry } from "./providers/registry.ts";
import { withoutKeys } from "./providers/upstream-errors.ts";
import { refusalContext } from "./refusal-context.ts";
import type { StreamKeeper } from "./relay/stream-keeper.ts";
import { relayStream, type StreamOutcome } from "./relay/stream-relay.ts";
import { eventStream, json } from "./replies.ts";
import { beginReplay, cacheUse, keepForLater, noteSent } from "./response-cache/of-call.ts";
import { streamOf } from "./response-cache/replay.ts";
import type { ResponseCache, StoredAnswer } from "./response-cache/response-cache.ts";
import { routeMetadata, withMetadata } from "./route-metadata.ts";
import type { RoutingDeps } from "./router/plan.ts";
import { setAside } from "./set-aside.ts";
import { isEndedHere, keeperOf } from "./watched-stream.ts";

export interface PipelineDeps extends RoutingDeps {
  clock: Clock;
  keys: KeyCache;
  rates: RateLimits;
  budget: Budget;
  /** Where running answers mark what they have cost, and whether anything can be recorded. */
  ledger: Pick<Ledger, "progress" | "trouble">;
  providers: ProviderRegistry;
  responses: ResponseCache;
  health: Health;
  usage: UsageSink;
  prices: PriceKeeper;
  /** Null while payload logging is off. */
  payloads: PayloadSink | null;
  /** Null where nobody can have any. */
  presets: PresetSource | null;
  keeper: StreamKeeper;
  openCalls: OpenCalls;
  alerts: AlertSink;
  closing: Closing;
  log: GatewayLog;
  limits: BodyLimits;
  timeouts: Timeouts;
  deadlines: Deadlines;
  /** Whether a second provider is asked beside a slow one; `request`: where a request asks for it. */
  hedging: "off" | "request" | "always";
  hints: ModelHints & RoutingDeps["hints"];
  /** Headers of every answer: security, CORS. */
  headers: Record<string, string>;
}

/** The status a client that left is recorded with; nobody ever sees it on the wire. */
const CLIENT_CLOSED_REQUEST = 499;

/** What the listener knows of a request and can do for it. */
export interface Arrival extends Origin, MeantKey {
  /** Asks for patience with the client's connection, on which nothing may move for longer than on others. */
  waitLong(isWaiting: boolean): void;
  /** Closes the client's connection without a word. */
  hangUp(): void;
}

/** One request in one of the client dialects. Never rejects. */
export async function answerCall(
  deps: PipelineDeps,
  request: Request,
  { client, arrival }: { client: ClientDialect; arrival: Arrival },
): Promise<Response> {
  const call = openCall(request, { arrival, client }, deps.clock);
  const stop = () => stopUpstream(call);
  const deadline: Deadline = { dueMs: call.startedMs + deps.timeouts.answerMs, onDue: stop };
  const stoppable: Stoppable = { stop };
  deps.deadlines.add(deadline);
  deps.closing.add(stoppable);
  let isRelayed = false;
  let leave = () => {};
  try {
    const identified = identifyCaller(arrival, client.authorization(call.headers), deps);
    const key = requireKind(identified instanceof Promise ? await identified : identified, "inference");
    // A call that cannot be recorded is refused before anybody works for it; nothing is waited for to record that.
    requireStorage(deps.ledger);
    call.key = requireAddress(key, arrival, deps);
    leave = deps.openCalls.add(key, (error) => {
      call.refusedBy = error;
      stop();
    });
    const admitted = deps.rates.admit(call.key);
    call.ticket = admitted instanceof Promise ? await admitted : admitted;
    const { userId } = call.key;
    const sent = await readJsonBody(request, deps.limits);
    const filled = completedBody(sent, deps, { userId, dialect: client.name });
    const { body, preset, presetWishes } = filled instanceof Promise ? await filled : filled;
    call.preset = preset;
    const asked = client.read(body, deps.hints);
    call.client = asked.answeredAs ?? client;
    const outgoing = new Outgoing(call.client, asked);
    call.notes = requestNotes(body.value, call.headers);
    call.promptBytes = once(() => promptLength(body));
    call.payload = deps.payloads === null ? null : new PayloadCapture(body.value);
    call.modelsRequested = outgoing.request.models;
    call.streamed = outgoing.request.streamed;
    call.cache = cacheUse(deps.responses, call, outgoing);
    const kept = call.cache?.find() ?? null;
    if (kept) return await answerAgain(deps, call, { kept, arrival });
    const size = once(() => askedSize(body, { apiType: call.client.apiType, hasMedia: call.notes.mediaPrompt > 0 }));
    const reserving = call.ticket?.reserveTokens(size().likelyTokens, size().maxOutputTokens);
    if (reserving) await reserving;
    arrival.waitLong(true);
    const planning = planCall(deps, call, { request: outgoing.request, key: call.key, presetWishes });
    const plan = planning instanceof Promise ? await planning : planning;
    const withinBudget = setAside(deps, call, { key: call.key, plan, asked: size });
    if (withinBudget) await withinBudget;
    const answered = await firstAnswer(deps, call, { outgoing, plan: call.plan ?? plan });
    if (answered.kind !== "stream") return await wholeAnswer(deps, call, { ...answered, outgoing });
    const streaming = streamAnswer(deps, call, { ...answered, outgoing, arrival });
    isRelayed = true;
    return streaming;
  } catch (error) {
    return refuse(deps, call, error);
  } finally {
    deps.deadlines.remove(deadline);
    deps.closing.remove(stoppable);
    leave();
    // The relay itself looks after both ends of a stream.
    if (!isRelayed) arrival.waitLong(false);
  }
}

function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** An answer that was kept: nobody is asked, and nothing is owed. Its record is durable before it begins. */
async function answerAgain(
  deps: PipelineDeps,
  call: Call,
  { kept, arrival }: { kept: StoredAnswer; arrival: Arrival },
): Promise<Response> {
  call.firstTokenMs = elapsedMs(call, deps.clock);
  const replay = beginReplay(call, kept, identityOf(call));
  const { finishReason, nativeFinishReason } = kept;
  const end = { status: 200, errorCode: null, cancelled: false, finishReason, nativeFinishReason };
  await keep(deps, call, { ...end, ...nothingOwed("cached") });
  if (replay.kind === "whole") return json(deps, call, { status: 200, body: replay.body });
  const watch = { keeper: keeperOf(deps, call), clock: deps.clock, hangUp: () => arrival.hangUp() };
  return eventStream(deps, call, streamOf(replay.frames, watch));
}

type Whole = Extract<Answered, { kind: "whole" }> & { outgoing: Outgoing };
type Streamed = Extract<Answered, { kind: "stream" }> & { outgoing: Outgoing };

async function wholeAnswer(deps: PipelineDeps, call: Call, answered: Whole): Promise<Response> {
  const { outgoing, notes } = answered;
  const { client, request } = outgoing;
  noteAnswer(call, notes);
  call.firstTokenMs = elapsedMs(call, deps.clock);
  const { endpoint, provider } = answered;
  const bill = billFor(call, { outcome: "answered", endpoint, reportsCost: provider.reportsCost, notes });
  const billed = { ...bill, completedSeconds: Math.floor(deps.clock.nowMs() / 1000) };
  const context = { identity: identityOf(call), request, billed };
  const body = answered.answer
    ? client.native.finishAnswer(answered.answer, context)
    : (client.canonical?.answer(answered.events, context) ?? {});
  call.payload?.answered(body);
  const { finishReason, nativeFinishReason } = notes;
  const end = { status: 200, errorCode: null, cancelled: false, finishReason, nativeFinishReason, ...billed };
  await keep(deps, call, end);
  if (call.cache !== null) keepForLater(call, JSON.stringify(body), end);
  return json(deps, call, { status: 200, body: withRoute(deps, call, body) });
}

/** The answer or error, with how it was routed where the request asks for that. */
function withRoute({ clock }: PipelineDeps, call: Call, body: object): object {
  const metadata = routeMetadata(call, elapsedMs(call, clock));
  return metadata === undefined ? body : { ...body, openrouter_metadata: metadata };
}

function streamAnswer(deps: PipelineDeps, call: Call, answered: Streamed & { arrival: Arrival }): Response {
  const identity = identityOf(call);
  const stream = newTranslator(answered.outgoing, answered.upstream, identity);
  const { client } = answered.outgoing;
  const { endpoint, provider } = answered;
  const billOf = (outcome: CallEnd["outcome"]) =>
    billFor(call, { outcome, endpoint, reportsCost: provider.reportsCost, notes: stream });
  call.billNow = () => billOf("interrupted");
  const meter = meterOf(deps, call, { endpoint, reportsCost: provider.reportsCost, notes: stream });
  const body = relayStream({
    stream,
    prelude: call.sentBodies
      .map((sent, index, all) =>
        client.echo?.(identity, JSON.parse(new TextDecoder().decode(sent)), all.length - 1 - index),
      )
      .join(""),
    firstBatch: answered.firstBatch,
    nextBatch: () => answered.events.nextBatch(),
    stopUpstream: () => {
      stopUpstream(call);
      void answered.events.close();
    },
    hangUp: () => answered.arrival.hangUp(),
    onOver: () => answered.arrival.waitLong(false),
    clientSignal: call.clientSignal,
    keeper: keeperOf(deps, call),
    silenceLimitMs: answered.patience.silenceMs,
    clock: deps.clock,
    provider: identity.provider,
    onFirstToken: () => {
      call.firstTokenMs = elapsedMs(call, deps.clock);
    },
    isSpent: meter && (() => meter.isSpent()),
    onSent: call.payload === null && call.cache === null ? undefined : (frames) => noteSent(call, frames),
    finish: (frames) => {
      const metadata = routeMetadata(call, elapsedMs(call, deps.clock));
      return metadata === undefined ? frames : withMetadata(frames, metadata);
    },
    onEnd: (frames) => keepForLater(call, frames, stream),
    withoutKeys: (message) => withoutKeys(message, answered.lease.credential.secret),
    settle: async (outcome) => {
      noteAnswer(call, stream);
      if (outcome.kind === "failed") call.payload?.failed(outcome.error, identity.provider);
      const bill = billOf(outcomeOf(outcome));
      const billed = { ...bill, completedSeconds: Math.floor(deps.clock.nowMs() / 1000) };
      answered.lease.ended(streamEndOf(deps, call, { outcome, stream, billed }));
      await keep(deps, call, { ...billed, ...endOf(stream, outcome) });
      return billed;
    },
  });
  return eventStream(deps, call, body);
}

/** What the end of a stream says about its provider. */
function streamEndOf(
  { clock }: PipelineDeps,
  call: Call,
  { outcome, stream, billed }: { outcome: StreamOutcome; stream: StreamTranslator; billed: Billed },
): StreamEnd {
  if (outcome.kind === "cancelled" || outcome.kind === "cut") return { kind: "cancelled" };
  // Only the codes of this family are about the provider.
  if (outcome.kind === "failed") return { kind: outcome.error.code.startsWith("provider_") ? "failed" : "cancelled" };
  if (stream.finishReason === "error") return { kind: "failed" };
  const waitedMs = (call.answeringSinceMs ?? call.startedMs) - call.startedMs;
  const totalMs = elapsedMs(call, clock) - waitedMs;
  const firstTokenMs = (call.firstTokenMs ?? elapsedMs(call, clock)) - waitedMs;
  return { kind: "complete", tokens: billed.usage.completionTokens, firstTokenMs, totalMs };
}

function noteAnswer(call: Call, { upstreamId, serviceTier, mediaCount }: Omit<AnswerNotes, "usage">): void {
  call.upstreamId = upstreamId;
  call.serviceTier = serviceTier ?? null;
  call.mediaCompletion = mediaCount ?? 0;
}

/** How the call ended, as the settlement sees it. */
function outcomeOf(outcome: StreamOutcome): CallEnd["outcome"] {
  switch (outcome.kind) {
    case "complete":
      return "answered";
    case "cancelled":
      return "left";
    case "cut":
      return "cut";
    case "failed":
      return isEndedHere(outcome.error) ? "interrupted" : "failed";
  }
}

/** Undefined for a call that nothing bounds: its stream is not watched. */
function meterOf(deps: PipelineDeps, call: Call, metered: Omit<Ended, "outcome">): StreamMeter | undefined {
  const { hold } = call;
  if (hold === null) return undefined;
  const running = { ...metered, outcome: "interrupted" } as const;
  return new StreamMeter({
    grantedNano: hold.grantedNano,
    textLength: () => metered.notes.textLength,
    costNano: () => billFor(call, running).costNano,
    certainNano: () => certainNano(call, running),
    progress: (costNano) => deps.ledger.progress(hold, costNano),
    monotonicMs: () => deps.clock.monotonicMs(),
  });
}

type End = Omit<CallResult, keyof Bill>;

function endOf(stream: StreamTranslator, outcome: StreamOutcome): End {
  const { finishReason, nativeFinishReason } = stream;
  if (outcome.kind === "cut") {
    return { status: 200, errorCode: null, cancelled: false, finishReason: "length", nativeFinishReason: CUT };
  }
  if (outcome.kind === "failed") {
    return { status: 200, errorCode: outcome.error.code, cancelled: false, finishReason: "error", nativeFinishReason };
  }
  const cancelled = outcome.kind === "cancelled";
  return {
    status: cancelled ? CLIENT_CLOSED_REQUEST : 200,
    errorCode: outcome.kind === "cancelled" && outcome.wasSlow ? "client_too_slow" : null,
    cancelled,
    finishReason,
    nativeFinishReason,
  };
}

/** Answers a refusal or failure. Its record is kept when the key is known; that it was kept is not waited for in vain. */
async function refuse(deps: PipelineDeps, call: Call, caught: unknown): Promise<Response> {
  stopUpstream(call);
  call.cache = null;
  const cancelled = call.clientSignal.aborted;
  const error = call.refusedBy ?? deps.closing.reason ?? asGapuraError(call, caught);
  if (error.code === "internal")
    deps.log.warn("pipeline.failed", { requestId: call.requestId, reason: describe(caught) });
  const result: CallResult = {
    status: cancelled ? CLIENT_CLOSED_REQUEST : error.status,
    errorCode: cancelled ? null : error.code,
    cancelled,
    finishReason: null,
    nativeFinishReason: null,
    ...billOfNone(call, cancelled),
  };
  if (!cancelled) call.payload?.failed(error, call.endpoint?.providerName ?? null);
  await keep(deps, call, result).catch(() => {
    deps.log.warn("usage.lost", { requestId: call.requestId, reason: "a refusal could not be recorded" });
  });
  const { status } = error;
  const context = refusalContext(error, call, deps.hints.modelsUrl);
  const body = withRoute(deps, call, call.client.errorBody(error, call.requestId, context));
  return json(deps, call, { status, body, error });
}

/** Nothing reached the client. Who left while a provider had the request is charged for the prompt that it read. */
function billOfNone(call: Call, hasLeft: boolean): Bill {
  const [endpoint] = call.asking;
  if (!hasLeft) return nothingOwed("refused");
  if (endpoint === undefined) return nothingOwed("not_sent");
  const notes = { usage: undefined, textLength: 0, finishReason: null };
  return billFor(call, { outcome: "left", endpoint, reportsCost: false, notes });
}

function asGapuraError(call: Call, caught: unknown): GapuraError {
  if (caught instanceof GapuraError) return caught;
  return new GapuraError("internal", { values: { requestId: call.requestId }, cause: caught });
}

function identityOf(call: Call): AnswerIdentity {
  return {
    generationId: call.generationId,
    model: call.endpoint?.modelId ?? call.modelsRequested[0] ?? "",
    provider: call.endpoint?.providerName ?? "",
    createdSeconds: Math.floor(call.createdAt / 1000),
    requestId: call.requestId,
  };
}
