import { describe, expect, test } from "bun:test";
import { NO_CAPS, record } from "../../../../test/support/data-plane.ts";
import { randomFrom } from "../../../../test/support/fuzz/random.ts";
import { GapuraError } from "../../../kernel/errors.ts";
import type { KeyRecord, RateCaps } from "../../ports.ts";
import { RateLimits, type RateTicket } from "./rate-limits.ts";

const NOON = Date.UTC(2026, 10, 25, 12);

/** Of a process that shares its caps with no other: it never has to ask, so everything is answered at once. */
class Alone extends RateLimits {
  override admit(key: KeyRecord): RateTicket | null {
    const ticket = super.admit(key);
    if (ticket instanceof Promise) throw new Error("somebody was asked");
    return ticket;
  }
}

function start(caps: Partial<RateCaps>, accountCaps: Partial<RateCaps> = {}, mostGates = 1_000) {
  const clock = { ms: 5_000_000, nowMs: () => NOON + clock.ms, monotonicMs: () => clock.ms };
  const limits = new Alone(clock, { shares: null, mostGates });
  const key: KeyRecord = { ...record, rateCaps: { ...NO_CAPS, ...caps }, accountCaps: { ...NO_CAPS, ...accountCaps } };
  return { clock, limits, key };
}

function refusalOf(act: () => unknown): GapuraError | null {
  try {
    act();
    return null;
  } catch (error) {
    if (error instanceof GapuraError) return error;
    throw error;
  }
}

describe("requests in a minute", () => {
  test("a key without caps, of an account without any, takes no memory and no time", () => {
    const { limits } = start({});
    expect(limits.admit(record)).toBeNull();
  });

  test("of two hundred at once exactly as many are let in as the cap says", () => {
    const { limits, key } = start({ rpm: 37 });
    const outcomes = Array.from({ length: 200 }, () => refusalOf(() => limits.admit(key))?.code ?? "in");
    expect(outcomes.filter((outcome) => outcome === "in")).toHaveLength(37);
    expect(new Set(outcomes)).toEqual(new Set(["in", "request_rate_reached"]));
  });

  test("in no sixty seconds are more let in than the cap says, whenever they come", () => {
    const random = randomFrom(5);
    const { clock, limits, key } = start({ rpm: 20 });
    const letIn: number[] = [];
    for (let step = 0; step < 20_000; step++) {
      clock.ms += random.pick([0, 1, 50, 900, 1_000, 7_000]);
      if (refusalOf(() => limits.admit(key)) === null) letIn.push(clock.ms);
    }
    expect(letIn.length).toBeGreaterThan(2_000);
    for (const [index, ms] of letIn.entries()) {
      const twentieth = letIn[index + 20];
      if (twentieth !== undefined) expect(twentieth - ms).toBeGreaterThan(60_000);
    }
  });

  test("a refusal says which cap, of whom, and when the next one is let in, and then it is", () => {
    const { clock, limits, key } = start({ rpm: 2 });
    limits.admit(key);
    clock.ms += 10_000;
    limits.admit(key);
    clock.ms += 5_000;
    const refusal = refusalOf(() => limits.admit(key));
    expect(refusal).toMatchObject({ status: 429, code: "request_rate_reached", retryAfterSeconds: 46 });
    expect(refusal?.message).toContain("This API key has a cap of 2 on requests in any minute, and it is used up.");
    expect(refusal?.metadata).toMatchObject({ limit_source: "key_rpm", limit: 2, remaining: 0 });
    expect(refusal?.headers).toEqual({
      "x-ratelimit-limit": "2",
      "x-ratelimit-remaining": "0",
      "x-ratelimit-reset": String(clock.nowMs() + 46_000),
    });
    clock.ms += 46_000;
    expect(refusalOf(() => limits.admit(key))).toBeNull();
  });

  test("what is refused by one cap takes nothing of another", () => {
    const { limits, key } = start({ rpm: 1 }, { rpm: 5 });
    limits.admit(key);
    for (let step = 0; step < 20; step++) expect(refusalOf(() => limits.admit(key))?.code).toBe("request_rate_reached");
    const other = { ...key, id: "other000", rateCaps: NO_CAPS };
    for (let step = 0; step < 4; step++) limits.admit(other);
    const refusal = refusalOf(() => limits.admit(other));
    expect(refusal?.message).toContain("The account of this API key has a cap of 5 on requests");
  });

  test("a cap that is changed holds from the next call on", () => {
    const { limits, key } = start({ rpm: 1 });
    limits.admit(key);
    expect(refusalOf(() => limits.admit(key))).not.toBeNull();
    limits.admit({ ...key, rateCaps: { ...NO_CAPS, rpm: 2 } });
  });
});

describe("calls at the same time", () => {
  test("never more run than the cap says, and a place is free as soon as a call has ended", () => {
    const { limits, key } = start({ parallel: 3 });
    const tickets = [limits.admit(key), limits.admit(key), limits.admit(key)];
    const refusal = refusalOf(() => limits.admit(key));
    expect(refusal).toMatchObject({ status: 429, code: "parallel_calls_reached", retryAfterSeconds: 1 });
    tickets[0]?.end(0);
    tickets[0]?.end(0);
    limits.admit(key);
    expect(refusalOf(() => limits.admit(key))?.code).toBe("parallel_calls_reached");
  });
});

describe("tokens in a minute", () => {
  test("what a call may use is reserved, and what it used in the end counts", () => {
    const { clock, limits, key } = start({ tpm: 1_000 });
    const first = limits.admit(key);
    void first?.reserveTokens(300, 400);
    const second = limits.admit(key);
    expect(refusalOf(() => second?.reserveTokens(200, 200))).toMatchObject({ code: "token_rate_reached" });
    second?.end(0);
    first?.end(250);
    const third = limits.admit(key);
    void third?.reserveTokens(350, 400);
    third?.end(750);
    expect(refusalOf(() => limits.admit(key))).toMatchObject({ code: "token_rate_reached", retryAfterSeconds: 61 });
    clock.ms += 61_000;
    void limits.admit(key)?.reserveTokens(500, 500);
  });

  test("a request that alone may use more than a minute has is told so, and waiting is not advised", () => {
    const { limits, key } = start({ tpm: 1_000 });
    const refusal = refusalOf(() => limits.admit(key)?.reserveTokens(600, 500));
    expect(refusal).toMatchObject({ status: 400, code: "tokens_over_cap", retryAfterSeconds: undefined });
    expect(refusal?.metadata).toMatchObject({ limit: 1_000, asked: 1_100 });
  });

  test("an answer that nobody bounded is not refused for what it might become, but counts for what it was", () => {
    const { limits, key } = start({ tpm: 1_000 });
    const ticket = limits.admit(key);
    void ticket?.reserveTokens(100, null);
    ticket?.end(1_500);
    expect(refusalOf(() => limits.admit(key))).toMatchObject({ code: "token_rate_reached" });
  });
});

describe("exact bounds", () => {
  test("an answer of unsaid length is taken for 4,096 tokens, and for no more than the cap", () => {
    const { limits, key } = start({ tpm: 8_292 });
    void limits.admit(key)?.reserveTokens(100, null);
    const second = limits.admit(key);
    expect(refusalOf(() => second?.reserveTokens(4_097, 0))).toMatchObject({ code: "token_rate_reached" });
    expect(refusalOf(() => second?.reserveTokens(4_096, 0))).toBeNull();
    const small = start({ tpm: 1_000 });
    const ticket = small.limits.admit(small.key);
    expect(refusalOf(() => ticket?.reserveTokens(1_000, null))).toBeNull();
  });

  test("a request may ask for all the tokens of a minute, and not for one more", () => {
    const { limits, key } = start({ tpm: 1_000 });
    const ticket = limits.admit(key);
    expect(refusalOf(() => ticket?.reserveTokens(1_000, 1))).toMatchObject({ code: "tokens_over_cap" });
    expect(refusalOf(() => ticket?.reserveTokens(1_000, 0))).toBeNull();
  });

  test("what ends twice is counted once, and frees one place", () => {
    const { limits, key } = start({ parallel: 2, tpm: 1_000 });
    const first = limits.admit(key);
    limits.admit(key);
    void first?.reserveTokens(100, 0);
    first?.end(600);
    first?.end(600);
    const third = limits.admit(key);
    expect(refusalOf(() => limits.admit(key))).toMatchObject({ code: "parallel_calls_reached" });
    expect(refusalOf(() => third?.reserveTokens(401, 0))).toMatchObject({ code: "token_rate_reached" });
    expect(refusalOf(() => third?.reserveTokens(400, 0))).toBeNull();
  });

  test("a call that the account's cap refuses takes nothing of the key's, and the other way round", () => {
    const { limits, key } = start({ rpm: 2 }, { parallel: 1 });
    const first = limits.admit(key);
    expect(refusalOf(() => limits.admit(key))?.metadata).toMatchObject({ limit_source: "account_parallel" });
    first?.end(0);
    limits.admit(key)?.end(0);
    expect(refusalOf(() => limits.admit(key))?.metadata).toMatchObject({ limit_source: "key_rpm" });
  });

  test("owners at rest are forgotten when there are too many, and those with calls in their minute are not", () => {
    const { clock, limits, key } = start({ rpm: 1 }, {}, 3);
    const callAs = (id: string) => refusalOf(() => limits.admit({ ...key, id })?.end(0));
    for (const id of ["one", "two"]) expect(callAs(id)).toBeNull();
    clock.ms += 61_000;
    for (const id of ["three", "four"]) expect(callAs(id)).toBeNull();
    // With the fourth there were too many: the first two had no call in the last minute any more.
    expect(limits.size).toBe(2);
    for (const id of ["three", "four"]) expect(callAs(id)).toMatchObject({ code: "request_rate_reached" });
    expect(callAs("five")).toBeNull();
    expect(callAs("six")).toBeNull();
    expect(limits.size).toBe(4);
  });

  test("a key whose call still runs is remembered, also when its minute is over", () => {
    const { clock, limits, key } = start({ parallel: 1 }, {}, 1);
    limits.admit(key);
    clock.ms += 120_000;
    limits.admit({ ...key, id: "another" });
    expect(refusalOf(() => limits.admit(key))).toMatchObject({ code: "parallel_calls_reached" });
  });

  test("a refusal says how much of the cap is used, of whichever kind it is", () => {
    const used = (caps: Partial<RateCaps>, calls: number) => {
      const { limits, key } = start(caps);
      for (let call = 0; call < calls; call++) void limits.admit(key)?.reserveTokens(10, 0);
      return refusalOf(() => void limits.admit(key)?.reserveTokens(10, 0))?.metadata;
    };
    expect(used({ rpm: 3 }, 3)).toMatchObject({ limit_source: "key_rpm", limit: 3, remaining: 0 });
    expect(used({ parallel: 3 }, 3)).toMatchObject({ limit_source: "key_parallel", limit: 3, remaining: 0 });
    expect(used({ tpm: 35 }, 3)).toMatchObject({ limit_source: "key_tpm", limit: 35, remaining: 5 });
  });

  test("tokens are put right in the second in which they were reserved, also when the body of the call came late", () => {
    const { clock, limits, key } = start({ rpm: 100 }, { tpm: 1_000 });
    const ticket = limits.admit(key);
    clock.ms += 10_000;
    void ticket?.reserveTokens(800, 0);
    ticket?.end(100);
    clock.ms += 52_000;
    const next = limits.admit(key);
    expect(refusalOf(() => void next?.reserveTokens(901, 0))).toMatchObject({ code: "token_rate_reached" });
    expect(refusalOf(() => void next?.reserveTokens(900, 0))).toBeNull();
  });
});
