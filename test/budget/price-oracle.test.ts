/**
 * The genai-prices package's own calculation as an oracle over its whole catalogue. It counts in doubles, so that it is
 * compared within the last digits of one; nothing of it is used to charge anybody.
 */
import { describe, expect, test } from "bun:test";
import { calcPrice, type ModelInfo, type Usage } from "@pydantic/genai-prices";
import { priceFromText, priceOf, priceText } from "../../src/catalog/book/book-price.ts";
import { readPrice } from "../../src/catalog/book/read-price.ts";
import { type BilledUsage, costOf, type Price } from "../../src/catalog/price.ts";
import type { JsonValue } from "../../src/kernel/json.ts";
import { packagedProviders } from "../../tools/price-package.ts";
import { type Random, randomFrom } from "../support/fuzz/random.ts";

const TODAY = "2026-11-25";
const models = (await packagedProviders()).flatMap((provider) => provider.models.map((model) => ({ provider, model })));

function priceFor(model: ModelInfo): Price | undefined {
  const price = readPrice(JSON.parse(JSON.stringify(model.prices)) as JsonValue, TODAY);
  return price && priceOf(price, "test");
}

/** What nobody reports to us of an answer: it is never asked for, or has no place in any dialect that is spoken here. */
const NOT_COUNTED = [
  ...["audio_hours", "cache_image_read_mtok", "input_annotated_document_kpages", "input_audio_hours"],
  ...["input_document_kpages", "input_text_messages_kcount", "output_citation_mtok", "output_video_mtok"],
];

const COUNTED = [
  ...["cache_audio_read_mtok", "cache_read_mtok", "cache_write_1h_mtok", "cache_write_mtok", "input_audio_mtok"],
  ...["input_image_mtok", "input_mtok", "input_video_mtok", "output_audio_mtok", "output_image_mtok", "output_mtok"],
  ...["output_reasoning_mtok", "requests_kcount", "storage_searches_kcount", "web_searches_kcount"],
];

/** The parts of a whole, disjoint, some of them nothing. */
function partsOf(random: Random, whole: number, count: number): number[] {
  let rest = whole;
  return Array.from({ length: count }, () => {
    const part = random.chance(0.4) ? 0 : random.whole(rest + 1);
    rest -= part;
    return part;
  });
}

function randomUsage(random: Random): BilledUsage {
  const promptTokens = random.whole(random.pick([10, 5_000, 150_000, 400_000, 1_200_000]));
  const [cached = 0, write = 0, audio = 0, image = 0, video = 0] = partsOf(random, promptTokens, 5);
  const completionTokens = random.whole(random.pick([10, 2_000, 130_000]));
  const [reasoning = 0, audioOut = 0, imageOut = 0] = partsOf(random, completionTokens, 3);
  return {
    promptTokens,
    cachedTokens: cached,
    cachedAudioTokens: random.whole(cached + 1),
    cacheWriteTokens: write,
    cacheWrite1hTokens: random.whole(write + 1),
    audioPromptTokens: audio,
    imagePromptTokens: image,
    videoPromptTokens: video,
    completionTokens,
    reasoningTokens: reasoning,
    audioCompletionTokens: audioOut,
    imageCompletionTokens: imageOut,
    webSearches: random.whole(4),
    fileSearches: random.whole(4),
  };
}

/** There, sound that came from the cache is among the sound, too. */
function theirUsage(usage: BilledUsage): Usage {
  return {
    input_tokens: usage.promptTokens,
    cache_read_tokens: usage.cachedTokens,
    cache_audio_read_tokens: usage.cachedAudioTokens,
    cache_image_read_tokens: 0,
    cache_video_read_tokens: 0,
    cache_write_tokens: usage.cacheWriteTokens,
    cache_write_1h_tokens: usage.cacheWrite1hTokens,
    input_audio_tokens: usage.audioPromptTokens + usage.cachedAudioTokens,
    input_image_tokens: usage.imagePromptTokens,
    input_video_tokens: usage.videoPromptTokens,
    output_tokens: usage.completionTokens,
    output_reasoning_tokens: usage.reasoningTokens,
    output_audio_tokens: usage.audioCompletionTokens,
    output_image_tokens: usage.imageCompletionTokens,
    web_searches: usage.webSearches,
    storage_searches: usage.fileSearches,
  };
}

function oracle({ provider, model }: (typeof models)[number], usage: BilledUsage, atMs: number): number {
  const alone = { ...provider, models: [{ ...model, match: { equals: model.id } }], fallback_model_providers: [] };
  const result = calcPrice(theirUsage(usage), model.id, { provider: alone, timestamp: new Date(atMs) });
  if (result === null) throw new Error(`the oracle does not know ${model.id}`);
  return result.total_price * 1e9;
}

/** Any minute from today until well after the last change of a price that is known. */
function randomTime(random: Random): number {
  return Date.parse(TODAY) + random.whole(120 * 24 * 60) * 60_000;
}

describe("the whole catalogue of genai-prices", () => {
  test("has no price of a kind that nobody here has looked at", () => {
    const kinds = models.flatMap(({ model }) =>
      (Array.isArray(model.prices) ? model.prices : [{ prices: model.prices }]).flatMap(({ prices }) =>
        Object.keys(prices),
      ),
    );
    expect([...new Set(kinds)].sort()).toEqual([...NOT_COUNTED, ...COUNTED].sort());
  });

  test("leaves a model without a price only where it has none for tokens, or for half of them", () => {
    const unpriced = models.filter(({ model }) => priceFor(model) === undefined);
    for (const { model } of unpriced) {
      const all = Array.isArray(model.prices) ? model.prices.map(({ prices }) => prices) : [model.prices];
      expect({ model: model.id, isHalf: all.some((one) => isHalf(Object.keys(one))) }).toEqual({
        model: model.id,
        isHalf: true,
      });
    }
    expect(models.length - unpriced.length).toBeGreaterThan(1_500);
  });

  test("is charged as its own calculation charges it, at every length of prompt and at every hour", () => {
    const random = randomFrom(20_261_125);
    const different: unknown[] = [];
    let compared = 0;
    for (const { provider, model } of models) {
      const price = priceFor(model);
      if (!price) continue;
      for (let round = 0; round < (Array.isArray(model.prices) ? 200 : 20); round++) {
        const usage = randomUsage(random);
        const atMs = randomTime(random);
        const ours = Number(costOf(price, usage, atMs).costNano);
        const theirs = oracle({ provider, model }, usage, atMs);
        compared++;
        const isSame = ours >= theirs - theirs * 1e-9 && ours - theirs < 1 + theirs * 1e-8;
        if (!isSame) different.push({ provider: provider.id, model: model.id, ours, theirs, atMs });
      }
    }
    expect(different.slice(0, 5)).toEqual([]);
    expect(compared).toBeGreaterThan(30_000);
  }, 60_000);

  test("is the same price after a way through the text that a charge keeps", () => {
    for (const { model } of models) {
      const price = priceFor(model);
      if (price) expect(priceFromText(priceText(price), "test")).toEqual(price);
    }
  });
});

function isHalf(keys: readonly string[]): boolean {
  const isRead = keys.includes("input_mtok");
  return !isRead || (!keys.includes("output_mtok") && !keys.every((key) => /^(?:input|cache)_/.test(key)));
}
