import { describe, expect, test } from "bun:test";
import { modelWith } from "../../../test/support/endpoints.ts";
import { randomFrom } from "../../../test/support/fuzz/random.ts";
import type { OfferedModel } from "../../catalog/catalog.ts";
import { type BilledUsage, costOf, type Price } from "../../catalog/price.ts";
import type { JsonObject } from "../../kernel/json.ts";
import type { ApiType } from "../canonical/dialects.ts";
import { askedSize } from "./asked-size.ts";
import { affordableTokens, answerNano, priceBound } from "./price-bound.ts";

const NOON = Date.UTC(2026, 10, 25, 12);
const price: Price = {
  version: "test",
  promptNanoPerMillion: 3_000_000_000n,
  completionNanoPerMillion: 15_000_000_000n,
  cachedPromptNanoPerMillion: 300_000_000n,
  overrides: [],
};

const TEXT = { apiType: "chat", hasMedia: false } as const;
const MEDIA = { apiType: "chat", hasMedia: true } as const;

function sized(value: JsonObject, kind: { apiType: ApiType; hasMedia: boolean } = TEXT) {
  return askedSize({ bytes: new TextEncoder().encode(JSON.stringify(value)), value }, kind);
}
function bounded(value: JsonObject, model: Partial<OfferedModel> = {}, asked = sized(value)) {
  const known = modelWith({ contextLength: 200_000, maxCompletionTokens: 64_000, ...model });
  return priceBound(asked, { price, model: known, upstreamModel: "m" }, NOON);
}
const say = (content: unknown) => ({ messages: [{ role: "user", content }] }) as JsonObject;

describe("what a request says of its size", () => {
  test("every byte may be a token, so that no script and no escape is undercounted", () => {
    for (const text of ["a b c d", "半角カナ", "\u0000\u0001", "😀😀", '"""\\\\']) {
      const value = say(text);
      expect(sized(value).textBytes).toBe(Buffer.byteLength(JSON.stringify(value)));
    }
  });

  test("the longest answer is what the client says in any dialect, and the larger where it says two", () => {
    expect(sized({ max_tokens: 5 }).maxOutputTokens).toBe(5);
    expect(sized({ max_output_tokens: 7 }, { ...TEXT, apiType: "responses" }).maxOutputTokens).toBe(7);
    expect(sized({ max_tokens: 5, max_completion_tokens: 9 }).maxOutputTokens).toBe(9);
    expect(sized({ max_tokens: "5" }).maxOutputTokens).toBeNull();
    expect(sized({}).maxOutputTokens).toBeNull();
    expect(sized({ input: "x" }, { ...TEXT, apiType: "embeddings" })).toMatchObject({
      maxOutputTokens: 0,
      writesNothing: true,
    });
  });

  test("several answers at once are counted, to every prompt", () => {
    expect(sized({ n: 3 }).answers).toBe(3);
    expect(sized({ prompt: ["a", "b"], n: 2, best_of: 4 }, { ...TEXT, apiType: "completions" }).answers).toBe(8);
    expect(sized({ prompt: [1, 2, 3], n: 1 }, { ...TEXT, apiType: "completions" }).answers).toBe(1);
    expect(sized({ n: -1 }).answers).toBe(1);
  });

  test("pictures, sounds and files count as what models make of them, never as letters and never as nothing", () => {
    const data = "A".repeat(40_000);
    const picture = say([{ type: "image_url", image_url: { url: `data:image/png;base64,${data}` } }]);
    expect(sized(picture, MEDIA)).toMatchObject({ pictures: 1, isOpen: false });
    expect(sized(picture, MEDIA).textBytes).toBeLessThan(200);
    const byAddress = say([{ type: "image_url", image_url: { url: "https://example.com/a.png" } }]);
    expect(sized(byAddress, MEDIA).pictures).toBe(1);
    const sound = say([{ type: "input_audio", input_audio: { data, format: "mp3" } }]);
    expect(sized(sound, MEDIA).soundTokens).toBe(1_875);
    const file = say([{ type: "file", file: { file_data: `data:application/pdf;base64,${data}` } }]);
    expect(sized(file, MEDIA).isOpen).toBe(true);
    const plain = say([{ type: "document", source: { type: "text", media_type: "text/plain", data } }]);
    expect(sized(plain, { ...MEDIA, apiType: "messages" })).toMatchObject({ isOpen: false });
    expect(sized(plain, { ...MEDIA, apiType: "messages" }).textBytes).toBeGreaterThan(40_000);
  });

  test("what the provider looks up by itself is in no body", () => {
    expect(sized({ tools: [{ type: "web_search_20250305", name: "web_search" }] }).isOpen).toBe(true);
    expect(sized({ web_search_options: {} }).isOpen).toBe(true);
    expect(sized({ tools: [{ type: "function", function: {} }, { name: "of Anthropic's" }] }).isOpen).toBe(false);
  });
});

describe("what a call can cost", () => {
  test("is the dearest rate of its prompt and the longest answer that the model can give", () => {
    const bound = bounded(say("halo"));
    expect(bound.answerTokens).toBe(64_000);
    expect(answerNano(bound, bound.answerTokens)).toBe(960_000_000n);
    expect(bounded({ ...say("halo"), max_tokens: 100 }).answerTokens).toBe(100);
    expect(bounded({ ...say("halo"), n: 4 }).answerRate).toBe(60_000_000_000n);
    expect(bounded(say("halo"), { maxCompletionTokens: null }).answerTokens).toBe(200_000);
    expect(bounded(say("halo"), { maxCompletionTokens: null, contextLength: null }).answerTokens).toBe(131_072);
  });

  test("of a prompt without a bound of its own is that of the model's context", () => {
    const file = say([{ type: "file", file: { file_id: "f" } }]);
    expect(bounded(file, {}, sized(file, MEDIA)).mostNano).toBe(600_000_000n);
    expect(bounded(file, {}, sized(file, MEDIA)).likelyNano).toBeLessThan(1_000_000n);
  });

  test("is enough for so many tokens of answer, and never for one more", () => {
    const bound = bounded(say("halo"));
    for (const nano of [0n, 1n, 14_999n, 15_000n, 15_001n, 123_456_789n]) {
      const tokens = affordableTokens(bound, nano) ?? Number.NaN;
      expect(answerNano(bound, tokens)).toBeLessThanOrEqual(nano);
      expect(answerNano(bound, tokens + 1)).toBeGreaterThan(nano);
    }
    expect(affordableTokens({ ...bound, answerRate: 0n }, 5n)).toBeUndefined();
  });

  test("is never less than what any usage within it costs, whatever the price", () => {
    const random = randomFrom(99);
    for (let round = 0; round < 3_000; round++) {
      const rate = () => BigInt(random.whole(40_000_000_000));
      const maybe = () => (random.chance(0.5) ? null : rate());
      const odd: Price = {
        ...{ version: "odd", promptNanoPerMillion: rate(), completionNanoPerMillion: rate() },
        ...{ cachedPromptNanoPerMillion: maybe(), cacheWriteNanoPerMillion: maybe() },
        ...{ reasoningNanoPerMillion: maybe(), imageCompletionNanoPerMillion: maybe() },
        ...{ requestNano: maybe(), overrides: [] },
      };
      odd.overrides = [1_000, 20_000, 300_000].map((above) => ({
        when: { abovePromptTokens: above },
        rates: random.chance(0.5) ? { promptNanoPerMillion: rate() } : { completionNanoPerMillion: rate() },
      }));
      const value = { ...say("x".repeat(random.whole(60_000))), max_tokens: random.whole(5_000) };
      const asked = sized(value);
      const bound = priceBound(asked, { price: odd, upstreamModel: "m" }, NOON);
      const promptTokens = random.whole(asked.textBytes + 1);
      const cachedTokens = random.whole(promptTokens + 1);
      const completionTokens = random.whole(bound.answerTokens + 1);
      const usage: BilledUsage = {
        ...{ promptTokens, cachedTokens, cacheWriteTokens: promptTokens - cachedTokens, completionTokens },
        ...{ reasoningTokens: random.whole(completionTokens + 1), imageCompletionTokens: 0 },
        ...{ audioPromptTokens: 0, imagePromptTokens: 0, videoPromptTokens: 0, cachedAudioTokens: 0 },
        ...{ cacheWrite1hTokens: 0, audioCompletionTokens: 0, webSearches: 0, fileSearches: 0 },
      };
      const { costNano } = costOf(odd, usage, NOON);
      expect(costNano).toBeLessThanOrEqual(bound.mostNano + answerNano(bound, bound.answerTokens));
    }
  });
});
