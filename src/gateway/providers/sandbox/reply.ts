/** Turns a plan into an answer on the wire, as an OpenAI-dialect server would send it. */
import { createHash } from "node:crypto";
import { Stop, type StopSignal } from "../../transport/stop-signal.ts";
import type { Directives } from "./directives.ts";
import type { Choice, Plan } from "./plan.ts";
import { splitTokens } from "./tokens.ts";

/** Resolves after the time, or as soon as the signal is aborted. Never rejects. */
export type Wait = (delayMs: number, signal: StopSignal) => Promise<void>;

export interface ReplyOptions {
  plan: Plan;
  model: string;
  createdSeconds: number;
  directives: Directives;
  signal: StopSignal;
  wait: Wait;
}

/** A picture or a tool's arguments would be too long for one token each; this many characters go at once. */
const ARGUMENT_PIECE_TOKENS = 4;
/** After so many events without a pause other requests get their turn: nothing else would make a fast stream wait. */
const EVENTS_PER_TURN = 64;

export function wholeReply(options: ReplyOptions): Response {
  const { plan, directives } = options;
  const choices = plan.choices.map((choice, index) => ({
    index,
    finish_reason: choice.finishReason,
    message: {
      role: "assistant",
      content: choice.content,
      ...(choice.reasoning === null ? {} : reasoned(choice.reasoning)),
      ...(choice.toolCalls.length === 0 ? {} : { tool_calls: toolCallsOf(choice, index) }),
      ...(choice.images.length === 0 ? {} : { images: imagesOf(choice) }),
    },
  }));
  const body = JSON.stringify({ ...identity(options), object: "chat.completion", choices, usage: usageOf(plan) });
  // An answer that breaks is one whose end is missing.
  const sent = directives.break_after === undefined ? body : body.slice(0, body.length / 2);
  return new Response(sent, { headers: { "content-type": "application/json" } });
}

export function streamedReply(options: ReplyOptions): Response {
  const { directives, signal, wait } = options;
  const events = eventsOf(options);
  const encoder = new TextEncoder();
  // The reader may let go without the request being aborted; both end the waiting.
  const stopped = new Stop();
  signal.addEventListener("abort", () => stopped.abort());
  if (signal.aborted) stopped.abort();
  let hasLeft = false;
  let sent = 0;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull: async (controller) => {
        const delayMs = (sent === 0 ? directives.first_token : directives.token_delay) ?? 0;
        if (delayMs > 0) await wait(delayMs, stopped);
        else if (sent % EVENTS_PER_TURN === EVENTS_PER_TURN - 1) await nextTurn();
        if (hasLeft) return;
        if (signal.aborted) return controller.error(new Error("the caller left"));
        if (sent === directives.break_after) return controller.error(new Error("the sandbox was asked to break off"));
        const event = events.next();
        if (event.done === true) return controller.close();
        sent++;
        controller.enqueue(encoder.encode(`data: ${event.value}\n\n`));
      },
      cancel: () => {
        hasLeft = true;
        stopped.abort();
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function* eventsOf(options: ReplyOptions): Generator<string> {
  const { plan } = options;
  const base = { ...identity(options), object: "chat.completion.chunk" };
  const event = (index: number, delta: object, finishReason: string | null) =>
    JSON.stringify({ ...base, choices: [{ index, delta, finish_reason: finishReason }] });
  for (const [index, choice] of plan.choices.entries()) {
    for (const delta of deltasOf(choice, index)) yield event(index, delta, null);
    yield event(index, {}, choice.finishReason);
  }
  yield JSON.stringify({ ...base, choices: [], usage: usageOf(plan) });
  yield "[DONE]";
}

function* deltasOf(choice: Choice, index: number): Generator<object> {
  yield { role: "assistant", content: "" };
  for (const token of splitTokens(choice.reasoning ?? "")) yield reasoned(token);
  for (const token of splitTokens(choice.content ?? "")) yield { content: token };
  for (const [position, { id, type, function: called }] of toolCallsOf(choice, index).entries()) {
    yield { tool_calls: [{ index: position, id, type, function: { name: called.name, arguments: "" } }] };
    const tokens = splitTokens(called.arguments);
    for (let from = 0; from < tokens.length; from += ARGUMENT_PIECE_TOKENS) {
      const piece = tokens.slice(from, from + ARGUMENT_PIECE_TOKENS).join("");
      yield { tool_calls: [{ index: position, function: { arguments: piece } }] };
    }
  }
  if (choice.images.length > 0) yield { images: imagesOf(choice) };
}

/** Ids follow from the conversation so far and what is called: another turn has other ids, the same request the same. */
function toolCallsOf(choice: Choice, index: number) {
  return choice.toolCalls.map((call, position) => {
    const said = [choice.conversation, index, position, call.name, call.arguments];
    const digest = createHash("sha256").update(JSON.stringify(said)).digest("hex");
    return {
      id: `call_${digest.slice(0, 24)}`,
      type: "function",
      function: { name: call.name, arguments: call.arguments },
    };
  });
}

function imagesOf(choice: Choice) {
  return choice.images.map((url) => ({ type: "image_url", image_url: { url } }));
}

function usageOf({ promptTokens, completionTokens, reasoningTokens }: Plan) {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    completion_tokens_details: { reasoning_tokens: reasoningTokens },
  };
}

/** The same words in both places in which OpenRouter's clients look for them. */
function reasoned(text: string) {
  return { reasoning: text, reasoning_details: [{ type: "reasoning.text", text, format: "unknown", index: 0 }] };
}

function identity({ model, createdSeconds }: ReplyOptions) {
  return { id: "sandbox", created: createdSeconds, model };
}
