import { describe, expect, test } from "bun:test";
import { record as key } from "../../../../test/support/data-plane.ts";
import { endpointAt, modelWith, priceOf as priced } from "../../../../test/support/endpoints.ts";
import { randomFrom } from "../../../../test/support/fuzz/random.ts";
import { MemoryLedger } from "../../../../test/support/memory-ledger.ts";
import type { Endpoint, OfferedModel } from "../../../catalog/catalog.ts";
import type { Price } from "../../../catalog/price.ts";
import { GapuraError } from "../../../kernel/errors.ts";
import type { JsonObject } from "../../../kernel/json.ts";
import { NANO_PER_USD as USD } from "../../../kernel/money.ts";
import type { SpendLimit } from "../../../kernel/spend-limit.ts";
import type { ApiType } from "../../canonical/dialects.ts";
import { askedSize } from "../../metering/asked-size.ts";
import { answerNano, priceBound } from "../../metering/price-bound.ts";
import type { UsageRecord } from "../../ports.ts";
import { Budget, type BudgetOptions } from "./budget.ts";
import { allowances, holdPlan } from "./hold-plan.ts";

const NOON = Date.UTC(2026, 10, 25, 12);

function endpoint(name: string, price: Price | null, model: Partial<OfferedModel> = {}): Endpoint {
  return endpointAt(name, {
    price,
    model: modelWith({ contextLength: 200_000, maxCompletionTokens: 64_000, ...model }),
  });
}

const keyLimit = (usd: number, reset: SpendLimit["reset"] = null): SpendLimit => ({
  scope: "key",
  ownerId: key.id,
  reset,
  nano: BigInt(Math.round(usd * 1e9)),
});

function sized(more: JsonObject = {}, apiType: ApiType = "chat") {
  const value = { model: "acme/m", messages: [{ role: "user", content: "Halo, apa kabar?" }], ...more };
  return askedSize({ bytes: new TextEncoder().encode(JSON.stringify(value)), value }, { apiType, hasMedia: false });
}

function start(limits: SpendLimit[], options: Partial<BudgetOptions> = {}) {
  const ledger = new MemoryLedger();
  const budget = new Budget({ ledger, unpricedModels: "refuse", modelsUrl: "http://localhost/models", ...options });
  let calls = 0;
  const reserve = async (endpoints: Endpoint[], asked = sized()) =>
    budget.reserve({
      requestId: `req_${++calls}`,
      startedAtMs: NOON,
      key: { ...key, spendLimits: limits },
      endpoints,
      asked: () => asked,
      draft: () => ({}) as UsageRecord,
    });
  return { ledger, budget, reserve };
}

async function refusalOf(reserved: Promise<unknown>): Promise<GapuraError> {
  const error = await reserved.then(
    () => null,
    (caught: unknown) => caught,
  );
  if (!(error instanceof GapuraError)) throw new Error("let in");
  return error;
}

const CHEAP = endpoint("cheap", priced(1, 2));
const DEAR = endpoint("dear", priced(5, 25));

describe("a call without limits", () => {
  test("asks nobody for anything, and its size is not even looked at", async () => {
    const { budget, ledger } = start([]);
    const never = () => {
      throw new Error("looked at");
    };
    const call = { requestId: "r", startedAtMs: NOON, key, endpoints: [CHEAP], asked: never, draft: never };
    expect(budget.reserve(call)).toBeNull();
    expect(ledger.requests).toEqual([]);
  });
});

describe("what is set aside", () => {
  test("is enough for the dearest endpoint that may be tried, in every limit, the instance's first", async () => {
    const { ledger, reserve } = start([keyLimit(100)]);
    ledger.instance = [{ scope: "instance", ownerId: "", reset: "daily", nano: 500n * USD }];
    await reserve([CHEAP, DEAR], sized({ max_tokens: 1_000 }));
    const [request] = ledger.requests;
    expect(request?.limits.map(({ scope }) => scope)).toEqual(["instance", "key"]);
    // 1,000 tokens at 25 dollars a million, and the prompt's bytes at 5.
    expect(request?.wantNano).toBeGreaterThan(25_000_000n);
    expect(request?.wantNano).toBeLessThan(26_000_000n);
  });

  test("for an answer that nobody bounded is a share of the smallest limit, never less than a roomy answer", async () => {
    const want = async (usd: number) => {
      const { ledger, reserve } = start([keyLimit(usd)]);
      await reserve([DEAR]);
      return Number(ledger.requests[0]?.wantNano ?? 0n) / 1e9;
    };
    // 64,000 tokens cost 1.60 dollars, 8,192 cost 0.2048.
    expect(await want(1_000)).toBeCloseTo(1.6, 2);
    expect(await want(32)).toBeCloseTo(1, 2);
    expect(await want(1)).toBeCloseTo(0.2048, 2);
  });

  test("leaves room for others: a key with a small limit can have many calls running that set no bound", async () => {
    const { reserve } = start([keyLimit(10)]);
    const all = await Promise.allSettled(Array.from({ length: 30 }, () => reserve([DEAR])));
    expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(30);
  });

  test("for a free model is nothing, and even a limit that is used up lets it through", async () => {
    const { ledger, reserve } = start([keyLimit(0)]);
    const grant = await reserve([endpoint("free", priced(0, 0))]);
    expect(ledger.requests[0]).toMatchObject({ wantNano: 0n, leastNano: 0n });
    expect(grant?.allowed).toMatchObject([{ answerTokens: null }]);
  });
});

describe("a balance that is nearly used up", () => {
  test("still gets an answer, whose length is bounded by what is left", async () => {
    const { reserve } = start([keyLimit(0.01)]);
    const grant = await reserve([DEAR]);
    const [allowed] = grant?.allowed ?? [];
    expect(allowed?.answerTokens).toBeGreaterThan(300);
    expect(allowed?.answerTokens).toBeLessThan(401);
  });

  test("is refused where it is not enough for a few words, or for the answer that the client asked for", async () => {
    const few = await refusalOf(start([keyLimit(0.001)]).reserve([DEAR]));
    expect([few.status, few.code]).toEqual([402, "key_limit_reached"]);
    expect(few.message).toContain("Send a shorter prompt, or choose a cheaper model.");
    const long = await refusalOf(start([keyLimit(0.01)]).reserve([DEAR], sized({ max_tokens: 5_000 })));
    expect(long.message).toMatch(/asks for an answer of up to 5000 tokens, and can afford 3\d\d: lower max_tokens/);
    expect(long.metadata).toMatchObject({
      limit_source: "openrouter_key_limit",
      limit: 0.01,
      limit_remaining: 0.01,
      requested_max_tokens: 5_000,
      remedy_hint: "lower_max_tokens",
    });
  });

  test("tries only the endpoints that it is enough for, in the order that was planned", async () => {
    const { reserve } = start([keyLimit(0.012)]);
    const grant = await reserve([DEAR, CHEAP], sized({ max_tokens: 2_000 }));
    expect(grant?.allowed.map(({ endpoint: { providerSlug } }) => providerSlug)).toEqual(["cheap"]);
  });

  test("lowers a bound that the dialect makes everybody write, and never below what is set apart for thinking", async () => {
    const messages = (more: JsonObject) => sized({ max_tokens: 32_000, ...more }, "messages");
    const plain = await start([keyLimit(0.1)]).reserve([DEAR], messages({}));
    expect(plain?.allowed[0]?.answerTokens).toBeGreaterThan(3_000);
    expect(plain?.allowed[0]?.answerTokens).toBeLessThan(4_001);
    const thinking = { thinking: { type: "enabled", budget_tokens: 3_000 } };
    const grant = await start([keyLimit(0.1)]).reserve([DEAR], messages(thinking));
    expect(grant?.allowed[0]?.answerTokens).toBeGreaterThan(3_000);
    const refusal = await refusalOf(start([keyLimit(0.07)]).reserve([DEAR], messages(thinking)));
    expect(refusal.metadata?.requested_max_tokens).toBeUndefined();
  });

  test("that is used up says so, and advises no shorter prompt: no request is short enough then", async () => {
    const refusal = await refusalOf(start([keyLimit(0)]).reserve([DEAR], sized({ max_tokens: 5_000 })));
    expect(refusal.message).toContain(
      "0 USD left of its limit of 0 USD (in all). Only models that cost nothing can answer.",
    );
    expect(refusal.metadata).toMatchObject({ limit_remaining: 0, remedy_hint: "raise_limit" });
    const some = await refusalOf(start([{ ...keyLimit(0), nano: 1n }]).reserve([DEAR]));
    expect(some.metadata).toMatchObject({ remedy_hint: "shorten_prompt" });
  });

  test("says when the limit begins anew, and who can raise it", async () => {
    const { reserve } = start([{ ...keyLimit(0, "weekly"), scope: "account", ownerId: "user_1" }]);
    const refusal = await refusalOf(reserve([DEAR]));
    expect(refusal.code).toBe("account_budget_reached");
    expect(refusal.message).toContain("budget of 0 USD (weekly, anew at 2026-11-30T00:00:00.000Z)");
    expect(refusal.metadata).toMatchObject({ limit_source: "account_budget", resets_at: "2026-11-30T00:00:00.000Z" });
  });
});

describe("money that running calls hold", () => {
  test("is waited for: the refusal says how much comes back and when to ask again, and then there is enough", async () => {
    const { ledger, reserve } = start([keyLimit(0.2)]);
    const asked = sized({ max_tokens: 5_000 });
    const first = await reserve([DEAR], asked);
    const refusal = await refusalOf(reserve([DEAR], asked));
    expect([refusal.status, refusal.code, refusal.retryAfterSeconds]).toEqual([402, "budget_in_flight", 2]);
    expect(refusal.message).toMatch(
      /^This request may cost 0\.125\d* USD\. This API key has 0\.0\d+ USD left at this moment/,
    );
    expect(refusal.message).toMatch(/and 0\.125\d* USD more are set aside for calls that are still running/);
    expect(refusal.metadata).toMatchObject({
      limit_source: "openrouter_in_flight_budget",
      reason: "in_flight_budget_exhausted",
      limit_scope: "key",
      limit: 0.2,
      requested_max_tokens: 5_000,
      remedy_hint: "retry_later",
    });
    if (first) await ledger.release(first.hold);
    expect((await reserve([DEAR], asked))?.allowed).toHaveLength(1);
  });

  test("is not waited for where it would not be enough, or where another limit is short", async () => {
    const { reserve } = start([keyLimit(0.2)]);
    await reserve([DEAR], sized({ max_tokens: 5_000 }));
    expect((await refusalOf(reserve([DEAR], sized({ max_tokens: 9_000 })))).retryAfterSeconds).toBeUndefined();
    const account = { scope: "account", ownerId: "user_1", reset: null, nano: 200_000_000n } as const;
    const both = start([account, keyLimit(0.2)]);
    await both.reserve([DEAR], sized({ max_tokens: 5_000 }));
    both.ledger.posted.set("account/user_1/null", 100_000_000n);
    expect((await refusalOf(both.reserve([DEAR], sized({ max_tokens: 5_000 })))).code).toBe("account_budget_reached");
  });
});

describe("a model whose price nobody knows", () => {
  const unpriced = endpoint("unpriced", null);

  test("is refused to a call with limits, with how to set a price, and passed over while another has one", async () => {
    const refusal = await refusalOf(start([keyLimit(5)]).reserve([unpriced]));
    expect([refusal.status, refusal.code]).toEqual([402, "price_unknown"]);
    expect(refusal.message).toContain("acme/m");
    expect(refusal.message).toContain("price: { prompt: 2.5, completion: 10 }");
    const grant = await start([keyLimit(5)]).reserve([unpriced, CHEAP]);
    expect(grant?.allowed.map((one) => one.endpoint.providerSlug)).toEqual(["cheap"]);
  });

  test("is tried where the operator allows it, as long as nothing is overdrawn", async () => {
    const { ledger, reserve } = start([keyLimit(5)], { unpricedModels: "allow" });
    const grant = await reserve([unpriced, CHEAP]);
    expect(grant?.allowed.map((one) => one.endpoint.providerSlug)).toEqual(["unpriced", "cheap"]);
    ledger.posted.set(`key/${key.id}/null`, 6n * USD);
    expect((await refusalOf(reserve([unpriced]))).code).toBe("key_limit_reached");
  });
});

test("a ledger that cannot be asked lets nobody in", async () => {
  const { ledger, reserve } = start([keyLimit(5)]);
  ledger.isDown = true;
  expect(await refusalOf(reserve([CHEAP]))).toMatchObject({ code: "storage_unavailable", retryAfterSeconds: 2 });
});

test("whatever is granted, no endpoint that may be tried can cost more, but for a prompt that is longer than it looks", () => {
  const random = randomFrom(3);
  for (let round = 0; round < 5_000; round++) {
    const endpoints = Array.from({ length: 1 + random.whole(4) }, (_, index) =>
      endpoint(`p${index}`, priced(random.whole(20), random.whole(80)), {
        maxCompletionTokens: 1 + random.whole(90_000),
      }),
    );
    const asked = sized(
      { ...(random.chance(0.5) ? { max_tokens: 1 + random.whole(50_000) } : {}), pad: "x".repeat(random.whole(9_000)) },
      random.pick(["chat", "messages", "embeddings"]),
    );
    const plan = holdPlan(asked, endpoints, { limits: [keyLimit(random.whole(40))], atMs: NOON });
    if (!plan) throw new Error("priced, and no plan");
    expect(plan.leastNano).toBeLessThanOrEqual(plan.wantNano);
    const granted = plan.leastNano + (BigInt(random.whole(1_000)) * (plan.wantNano - plan.leastNano)) / 1_000n;
    const allowed = allowances(asked, plan, granted);
    expect(allowed.length).toBeGreaterThan(0);
    for (const { endpoint: tried, answerTokens } of allowed) {
      if (tried.price === null) throw new Error("unpriced");
      const bound = priceBound(asked, { ...tried, price: tried.price }, NOON);
      const answer = answerNano(bound, answerTokens ?? bound.answerTokens);
      if (answerTokens !== null) expect(answerTokens).toBeLessThan(bound.answerTokens);
      expect(bound.likelyNano + answer).toBeLessThanOrEqual(granted);
    }
  }
});
