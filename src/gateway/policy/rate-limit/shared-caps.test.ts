/** Caps that several processes share: what each asks of the others, and what it tells callers. */
import { expect, test } from "bun:test";
import { NO_CAPS, record } from "../../../../test/support/data-plane.ts";
import type { CapAsk, CapShares, KeyRecord, RateCaps } from "../../ports.ts";
import { RateLimits } from "./rate-limits.ts";

const NOON = Date.UTC(2026, 10, 25, 12);

/** Shares as one process has them, with what is left for it by others. */
class Shares implements CapShares {
  readonly held = new Map<string, number>();
  readonly asked: CapAsk[] = [];
  readonly shrunk: CapAsk[] = [];
  free = Number.POSITIVE_INFINITY;
  isDown = false;

  of(name: string): number {
    return this.held.get(name) ?? 0;
  }

  async grow(asks: readonly CapAsk[]): Promise<void> {
    if (this.isDown) throw new Error("gone");
    for (const ask of asks) {
      this.asked.push(ask);
      this.held.set(ask.name, Math.min(ask.need, this.free));
    }
  }

  shrink(ask: CapAsk): void {
    this.shrunk.push(ask);
    this.held.set(ask.name, Math.min(this.of(ask.name), ask.need));
  }
}

function start(caps: Partial<RateCaps>, accountCaps: Partial<RateCaps> = {}) {
  const clock = { ms: 5_000_000, nowMs: () => NOON + clock.ms, monotonicMs: () => clock.ms };
  const shares = new Shares();
  const limits = new RateLimits(clock, { shares });
  const key: KeyRecord = { ...record, rateCaps: { ...NO_CAPS, ...caps }, accountCaps: { ...NO_CAPS, ...accountCaps } };
  const call = async () => limits.admit(key);
  const refusal = async () =>
    call().then(
      () => null,
      (error: unknown) => error,
    );
  const name = (cap: string) => `key/${key.id}/${cap}`;
  return { clock, shares, limits, key, call, refusal, name };
}

test("what is held here is used without asking, and beyond it just as much is asked for as is needed", async () => {
  const { shares, call, name } = start({ rpm: 10, parallel: 10 });
  shares.held.set(name("rpm"), 2).set(name("parallel"), 2);
  await call();
  await call();
  expect(shares.asked).toEqual([]);
  await call();
  expect(shares.asked).toEqual([
    { name: name("parallel"), kind: "parallel", cap: 10, need: 3 },
    { name: name("rpm"), kind: "rpm", cap: 10, need: 3 },
  ]);
});

test("a first call asks by the whole cap, whichever of the three it is", async () => {
  for (const cap of ["rpm", "tpm", "parallel"] as const) {
    const { shares, call, name } = start({ [cap]: 10 });
    await call();
    expect(shares.asked).toEqual([{ name: name(cap), kind: cap, cap: 10, need: 1 }]);
  }
});

test("calls that come at once ask for all of them together, and each is let in once", async () => {
  const { shares, call, name } = start({ rpm: 10 });
  const tickets = await Promise.all([call(), call(), call()]);
  expect(new Set(tickets).size).toBe(3);
  // The second used what the first had asked for, so that one asked again.
  expect(shares.asked.map(({ need }) => need)).toEqual([1, 3]);
  expect(shares.of(name("rpm"))).toBe(3);
});

test("a call that others leave no room for is refused by the whole cap, not by the part that is held here", async () => {
  const { clock, shares, refusal, name } = start({ rpm: 10 });
  shares.free = 1;
  expect(await refusal()).toBeNull();
  const refused = { code: "request_rate_reached", metadata: { limit: 10, remaining: 0 } };
  expect(await refusal()).toMatchObject({ ...refused, retryAfterSeconds: 5 });
  clock.ms += 58_000;
  // What was used here is a minute old in three seconds.
  expect(await refusal()).toMatchObject({ ...refused, retryAfterSeconds: 3 });
  expect(shares.of(name("rpm"))).toBe(1);
});

test("where others have used all of a cap and nothing is known of when, five seconds are waited", async () => {
  const { shares, refusal } = start({ rpm: 10 });
  shares.free = 0;
  expect(await refusal()).toMatchObject({ code: "request_rate_reached", retryAfterSeconds: 5 });
});

test("who had nothing to give is asked again only after a quarter of a second, however many are refused meanwhile", async () => {
  const { shares, refusal, clock } = start({ rpm: 10 });
  shares.free = 0;
  for (let call = 0; call < 20; call++) await refusal();
  expect(shares.asked).toHaveLength(1);
  clock.ms += 249;
  await refusal();
  expect(shares.asked).toHaveLength(1);
  clock.ms += 1;
  await refusal();
  expect(shares.asked).toHaveLength(2);
  shares.free = 10;
  clock.ms += 250;
  expect(await refusal()).toBeNull();
});

test("a call beyond the whole cap is refused without asking anybody", async () => {
  const { shares, refusal } = start({ parallel: 1 });
  expect(await refusal()).toBeNull();
  const asked = shares.asked.length;
  expect(await refusal()).toMatchObject({ code: "parallel_calls_reached", retryAfterSeconds: 1 });
  expect(shares.asked).toHaveLength(asked);
});

test("a call that gets room in one cap and not in the other takes nothing of either", async () => {
  const { shares, key, limits, call, name } = start({ parallel: 5 }, { rpm: 1 });
  const ticket = await call();
  ticket?.end(0);
  await expect(call()).rejects.toMatchObject({ metadata: { limit_source: "account_rpm" } });
  shares.held.set(name("parallel"), 1);
  await limits.admit({ ...key, accountCaps: NO_CAPS });
  expect(shares.of(name("parallel"))).toBe(1);
});

test("while storage fails a call is refused with 503, and what is held here goes on being given", async () => {
  const { shares, call, refusal, name } = start({ rpm: 10 });
  shares.held.set(name("rpm"), 1);
  shares.isDown = true;
  await call();
  expect(await refusal()).toMatchObject({ status: 503, code: "storage_unavailable", retryAfterSeconds: 2 });
  shares.isDown = false;
  await call();
  expect(shares.asked.map(({ need }) => need)).toEqual([2]);
});

test("the place of a call is given back the moment it ends", async () => {
  const { shares, call, name } = start({ parallel: 5 });
  const ticket = await call();
  await call();
  ticket?.end(0);
  expect(shares.shrunk.at(-1)).toEqual({ name: name("parallel"), kind: "parallel", cap: 5, need: 1 });
});

test("tokens are shared as requests are, and more is asked for what an answer used unforeseen", async () => {
  const { shares, call, limits, name } = start({ tpm: 1_000 });
  const ticket = await call();
  await ticket?.reserveTokens(100, 200);
  expect(shares.of(name("tpm"))).toBe(300);
  const second = await call();
  await expect((async () => second?.reserveTokens(701, 0))()).rejects.toMatchObject({ code: "token_rate_reached" });
  ticket?.end(650);
  limits.tend();
  expect(shares.asked.at(-1)).toMatchObject({ name: name("tpm"), cap: 1_000, need: 650 });
});

test("what was used within the last minute is kept, and what rests keeps nothing", async () => {
  const { shares, call, limits, clock, name } = start({ rpm: 10, parallel: 5 });
  const ticket = await call();
  ticket?.end(0);
  shares.held.set(name("rpm"), 8);
  limits.tend();
  expect(shares.of(name("rpm"))).toBe(1);
  expect(shares.shrunk.filter(({ kind }) => kind === "rpm").at(-1)).toMatchObject({ cap: 10, need: 1 });
  clock.ms += 61_000;
  limits.tend();
  expect(shares.shrunk.filter(({ kind }) => kind === "rpm").at(-1)).toMatchObject({ cap: 0, need: 0 });
  expect(shares.of(name("rpm"))).toBe(0);
});

test("a cap that was taken away keeps nothing of it", async () => {
  const { shares, call, limits, key, name } = start({ rpm: 10, parallel: 5 });
  await call();
  await limits.admit({ ...key, rateCaps: { ...NO_CAPS, parallel: 5 } });
  limits.tend();
  expect(shares.shrunk.find(({ kind }) => kind === "rpm")).toMatchObject({ name: name("rpm"), cap: 0 });
});
