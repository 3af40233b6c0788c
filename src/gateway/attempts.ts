/**
 * Tries the routed endpoints in order until one begins to answer. Only failures before the first byte to the client
 * move on to the next; what is wrong with the request itself is told at once.
 */
import type { Endpoint } from "../catalog/catalog.ts";
import { GapuraError } from "../kernel/errors.ts";
import { type JsonObject, stringField } from "../kernel/json.ts";
import type { Secret } from "../kernel/secret.ts";
import type { Call } from "./call.ts";
import { isCompletion } from "./ingress/openai-chat/answer.ts";
import { type ChatRequest, upstreamBody } from "./ingress/openai-chat/request.ts";
import { ChatStream } from "./ingress/openai-chat/stream.ts";
import { parseUpstreamJson } from "./ingress/upstream-json.ts";
import type { PipelineDeps } from "./pipeline.ts";
import type { ConnectedProvider } from "./providers/registry.ts";
import {
  isWorthAnother,
  readRefusal,
  refusalError,
  transportFailure,
  withoutKeys,
} from "./providers/upstream-errors.ts";
import { UpstreamEvents } from "./relay/upstream-events.ts";
import { AnswerTooLong, boundedText } from "./transport/bounded-text.ts";
import { TransportError } from "./transport/transport.ts";

/** A provider that has begun to answer. */
export type Answered = { endpoint: Endpoint; provider: ConnectedProvider } & (
  | { kind: "whole"; answer: JsonObject }
  | { kind: "stream"; events: UpstreamEvents; firstBatch: string[] }
);

/** An answer that is not streamed may be this long. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** Resolves with the first good beginning. Throws the last failure as GapuraError. */
export async function firstAnswer(
  deps: PipelineDeps,
  call: Call,
  { chat, endpoints }: { chat: ChatRequest; endpoints: readonly Endpoint[] },
): Promise<Answered> {
  let failure: GapuraError | undefined;
  for (const endpoint of endpoints) {
    const provider = deps.providers.get(endpoint.providerSlug);
    if (!provider) continue;
    call.endpoint = endpoint;
    const startedMs = deps.clock.monotonicMs();
    try {
      const answered = await tryEndpoint(deps, call, { chat, endpoint, provider });
      noteAttempt(call, endpoint, { status: 200, latencyMs: deps.clock.monotonicMs() - startedMs });
      return answered;
    } catch (error) {
      if (call.clientSignal.aborted) throw error;
      failure = failureOf(call, endpoint.providerName, error);
      const status = Number(failure.metadata?.upstream_status ?? 0);
      noteAttempt(call, endpoint, { status, latencyMs: deps.clock.monotonicMs() - startedMs });
      deps.log.warn("provider.failed", {
        provider: endpoint.providerSlug,
        status,
        requestId: call.requestId,
        reason: reasonOf(error),
      });
      // Aborted before it is ended here: the total deadline has passed, and no other attempt has any time left.
      if (call.upstream.signal.aborted || !isWorthAnother(failure)) break;
      call.upstream.abort();
      call.upstream = new AbortController();
    }
  }
  throw failure ?? new GapuraError("provider_unavailable", { values: { provider: "The provider" } });
}

async function tryEndpoint(
  deps: PipelineDeps,
  call: Call,
  { chat, endpoint, provider }: { chat: ChatRequest; endpoint: Endpoint; provider: ConnectedProvider },
): Promise<Answered> {
  const target = { endpoint, provider };
  const { adapter, credential } = provider;
  const body = upstreamBody(chat, {
    upstreamModel: endpoint.upstreamModel,
    dropsFields: adapter.descriptor.dropsFields,
  });
  const signal = call.upstream.signal;
  const answer = await adapter.send({
    upstreamModel: endpoint.upstreamModel,
    body,
    streamed: chat.streamed,
    credential,
    signal,
  });
  if (!answer.ok) throw refusalError(endpoint.providerName, await readRefusal(answer, credential, deps.clock.nowMs()));
  if (chat.streamed) return { ...target, kind: "stream", ...(await openStream(endpoint, answer, credential)) };
  return { ...target, kind: "whole", answer: await readAnswer(endpoint, answer) };
}

async function readAnswer(endpoint: Endpoint, answer: Response): Promise<JsonObject> {
  const parsed = parseUpstreamJson(await boundedText(answer, MAX_ANSWER_BYTES));
  if (!parsed.ok || !isCompletion(parsed.value)) throw unreadable(endpoint.providerName);
  return parsed.value;
}

/** Waits for the first event, so that a provider that fails at once can still be answered with a real status. */
async function openStream(
  endpoint: Endpoint,
  answer: Response,
  credential: Secret | null,
): Promise<{ events: UpstreamEvents; firstBatch: string[] }> {
  const type = answer.headers.get("content-type") ?? "";
  if (answer.body === null || !type.includes("text/event-stream")) throw unreadable(endpoint.providerName);
  const events = new UpstreamEvents(answer.body);
  let firstBatch = await events.nextBatch();
  while (firstBatch?.length === 0) firstBatch = await events.nextBatch();
  const first = firstBatch?.[0];
  if (firstBatch === null || first === undefined) throw unreadable(endpoint.providerName);
  // A throw-away reader: whether the first event is a failure must be known before the real stream begins.
  const step = new ChatStream({ generationId: "", model: "", provider: "", createdSeconds: 0 }).accept(first);
  if (step.kind === "chunk" || step.kind === "nothing") return { events, firstBatch };
  await events.close();
  if (step.kind !== "failed") throw unreadable(endpoint.providerName);
  const refusal = { status: step.status, message: withoutKeys(step.message, credential), retryAfterSeconds: null };
  throw refusalError(endpoint.providerName, refusal);
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

function noteAttempt(call: Call, endpoint: Endpoint, end: { status: number; latencyMs: number }): void {
  const { providerSlug: provider, modelId: model, reason } = endpoint;
  call.attempts.push({ provider, model, status: end.status, latencyMs: Math.round(end.latencyMs), reason });
}

function unreadable(provider: string): GapuraError {
  return new GapuraError("provider_invalid_response", { values: { provider }, metadata: { provider_name: provider } });
}

function reasonOf(error: unknown): string {
  if (error instanceof GapuraError) return error.code;
  if (error instanceof TransportError) return `${error.kind}: ${error.message}`;
  return error instanceof Error ? error.name : "unknown";
}

/** The provider's own id of an answer, for the usage record. */
export function upstreamIdOf(answer: JsonObject): string | null {
  return stringField(answer, "id") ?? null;
}
