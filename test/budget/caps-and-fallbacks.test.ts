/** Caps on the rate of calls over HTTP, and money across several providers. */
import { afterEach, expect, test } from "bun:test";
import { priceFromText } from "../../src/catalog/book/book-price.ts";
import { recompute } from "../../src/gateway/metering/recompute.ts";
import { bodyOf, completion, type Harness, halo, NO_CAPS, startDataPlane } from "../support/data-plane.ts";
import { priceOf } from "../support/endpoints.ts";

let stop: (() => Promise<void>) | undefined;
afterEach(async () => {
  await stop?.();
  stop = undefined;
});

async function begin(...upstreams: Parameters<typeof startDataPlane>): Promise<Harness> {
  const plane = await startDataPlane(...upstreams);
  stop = plane.stop;
  plane.catalog.setOverrides([{ id: "acme/m", provider: null, price: priceOf(1, 2), contextLength: 8_000 }]);
  return plane;
}

const answers = () => Response.json(completion);

test("of two hundred calls at once exactly as many reach a provider as the cap says, and the others are told when to come", async () => {
  const plane = await begin(answers);
  plane.key.rateCaps = { ...NO_CAPS, rpm: 25 };
  const all = await Promise.all(Array.from({ length: 200 }, () => plane.call(halo)));
  expect(all.filter(({ status }) => status === 200)).toHaveLength(25);
  const refused = all.filter(({ status }) => status === 429);
  expect(refused).toHaveLength(175);
  expect(plane.seen).toHaveLength(25);
  const [first] = refused;
  expect(Number(first?.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(first?.headers.get("x-ratelimit-limit")).toBe("25");
  expect((await bodyOf(first!)).error.metadata).toMatchObject({ limit_source: "key_rpm", limit: 25 });
});

test("never more calls run at the same time than the account may have, and each that ends makes room", async () => {
  const waiting: (() => void)[] = [];
  let most = 0;
  // Nobody is answered before as many have come as may run.
  const plane = await begin(async () => {
    const answered = new Promise<void>((resolve) => void waiting.push(resolve));
    most = Math.max(most, waiting.length);
    if (waiting.length === 4) for (const answer of waiting.splice(0)) answer();
    await answered;
    return answers();
  });
  plane.key.accountCaps = { ...NO_CAPS, parallel: 4 };
  for (let round = 0; round < 3; round++) {
    const all = await Promise.all(Array.from({ length: 20 }, () => plane.call(halo)));
    expect(all.filter(({ status }) => status === 200)).toHaveLength(4);
  }
  expect(most).toBe(4);
});

test("money is taken once, for the provider that delivered, however many were tried; and the charge can be made again", async () => {
  const plane = await begin(() => new Response("{}", { status: 500 }), answers);
  plane.key.spendLimits = [{ scope: "key", ownerId: plane.key.id, reset: null, nano: 1_000_000_000n }];
  for (let call = 1; call <= 5; call++) {
    expect((await plane.call(halo)).status).toBe(200);
    const record = plane.kept.at(-1);
    expect(record).toMatchObject({ providerSlug: "p1", costNano: 15_000n, settledAs: "reported" });
    expect(plane.ledger.posted.get(`key/${plane.key.id}/null`)).toBe(15_000n * BigInt(call));
    const rates = plane.priceVersions.get(record?.priceVersion ?? "") ?? "";
    expect(record && recompute(record, priceFromText(rates, ""))).toBe(15_000n);
  }
  expect(plane.ledger.openHolds).toBe(0);
});

test("what fails everywhere costs nothing, and what was set aside for it is given back", async () => {
  const plane = await begin(() => new Response("{}", { status: 500 }));
  plane.key.spendLimits = [{ scope: "key", ownerId: plane.key.id, reset: null, nano: 1_000_000_000n }];
  expect((await plane.call(halo)).status).toBeGreaterThanOrEqual(500);
  expect(plane.kept.at(-1)).toMatchObject({ costNano: 0n, settledAs: "refused" });
  expect([plane.ledger.openHolds, plane.ledger.pending.get(`key/${plane.key.id}/null`)]).toEqual([0, 0n]);
});

test("usage that a provider makes up beyond what was set aside is the operator's loss, never the customer's", async () => {
  const usage = { prompt_tokens: 900_000_000, completion_tokens: 900_000_000, total_tokens: 1_800_000_000 };
  const plane = await begin(() => Response.json({ ...completion, usage }));
  plane.key.spendLimits = [{ scope: "key", ownerId: plane.key.id, reset: null, nano: 1_000_000n }];
  expect((await plane.call(halo)).status).toBe(200);
  expect(plane.kept.at(-1)?.costNano).toBeLessThanOrEqual(1_000_000n);
  expect(plane.ledger.lossNano).toBeGreaterThan(1_000_000_000_000n);
});
