import { expect, test } from "bun:test";
import { record as key } from "../../../test/support/data-plane.ts";
import { endpointAt } from "../../../test/support/endpoints.ts";
import { randomFrom } from "../../../test/support/fuzz/random.ts";
import { priceFromText } from "../../catalog/book/book-price.ts";

import type { Price } from "../../catalog/price.ts";
import { priceRecordOf } from "../../catalog/price-record.ts";
import { NO_TOKENS, openCall, usageRecord } from "../call.ts";
import { openAiChat } from "../ingress/openai-chat/dialect.ts";
import { chargeFor } from "./charge.ts";
import { recompute } from "./recompute.ts";

const END = { status: 200, errorCode: null, cancelled: false, finishReason: "stop", nativeFinishReason: "stop" };
const price: Price = {
  version: "test:1",
  promptNanoPerMillion: 3_000_000_001n,
  completionNanoPerMillion: 15_000_000_007n,
  cachedPromptNanoPerMillion: 300_000_011n,
  cachedAudioNanoPerMillion: 411n,
  cacheWriteNanoPerMillion: 3_750_000_013n,
  cacheWrite1hNanoPerMillion: 6_000_000_017n,
  audioPromptNanoPerMillion: 40_000_000_019n,
  imagePromptNanoPerMillion: 8_000_000_023n,
  videoPromptNanoPerMillion: 9_000_000_029n,
  reasoningNanoPerMillion: 20_000_000_031n,
  audioCompletionNanoPerMillion: 80_000_000_037n,
  imageCompletionNanoPerMillion: 30_000_000_041n,
  overrides: [
    { when: { abovePromptTokens: 5_000 }, rates: { promptNanoPerMillion: 6_000_000_043n } },
    { when: { hours: { startMinute: 600, endMinute: 700 }, days: [1, 2] }, rates: { completionNanoPerMillion: 47n } },
  ],
  requestNano: 53n,
  webSearchNano: 10_000_059n,
  fileSearchNano: 2_500_061n,
};

function recordOf(usage: typeof NO_TOKENS, atMs: number, trustReported = false) {
  const clock = { nowMs: () => atMs, monotonicMs: () => 0 };
  const call = openCall(
    new Request("http://localhost/"),
    { arrival: { requestId: "req_1", clientAddress: () => "unknown" }, client: openAiChat },
    clock,
  );
  call.endpoint = endpointAt("p", { price });
  const charge = chargeFor(usage, { price, trustReported, atMs });
  return usageRecord(call, key, {
    ...END,
    usage,
    charge,
    costNano: charge.costNano,
    settledAs: "reported",
    latencyMs: 1,
  });
}

test("any charge is the one that its record and the kept figures give, to the nano-dollar", () => {
  const random = randomFrom(7);
  for (let round = 0; round < 5_000; round++) {
    const some = (most: number) => (random.chance(0.5) ? 0 : random.whole(most));
    const usage = {
      ...NO_TOKENS,
      ...{ promptTokens: 1_000 + random.whole(9_000), cachedTokens: some(400), cacheWriteTokens: some(400) },
      ...{ cachedAudioTokens: some(400), cacheWrite1hTokens: some(400), audioPromptTokens: some(200) },
      ...{ imagePromptTokens: some(100), videoPromptTokens: some(100), completionTokens: 400 + random.whole(900) },
      ...{ reasoningTokens: some(200), audioCompletionTokens: some(100), imageCompletionTokens: some(100) },
      ...{ webSearches: some(4), fileSearches: some(4) },
    };
    const record = recordOf(usage, Date.UTC(2026, 10, 23) + random.whole(7 * 86_400_000));
    const { version, rates } = priceRecordOf(price);
    expect(record.priceVersion).toBe(version);
    expect(recompute(record, priceFromText(rates, version))).toBe(record.costNano);
  }
});

test("a charge that is the provider's own word is recomputed from that word, and an unknown one stays unknown", () => {
  const reported = recordOf({ ...NO_TOKENS, promptTokens: 5, reportedCostUsd: 0.0000005 }, 1, true);
  expect([reported.costNano, recompute(reported, undefined)]).toEqual([500n, 500n]);
  expect(recompute({ ...reported, priceVersion: null }, price)).toBeNull();
});

test("a price whose figures differ in anything has another version, and the same figures have the same", () => {
  const { version } = priceRecordOf(price);
  expect(priceRecordOf({ ...price }).version).toBe(version);
  expect(priceRecordOf({ ...price, requestNano: 54n }).version).not.toBe(version);
  expect(priceRecordOf({ ...price, overrides: price.overrides.slice(1) }).version).not.toBe(version);
  expect(version).toMatch(/^test:1#[0-9a-f]{16}$/);
});
