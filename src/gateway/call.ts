/** What the pipeline knows of one request while it lasts, and the record it leaves. */
import type { Endpoint } from "../catalog/catalog.ts";
import type { Clock } from "../kernel/clock.ts";
import type { GapuraError } from "../kernel/errors.ts";
import { newGenerationId } from "../kernel/ids.ts";
import { RunningAttempt } from "./attempts/running.ts";
import type { Bill } from "./bill.ts";
import type { ClientDialect } from "./canonical/dialects.ts";
import type { TokenUsage } from "./canonical/usage.ts";
import { type Charge, cacheDiscount, upstreamCost } from "./metering/charge.ts";
import { billedPartsOf } from "./metering/recompute.ts";
import { attribution, NO_REQUEST_NOTES, type RequestNotes } from "./metering/request-notes.ts";
import type { PayloadCapture } from "./payload/capture.ts";
import type { Origin } from "./policy/ip-allow/ip-allow.ts";
import type { RateTicket } from "./policy/rate-limit/rate-limits.ts";
import type { AttemptRecord, Hold, KeyRecord, Preset, UsageRecord } from "./ports.ts";
import type { CacheUse } from "./response-cache/cache-use.ts";
import type { RoutePlan } from "./router/route.ts";
import { TransportError } from "./transport/transport.ts";

export interface Call {
  requestId: string;
  /** Where it comes from, or "unknown": asked for while the connection is there, because who leaves takes it along. */
  address: string;
  /** The dialect in which it is answered, errors too. */
  client: ClientDialect;
  generationId: string;
  createdAt: number;
  startedMs: number;
  headers: Headers;
  /** What goes on upstream: one attempt, two while one of them is hedged. */
  running: RunningAttempt[];
  /** True once nothing goes on upstream any more: the client left, time is up, or the answer is complete. */
  isStopped: boolean;
  /** Why its key may not call any more; what the client is told then. */
  refusedBy: GapuraError | null;
  /** Ends a pause between two attempts. */
  wake: (() => void) | null;
  clientSignal: AbortSignal;
  key: KeyRecord | null;
  /** What the client named, best first; empty until the body is read. */
  modelsRequested: readonly string[];
  streamed: boolean;
  /** What the record tells of the body. */
  notes: RequestNotes;
  /** Null while payload logging is off. */
  payload: PayloadCapture | null;
  /** Null for a request that wants nothing of the response cache. */
  cache: CacheUse | null;
  /** The generation whose answer was given again. */
  cacheSourceId: string | null;
  /** The preset that filled in the request. */
  preset: Preset | null;
  /** The router that chose the model, such as "openrouter/auto". */
  router: string | null;
  /** Parameters of the request that the provider which answered has no word for. */
  dropped: readonly string[];
  /** Null until the route is planned. */
  plan: RoutePlan | null;
  /** What is set aside for it; null where nothing bounds it. */
  hold: Hold | null;
  /** What it has taken of the caps on the rate of calls; null where there are none. */
  ticket: RateTicket | null;
  /** How long the prompt is, for the case that nobody counts it. */
  promptBytes(): number;
  /** What it would owe if it ended now; null before an answer has begun. */
  billNow: (() => Bill) | null;
  attempts: AttemptRecord[];
  /** What the providers tried were sent, where the client asked to see it. */
  sentBodies: Uint8Array[];
  endpoint: Endpoint | null;
  /** Who has the request at this moment, and has not failed. */
  asking: readonly Endpoint[];
  /** When the attempt began that is answered. Monotonic. */
  answeringSinceMs: number | null;
  upstreamId: string | null;
  firstTokenMs: number | null;
  serviceTier: string | null;
  /** Pictures and sounds in the answer. */
  mediaCompletion: number;
}

/** How a call ended, and what it owes. */
export interface CallResult extends Pick<Bill, "usage" | "charge" | "costNano" | "settledAs"> {
  status: number;
  errorCode: string | null;
  cancelled: boolean;
  finishReason: string | null;
  nativeFinishReason: string | null;
}

export const NO_TOKENS: TokenUsage = {
  promptTokens: 0,
  cachedTokens: 0,
  cacheWriteTokens: 0,
  cacheWrite1hTokens: 0,
  audioPromptTokens: 0,
  imagePromptTokens: 0,
  videoPromptTokens: 0,
  cachedAudioTokens: 0,
  completionTokens: 0,
  reasoningTokens: 0,
  audioCompletionTokens: 0,
  imageCompletionTokens: 0,
  webSearches: 0,
  fileSearches: 0,
  estimated: false,
  reportedCostUsd: null,
};
/** Nothing was used, so nothing is owed: the one zero that needs no price. */
export const NO_CHARGE: Charge = { costNano: 0n, priceVersion: null };

export function openCall(
  request: Request,
  { arrival, client }: { arrival: Origin; client: ClientDialect },
  clock: Clock,
): Call {
  const createdAt = clock.nowMs();
  const clientSignal = request.signal;
  const call: Call = {
    requestId: arrival.requestId,
    address: arrival.clientAddress(),
    client,
    generationId: newGenerationId(createdAt),
    createdAt,
    startedMs: clock.monotonicMs(),
    headers: request.headers,
    running: [],
    isStopped: false,
    refusedBy: null,
    wake: null,
    clientSignal,
    key: null,
    modelsRequested: [],
    streamed: false,
    notes: NO_REQUEST_NOTES,
    payload: null,
    cache: null,
    cacheSourceId: null,
    preset: null,
    router: null,
    dropped: [],
    plan: null,
    hold: null,
    ticket: null,
    promptBytes: () => 0,
    billNow: null,
    attempts: [],
    sentBodies: [],
    endpoint: null,
    asking: [],
    answeringSinceMs: null,
    upstreamId: null,
    firstTokenMs: null,
    serviceTier: null,
    mediaCompletion: 0,
  };
  if (clientSignal.aborted) stopUpstream(call);
  else clientSignal.addEventListener("abort", () => stopUpstream(call), { once: true });
  return call;
}

/** Ends what goes on upstream, and lets nothing new begin. */
export function stopUpstream(call: Call): void {
  call.isStopped = true;
  for (const attempt of call.running) attempt.end(new TransportError("aborted", "the call is over"));
  call.running = [];
  call.wake?.();
}

/** It has ended already where the call is over. */
export function beginAttempt(call: Call): RunningAttempt {
  const attempt = new RunningAttempt();
  if (call.isStopped) attempt.end(new TransportError("aborted", "the call is over"));
  else call.running.push(attempt);
  return attempt;
}

export function endAttempt(call: Call, attempt: RunningAttempt, reason: TransportError): void {
  attempt.end(reason);
  call.running = call.running.filter((running) => running !== attempt);
}

/** Waits, but no longer than the call goes on. */
export function pauseIn(call: Call, pauseMs: number): Promise<void> {
  if (call.isStopped) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      call.wake = null;
      resolve();
    };
    const timer = setTimeout(end, pauseMs);
    call.wake = end;
  });
}

/** Milliseconds since the call began, whole. */
export function elapsedMs(call: Call, clock: Clock): number {
  return Math.round(clock.monotonicMs() - call.startedMs);
}

/** The record of a call whose key is known. */
export function usageRecord(call: Call, key: KeyRecord, result: CallResult & { latencyMs: number }): UsageRecord {
  return {
    id: call.generationId,
    requestId: call.requestId,
    createdAt: call.createdAt,
    userId: key.userId,
    keyId: key.id,
    apiType: call.client.apiType,
    modelRequested: call.modelsRequested[0] ?? "",
    model: call.endpoint?.modelId ?? null,
    provider: call.endpoint?.providerName ?? null,
    upstreamId: call.upstreamId,
    streamed: call.streamed,
    cancelled: result.cancelled,
    status: result.status,
    errorCode: result.errorCode,
    finishReason: result.finishReason,
    nativeFinishReason: result.nativeFinishReason,
    promptTokens: result.usage.promptTokens,
    completionTokens: result.usage.completionTokens,
    reasoningTokens: result.usage.reasoningTokens,
    cachedTokens: result.usage.cachedTokens,
    tokensEstimated: result.usage.estimated,
    costNano: result.costNano,
    settledAs: result.settledAs,
    priceVersion: result.charge.priceVersion,
    latencyMs: result.latencyMs,
    firstTokenMs: call.firstTokenMs,
    ...attribution(call.headers),
    attempts: call.attempts,
    cacheSourceId: call.cacheSourceId,
    presetId: call.preset?.id ?? null,
    router: call.router,
    providerSlug: call.endpoint?.providerSlug ?? null,
    ...call.notes,
    serviceTier: call.serviceTier,
    generationTimeMs: generationTimeMs(call, result),
    cacheWriteTokens: result.usage.cacheWriteTokens,
    imageCompletionTokens: result.usage.imageCompletionTokens,
    mediaCompletion: call.mediaCompletion,
    upstreamCostNano: upstreamCost(result.usage),
    cacheDiscountNano: cacheDiscount(
      result.usage,
      { ...result.charge, costNano: result.costNano },
      {
        price: call.endpoint?.price ?? null,
        atMs: call.createdAt,
      },
    ),
    billedParts: billedPartsOf(result.usage),
  };
}

/** The time of the provider that answered: what failed attempts before it took is not its. */
export function generationTimeMs(
  { answeringSinceMs, startedMs }: Call,
  { latencyMs }: { latencyMs: number },
): number | null {
  if (answeringSinceMs === null) return null;
  return Math.max(0, Math.round(latencyMs - (answeringSinceMs - startedMs)));
}
