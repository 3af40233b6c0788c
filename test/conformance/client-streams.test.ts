/** A client's stream, put together by the maker's own package, is the whole answer of the same events. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import { NO_TOKENS } from "../../src/gateway/call.ts";
import type { ClientDialect } from "../../src/gateway/canonical/dialects.ts";
import type { CanonicalEvent, FinishReason, ReasoningDetail } from "../../src/gateway/canonical/events.ts";
import { anthropicMessages } from "../../src/gateway/ingress/anthropic-messages/dialect.ts";
import { openAiChat } from "../../src/gateway/ingress/openai-chat/dialect.ts";
import { openAiCompletions } from "../../src/gateway/ingress/openai-completions/dialect.ts";
import { openAiResponses } from "../../src/gateway/ingress/openai-responses/dialect.ts";
import { parseBody } from "../../src/gateway/ingress/read-body.ts";
import { type ClientSide, clients, type Heard } from "./clients.ts";

const HINTS = { exampleModel: "gpt-3.5", modelsUrl: "http://localhost:8787/api/v1/models" };
const IDENTITY = { generationId: "gen-1", model: "acme/m", provider: "Acme", createdSeconds: 7, requestId: "req_1" };
const BILLED = {
  usage: { ...NO_TOKENS, promptTokens: 30, cachedTokens: 10, completionTokens: 20, reasoningTokens: 5 },
  charge: { costNano: 7_000n, priceVersion: "v", promptNano: 3_000n },
  completedSeconds: 9,
};

const DIALECTS: Readonly<Record<string, ClientDialect>> = {
  "/chat/completions": openAiChat,
  "/responses": openAiResponses,
  "/messages": anthropicMessages,
  "/completions": openAiCompletions,
};

const words = fc.oneof(
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }),
  fc.constantFrom("👩🏽‍🌾🌋", "ꦱꦸꦒꦼꦁ ꦲꦺꦚ꧀ꦗꦁ", "baris\n\nbaru\r\n"),
);
/** A text in pieces that may be cut inside of a character, as some providers do. */
const inPieces = fc
  .tuple(words, fc.array(fc.nat(), { maxLength: 4 }))
  .map(([text, cuts]) => {
    const borders = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length];
    return borders.slice(1).map((border, at) => text.slice(borders[at], border));
  })
  .map((pieces) => pieces.filter((piece) => piece !== ""));

type Part = CanonicalEvent[];
const format = fc.constantFrom("anthropic-claude-v1", "google-gemini-v1", null);
const thought = fc
  .tuple(inPieces, fc.option(fc.stringMatching(/^[a-z]{3,9}$/), { nil: null }), format)
  .map(([pieces, signature, of]): Part => {
    const detail = (text: string, seal: string | null): ReasoningDetail => ({
      ...{ kind: "text" as const, text, signature: seal },
      ...{ id: null, format: of },
    });
    const said = pieces.map((text): CanonicalEvent => ({ kind: "reasoning", detail: detail(text, null) }));
    return signature === null ? said : [...said, { kind: "reasoning", detail: detail("", signature) }];
  });
const sealed = fc
  .tuple(fc.stringMatching(/^[a-z]{3,9}$/), format)
  .map(([data, of]): Part => [{ kind: "reasoning", detail: { kind: "encrypted", data, id: null, format: of } }]);
const text = inPieces.map((pieces): Part => pieces.map((piece) => ({ kind: "text", text: piece })));
/** Calls whose arguments come by turns, or one after the other. */
const calls = fc
  .array(fc.tuple(fc.stringMatching(/^[a-z]{1,8}$/), fc.dictionary(words, words, { maxKeys: 3 })), { maxLength: 3 })
  .chain((list) => fc.tuple(fc.constant(list), fc.boolean()))
  .map(([list, byTurns]): Part => {
    const begun = list.map(
      ([name], index): CanonicalEvent => ({ kind: "tool-call", index, id: `call_${index}`, name }),
    );
    const filled = list.map(([, input], index) => {
      const json = JSON.stringify(input);
      const half = Math.ceil(json.length / 2);
      return [json.slice(0, half), json.slice(half)].map(
        (piece): CanonicalEvent => ({
          ...{ kind: "tool-arguments", index, text: piece },
        }),
      );
    });
    if (byTurns) return [...begun, ...[0, 1].flatMap((turn) => filled.map((pieces) => pieces[turn]!))];
    return begun.flatMap((call, index) => [call, ...filled[index]!]);
  });
const picture = fc.constant<Part>([{ kind: "image", mediaType: "image/png", data: "iVBORw0KGgo=" }]);
const answers = fc
  .tuple(
    fc.array(fc.oneof(thought, sealed, text, picture), { maxLength: 5 }),
    calls,
    fc.array(fc.oneof(sealed, text), { maxLength: 1 }),
    fc.constantFrom<FinishReason>("stop", "length", "content_filter"),
  )
  .map(([said, called, after, ending]): CanonicalEvent[] => {
    const reason = called.length > 0 && ending === "stop" ? "tool_calls" : ending;
    return [
      { kind: "start", upstreamId: "u1", createdSeconds: 5, fingerprint: null },
      ...said.flat(),
      ...called,
      ...after.flat(),
      { kind: "finish", reason, native: null, stopSequence: null },
    ];
  });

async function bothWays(
  { title, plain, hear }: ClientSide,
  events: readonly CanonicalEvent[],
): Promise<[Heard, Heard]> {
  const client = DIALECTS[title]!;
  const bytes = new Uint8Array(new TextEncoder().encode(JSON.stringify({ ...plain, model: "acme/m", stream: true })));
  const request = client.read(parseBody(bytes, { maxBytes: 1e6, maxDepth: 64 }), HINTS);
  const writer = client.canonical!.writer(IDENTITY, request);
  const stream = events.map((event) => writer.write(event)).join("") + writer.end(BILLED);
  const whole = client.canonical!.answer(events, { identity: IDENTITY, request, billed: BILLED });
  const wire = (text: string, type: string) => ({ status: 200, headers: new Headers({ "content-type": type }), text });
  return [
    await hear(wire(stream, "text/event-stream"), true),
    await hear(wire(JSON.stringify(whole), "application/json"), false),
  ];
}

test.each(clients.map((client) => [client.title, client] as const))(
  "any answer to %s is the same streamed and whole, wherever the provider cut its words",
  async (_, client) => {
    await fc.assert(
      fc.asyncProperty(answers, async (events) => {
        const [streamed, whole] = await bothWays(client, events);
        expect(streamed).toEqual(whole);
        const said = events.map((event) => (event.kind === "text" ? event.text : "")).join("");
        expect(streamed.text).toBe(said);
      }),
      { numRuns: 150, includeErrorInReport: true },
    );
  },
);
