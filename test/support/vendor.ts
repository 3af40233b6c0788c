/** A vendor of OpenAI's dialect, asked without a network: what it would be sent, and how its answers are understood. */
import { expect } from "bun:test";
import type { VendorType } from "../../src/catalog/vendors/vendors.ts";
import { vendorOf } from "../../src/catalog/vendors/vendors.ts";
import type { AnswerNotes } from "../../src/gateway/canonical/dialects.ts";
import { openAiChat } from "../../src/gateway/ingress/openai-chat/dialect.ts";
import { parseBody } from "../../src/gateway/ingress/read-body.ts";
import { Outgoing } from "../../src/gateway/prepare.ts";
import type { ProviderAdapter } from "../../src/gateway/providers/adapter.ts";
import type { HttpProvider } from "../../src/gateway/providers/http-provider.ts";
import { createProvider } from "../../src/gateway/providers/vendors.ts";
import { NOTHING_ASKED } from "../../src/gateway/router/route.ts";
import { NO_WISHES } from "../../src/gateway/router/wishes.ts";
import type { JsonObject, JsonValue } from "../../src/kernel/json.ts";

const nobody = { exampleModel: "gpt-3.5", modelsUrl: "http://localhost:8787/api/v1/models" };
const identity = { generationId: "gen-1", model: "acme/m", provider: "Acme", createdSeconds: 7, requestId: "req_1" };

/** A turn in which tools were called, as OpenRouter's clients give it back. */
export function toolTurn(thoughts: JsonObject): JsonObject[] {
  const call = { id: "call_1", type: "function", function: { name: "f", arguments: "{}" } };
  return [
    { role: "user", content: "?" },
    { role: "assistant", content: null, tool_calls: [call], ...thoughts },
    { role: "tool", tool_call_id: "call_1", content: "1" },
  ];
}

export interface TestedVendor {
  provider: HttpProvider;
  adapter: ProviderAdapter;
  /** The body that this vendor gets for a chat request, and the parameters that were left out. `model` is its own name of one. */
  sent(body: object, model?: string): { body: JsonObject; dropped: readonly string[] };
  /** The body that this vendor gets for a request of a dialect that is never streamed. */
  plain(dialect: "embeddings" | "rerank", body: object): JsonObject;
  /** A whole answer as the client gets it. */
  whole(answer: object): JsonObject;
  /** The deltas of a stream as the client gets them, and what was noted of it. */
  streamed(chunks: readonly object[]): { deltas: JsonObject[]; notes: Pick<AnswerNotes, "usage" | "finishReason"> };
}

export function vendorUnderTest(type: VendorType): TestedVendor {
  const { name, slug, baseUrl } = vendorOf(type);
  return providerUnderTest(
    createProvider[type]({ slug: slug ?? type, name, baseUrl: baseUrl ?? "https://llm.example.com/v1" }),
  );
}

export function providerUnderTest(provider: HttpProvider): TestedVendor {
  const { slug } = provider.descriptor;
  const adapter = provider.createAdapter({ send: () => Promise.reject(new Error("no network here")) });
  const chat = adapter.dialects("m").find((dialect) => dialect.name === "openai-chat");
  const chatOf = () => {
    if (!chat?.native) throw new Error(`${slug} does not speak chat`);
    return chat.native;
  };
  const read = (body: object) => {
    const bytes = new Uint8Array(new TextEncoder().encode(JSON.stringify(body)));
    return openAiChat.read(parseBody(bytes, { maxBytes: 1e6, maxDepth: 64 }), nobody);
  };
  return {
    provider,
    adapter,
    sent: (body, upstreamModel = "m") => {
      const outgoing = new Outgoing(openAiChat, read({ model: "acme/m", ...body }));
      const endpoint = {
        modelId: "acme/m",
        upstreamModel,
        providerNames: [slug],
        readsWishes: provider.readsWishes === true,
      };
      const prepared = outgoing.prepare(adapter, { endpoint, asked: NOTHING_ASKED, wishes: NO_WISHES });
      return { body: JSON.parse(new TextDecoder().decode(prepared.body)), dropped: prepared.dropped };
    },
    plain: (name, body) => {
      const native = adapter.dialects("m").find((dialect) => dialect.name === name)?.native;
      if (!native) throw new Error(`${slug} does not speak ${name}`);
      const { set, remove } = native.edits(copy(body), { upstreamModel: "m", streamed: false });
      const kept = Object.entries(copy(body)).filter(([field]) => !remove.has(field));
      return {
        ...Object.fromEntries(kept),
        ...Object.fromEntries([...set].map(([field, text]) => [field, JSON.parse(text)])),
      };
    },
    whole: (answer) => {
      const own = chatOf().readAnswer?.(copy(answer)) ?? copy(answer);
      const usage = openAiChat.native.readAnswer(own)?.usage;
      if (!usage) throw new Error("no usage was found");
      const request = read({ model: "m", messages: [{ role: "user", content: "x" }] });
      const billed = { usage, charge: { costNano: 0n, priceVersion: "v" } };
      return openAiChat.native.finishAnswer(own, { identity, request, billed });
    },
    streamed: (chunks) => {
      const stream = openAiChat.native.stream?.(identity, chatOf());
      if (!stream) throw new Error("chat is streamed");
      const deltas = chunks.flatMap((chunk): JsonObject[] => {
        const step = stream.accept(JSON.stringify(chunk));
        return step.kind === "chunk" ? [JSON.parse(step.frames.slice("data: ".length)).choices[0].delta] : [];
      });
      return { deltas, notes: stream };
    },
  };
}

function copy(value: object): JsonObject {
  const copied: JsonValue = JSON.parse(JSON.stringify(value));
  return copied as JsonObject;
}

/** One chunk as most vendors write it. */
export function chunkOf(delta: object, more: object = {}): object {
  const choice = { index: 0, delta, finish_reason: null, ...more };
  return { id: "c1", object: "chat.completion.chunk", created: 1, model: "m", choices: [choice] };
}

export const ask = { messages: [{ role: "user", content: "Halo" }] };

/**
 * Holds a vendor to what every one must keep of an answer, whole and streamed: the words, the thoughts, which it writes
 * under `field`, and the usage, of which it may say `more`.
 */
export function expectThoughtsAndUsage(vendor: TestedVendor, field: string, more: object = {}): void {
  const usage = { prompt_tokens: 12, completion_tokens: 7, total_tokens: 19, ...more };
  const message = { role: "assistant", content: "Baik!", [field]: "They greet." };
  const choices = [{ index: 0, finish_reason: "stop", message }];
  const whole = vendor.whole({ id: "1", object: "chat.completion", created: 5, model: "m", choices, usage });
  const kept = { content: "Baik!", reasoning: "They greet.", reasoning_details: [{ text: "They greet." }] };
  expect(whole).toMatchObject({
    choices: [{ message: kept }],
    usage: { prompt_tokens: 12, completion_tokens: 7, total_tokens: 19 },
  });
  const { deltas, notes } = vendor.streamed([
    chunkOf({ role: "assistant", [field]: "They" }),
    chunkOf({ content: "Baik!" }, { finish_reason: "stop" }),
    { id: "c1", choices: [], usage },
  ]);
  expect(deltas).toMatchObject([{ role: "assistant", reasoning: "They" }, { content: "Baik!" }]);
  expect(notes).toMatchObject({ finishReason: "stop", usage: { promptTokens: 12, completionTokens: 7 } });
}
