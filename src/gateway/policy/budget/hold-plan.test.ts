import { expect, test } from "bun:test";
import { endpointAt, modelWith, priceOf } from "../../../../test/support/endpoints.ts";
import type { JsonObject } from "../../../kernel/json.ts";
import { askedSize } from "../../metering/asked-size.ts";
import { holdPlan, longestAffordable } from "./hold-plan.ts";

const NOON = Date.UTC(2026, 10, 25, 12);
/** Nano-dollars for each token of the answer; the prompt is free. */
const PER_TOKEN = 1_000n;

function planWith({ limitNano, more = {}, most = 64_000 }: { limitNano: bigint; more?: JsonObject; most?: number }) {
  const value = { model: "acme/m", messages: [{ role: "user", content: "Halo" }], ...more };
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  const asked = askedSize({ bytes, value }, { apiType: "chat", hasMedia: false });
  const model = modelWith({ contextLength: 200_000, maxCompletionTokens: most });
  const limits = [{ scope: "key", ownerId: "key_a", reset: null, nano: limitNano } as const];
  const plan = holdPlan(asked, [endpointAt("acme", { price: priceOf(0, 1), model })], { limits, atMs: NOON });
  if (!plan) throw new Error("priced, and no plan");
  return plan;
}

test("an answer that nobody bounded is begun with money for 64 tokens, or for all that the model can write if that is less", () => {
  expect(planWith({ limitNano: 0n }).leastNano).toBe(64n * PER_TOKEN);
  expect(planWith({ limitNano: 0n, most: 10 }).leastNano).toBe(10n * PER_TOKEN);
});

test("it wants 8,192 tokens, or a thirty-second part of the smallest limit where that is more, and no more than the model", () => {
  expect(planWith({ limitNano: 0n }).wantNano).toBe(8_192n * PER_TOKEN);
  expect(planWith({ limitNano: 32n * 8_193n * PER_TOKEN }).wantNano).toBe(8_193n * PER_TOKEN);
  expect(planWith({ limitNano: 32n * 64_001n * PER_TOKEN }).wantNano).toBe(64_000n * PER_TOKEN);
});

test("an answer whose length the client said wants exactly that, and is not begun with less", () => {
  const plan = planWith({ limitNano: 0n, more: { max_tokens: 5_000 } });
  expect([plan.wantNano, plan.leastNano]).toEqual([5_000n * PER_TOKEN, 5_000n * PER_TOKEN]);
  expect(longestAffordable(plan, 4_999n * PER_TOKEN)).toBe(4_999);
  expect(longestAffordable(plan, 0n)).toBe(0);
});
