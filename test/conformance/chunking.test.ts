/** A provider's stream may be cut anywhere on its way: the same bytes are the same events, and the same answer. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { anthropicMessages } from "../../src/gateway/ingress/anthropic-messages/dialect.ts";
import { openAiChat } from "../../src/gateway/ingress/openai-chat/dialect.ts";
import { openAiResponses } from "../../src/gateway/ingress/openai-responses/dialect.ts";
import { canonical, dialectOf, split, toldBy } from "./spoken.ts";
import { stories } from "./stories.ts";
import { type Kind, type Told, told } from "./told.ts";
import { type UpstreamSide, upstreams } from "./upstreams.ts";

const IDENTITY = { generationId: "gen-1", model: "acme/m", provider: "Acme", createdSeconds: 7, requestId: "req_1" };
const CLIENTS = [openAiChat, openAiResponses, anthropicMessages];

/** Everything that the side can say, in one answer. */
function everything(side: UpstreamSide): Told {
  const can = (kind: Kind) => !side.cannot.includes(kind);
  const [text, , , , thinking] = stories.map((story) => story.told);
  return told({ text: text!.text, calls: thinking!.calls, thoughts: can("thoughts") ? "Hm, 🤔 ꦲꦸ." : "" });
}

/** What the client of the same dialect gets of these events. */
function passedThrough(side: UpstreamSide, data: readonly string[]): string {
  const { native } = dialectOf(side);
  const stream = native && CLIENTS.find(({ name }) => name === side.dialect)?.native.stream?.(IDENTITY, native);
  if (!stream) return "";
  return data.map((text) => JSON.stringify(stream.accept(text))).join("\n");
}

const letters = fc.string({ unit: "grapheme", maxLength: 40 });
/** A text that every dialect can say: Anthropic and Bedrock have no blocks without words. */
const words = fc.oneof(
  letters,
  fc.constantFrom("ꦱꦸꦒꦼꦁ ꦲꦺꦚ꧀ꦗꦁ", "👩🏽‍🌾\n\n🌋", 'data: {"x":1}\r\n\r\n', "\u2028\u0000\u0085"),
);
const calls = fc
  .array(fc.tuple(fc.dictionary(letters, fc.jsonValue(), { maxKeys: 4 }), fc.stringMatching(/^[a-z]{1,8}$/)), {
    maxLength: 3,
  })
  .map((list) =>
    list.map(([input, name], at) => ({ id: `call_${at}`, name, input: JSON.parse(JSON.stringify(input)) })),
  );
const usage = fc
  .record({ cached: fc.nat(500), fresh: fc.nat(500), reasoning: fc.nat(500), visible: fc.nat(500) })
  .map(({ cached, fresh, reasoning, visible }) => ({
    prompt: cached + fresh,
    cached,
    completion: reasoning + visible,
    reasoning,
  }));

describe.each(upstreams.map((side) => [side.title, side] as const))("%s", (_, side) => {
  const dialect = dialectOf(side);
  const story = everything(side);
  const bytes = side.bytes(story);
  const whole = split(dialect, [bytes]);

  test("its recorded stream tells what was told", () => {
    expect(toldBy(canonical(dialect, whole))).toMatchObject({ text: story.text, calls: story.calls });
    expect(bytes.length).toBeGreaterThan(1_000);
  });

  test("its stream, cut in two at every byte, gives the same events", () => {
    for (let at = 0; at <= bytes.length; at++) {
      const halves = split(dialect, [bytes.subarray(0, at), bytes.subarray(at)]);
      if (!Bun.deepEquals(halves, whole)) throw new Error(`cut at byte ${at}: ${JSON.stringify(halves)}`);
    }
  });

  test("its stream, byte by byte, gives the same events and the same answer to a client of its own dialect", () => {
    const single = split(
      dialect,
      Array.from(bytes, (byte) => Uint8Array.of(byte)),
    );
    expect(canonical(dialect, single)).toEqual(canonical(dialect, whole));
    expect(passedThrough(side, single)).toBe(passedThrough(side, whole));
  });

  test("any story, cut anyhow, with news between, is told as it was told whole", () => {
    const can = (kind: Kind) => !side.cannot.includes(kind);
    const any = fc.record({ text: words, thoughts: can("thoughts") ? words : fc.constant(""), calls, usage });
    fc.assert(
      fc.property(any, fc.array(fc.nat(), { maxLength: 30 }), fc.boolean(), (part, cuts, hasNews) => {
        const random = told(part);
        const recorded = side.bytes(random, hasNews);
        const borders = [0, ...cuts.map((cut) => cut % recorded.length).sort((a, b) => a - b), recorded.length];
        const chunks = borders.slice(1).map((border, index) => recorded.subarray(borders[index], border));
        const heard = toldBy(canonical(dialect, split(dialect, chunks)));
        const reasoning = can("reasoning tokens") ? random.usage?.reasoning : 0;
        expect(heard).toEqual({ ...random, usage: { ...random.usage!, reasoning: reasoning ?? 0 } });
        const parsed: unknown = JSON.parse(JSON.stringify(side.whole(random)));
        const events = dialect.canonical?.readAnswer(parsed as never);
        expect(toldBy(events ?? [])).toEqual(heard);
      }),
      { numRuns: 150 },
    );
  });
});
