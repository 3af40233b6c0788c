/**
 * The built-in provider: answers chat requests inside the process, by rules instead of a model, so that everything works
 * without an account anywhere and programs have something to be tested against.
 *
 * Invariants: the same request gets the same answer, `created` apart; it never pretends to be another model; nothing is fetched; what it
 * is asked to do (errors, delays, lengths) is bounded by `directives.ts`.
 * Failure modes: a request it cannot act on is answered with status 400 and the field's name, in OpenAI's shape.
 */
import { type Clock, systemClock } from "../../../kernel/clock.ts";
import { LARGE_BODY_BYTES, nextTurn } from "../../../kernel/next-turn.ts";
import type { StopSignal } from "../../transport/stop-signal.ts";
import { TransportError } from "../../transport/transport.ts";
import type { Attempt, ProviderAdapter, ProviderDescriptor } from "../adapter.ts";
import { chatDialect } from "../openai-compatible/chat-dialect.ts";
import { embeddingsDialect, rerankDialect } from "../openai-compatible/plain-dialects.ts";
import { GATEWAY_FIELDS, PLAIN } from "../openai-compatible/quirks.ts";
import { readDirectives } from "./directives.ts";
import { EMBEDDING_MODEL_ID, RERANK_MODEL_ID } from "./models.ts";
import { planAnswer } from "./plan.ts";
import { errorAnswer, SandboxRefusal } from "./refusal.ts";
import { streamedReply, type Wait, wholeReply } from "./reply.ts";
import { lastUserMessage, readRequest, textOf } from "./request.ts";
import { embeddingsReply, rerankReply } from "./vectors.ts";

const descriptor: ProviderDescriptor = {
  slug: "sandbox",
  name: "Sandbox",
  baseUrl: null,
};

const CHAT = [
  chatDialect({ ...PLAIN, asksReasoning: "reasoning", returnsReasoning: "reasoning_details" }, GATEWAY_FIELDS),
];

const BY_MODEL = new Map([
  [EMBEDDING_MODEL_ID, [embeddingsDialect()]],
  [RERANK_MODEL_ID, [rerankDialect()]],
]);

export interface SandboxOptions {
  /** Stamps the answers. */
  clock?: Clock;
  /** For tests that must not wait. */
  wait?: Wait;
}

export function createSandbox({ clock = systemClock, wait = waitFor }: SandboxOptions = {}): ProviderAdapter {
  return {
    descriptor,
    dialects: (model) => BY_MODEL.get(model) ?? CHAT,
    send: async (attempt) => {
      try {
        if (attempt.dialect === "embeddings") return embeddingsReply(attempt.body);
        if (attempt.dialect === "rerank") return rerankReply(attempt.body);
        return await answer(attempt, { clock, wait });
      } catch (error) {
        if (!(error instanceof SandboxRefusal)) throw error;
        return errorAnswer({ status: 400, message: error.message, param: error.param });
      }
    },
  };
}

async function answer(
  { body, streamed, signal }: Attempt,
  { clock, wait }: Required<SandboxOptions>,
): Promise<Response> {
  // Inside of this process its work would hold up others, as a real provider's does not.
  const pause = () => (body.length < LARGE_BODY_BYTES ? undefined : nextTurn());
  await pause();
  const request = readRequest(body);
  await pause();
  const user = lastUserMessage(request);
  const { directives, rest } = readDirectives(request.sandbox, user ? textOf(user) : "");
  await pause();
  if (directives.delay !== undefined) await wait(directives.delay, signal);
  if (signal.aborted) throw new TransportError("aborted", "the client left");
  if (directives.status !== undefined) {
    const message = directives.message ?? "The sandbox was asked for this error.";
    return errorAnswer({ status: directives.status, message, retryAfterSeconds: directives.retry_after });
  }
  const plan = planAnswer(request, directives, rest);
  const createdSeconds = Math.floor(clock.nowMs() / 1000);
  const options = { plan, model: request.model, createdSeconds, directives, signal, wait };
  return streamed ? streamedReply(options) : wholeReply(options);
}

function waitFor(delayMs: number, signal: StopSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, delayMs);
    signal.addEventListener("abort", end);
  });
}
