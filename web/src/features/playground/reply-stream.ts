/** What an answer has come to, chunk by chunk. Pure: the time is an argument. */
import {
  arrayField,
  isJsonObject,
  type JsonObject,
  objectField,
  parseJson,
  stringField,
} from "../../../../src/kernel/json.ts";
import type { Reply, ToolCall } from "./conversation.ts";

/** The reply after one more chunk. */
export function afterChunk(reply: Reply, chunk: JsonObject, elapsedMs: number): Reply {
  const choice = arrayField(chunk, "choices").find(isJsonObject);
  const delta = (choice && objectField(choice, "delta")) ?? {};
  const text = stringField(delta, "content") ?? "";
  const reasoning = stringField(delta, "reasoning") ?? "";
  const calls = arrayField(delta, "tool_calls").filter(isJsonObject);
  const images = arrayField(delta, "images").flatMap(imageUrl);
  const says = text !== "" || reasoning !== "" || calls.length > 0 || images.length > 0;
  const usage = objectField(chunk, "usage");
  return {
    ...reply,
    text: reply.text + text,
    reasoning: reply.reasoning + reasoning,
    images: [...reply.images, ...images],
    toolCalls: calls.reduce(withCall, reply.toolCalls),
    generationId: reply.generationId ?? stringField(chunk, "id") ?? null,
    provider: stringField(chunk, "provider") ?? reply.provider,
    finishReason: (choice && stringField(choice, "finish_reason")) ?? reply.finishReason,
    elapsedMs,
    firstTokenMs: reply.firstTokenMs ?? (says ? elapsedMs : null),
    completionTokens: reply.completionTokens + (says && !reply.areTokensExact ? 1 : 0),
    ...(usage ? counted(usage) : {}),
  };
}

function counted(usage: JsonObject): Partial<Reply> {
  const cost = numberField(usage, "cost");
  return {
    promptTokens: numberField(usage, "prompt_tokens") ?? null,
    completionTokens: numberField(usage, "completion_tokens") ?? 0,
    areTokensExact: true,
    costUsd: cost === undefined ? null : plainUsd(cost),
  };
}

function numberField(object: JsonObject, key: string): number | undefined {
  const value = object[key];
  return typeof value === "number" ? value : undefined;
}

/** What the tokens that have come cost by themselves, in dollars; null where that is known better or not at all. */
export function outputEstimate(reply: Reply, pricePerToken: string | undefined): string | null {
  const price = Number(pricePerToken ?? -1);
  if (reply.areTokensExact || !(price > 0) || reply.completionTokens === 0) return null;
  return plainUsd(reply.completionTokens * price);
}

/** A number of dollars as a decimal text, to the nano-dollar. */
function plainUsd(cost: number): string {
  return cost.toFixed(9).replace(/\.?0+$/, "");
}

/** A call comes in pieces: first its name, then its arguments bit by bit. */
function withCall(calls: readonly ToolCall[], piece: JsonObject): readonly ToolCall[] {
  const index = numberField(piece, "index") ?? calls.length;
  const called = objectField(piece, "function") ?? {};
  const before = calls[index] ?? { id: "", name: "", arguments: "", result: "" };
  const after = {
    ...before,
    id: stringField(piece, "id") ?? before.id,
    name: before.name + (stringField(called, "name") ?? ""),
    arguments: before.arguments + (stringField(called, "arguments") ?? ""),
  };
  return index >= calls.length ? [...calls, after] : calls.map((call, at) => (at === index ? after : call));
}

/** Only what is part of the answer itself: nothing is fetched from elsewhere. */
function imageUrl(image: unknown): string[] {
  const url = isJsonObject(image) ? stringField(objectField(image, "image_url") ?? {}, "url") : undefined;
  return url?.startsWith("data:image/") ? [url] : [];
}

/** Tokens for each second since the first of them; null before there are two. */
export function tokensPerSecond({ completionTokens, firstTokenMs, elapsedMs }: Reply): number | null {
  if (firstTokenMs === null || completionTokens < 2 || elapsedMs <= firstTokenMs) return null;
  return (completionTokens - 1) / ((elapsedMs - firstTokenMs) / 1000);
}

/** An answer that is JSON, laid out for reading; null for any other. One that would change by more than its spaces (a number too long) stays as it came. */
export function laidOutJson(text: string): string | null {
  if (!/^\s*[[{]/.test(text)) return null;
  const parsed = parseJson(text);
  if (!parsed.ok) return null;
  const without = (written: string) => written.replace(/\s/g, "");
  const isTheSame = without(JSON.stringify(parsed.value)) === without(text);
  return isTheSame ? JSON.stringify(parsed.value, null, 2) : text;
}
