import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KnownModels } from "../catalog/known-models.ts";
import { createPriceRefresh } from "./price-refresh.ts";

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "gapura-prices-"));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

/** Twenty models of one provider, the first one at the given price. */
function data(usd: number) {
  const models = Array.from({ length: 20 }, (_, index) => ({
    id: `model-${index}`,
    match: { equals: `model-${index}` },
    prices: [
      { prices: { input_mtok: 99, output_mtok: 99 } },
      { constraint: { start_date: "2026-01-01" }, prices: { input_mtok: usd, output_mtok: 2 * usd } },
      { constraint: { start_date: "2027-01-01" }, prices: { input_mtok: 77, output_mtok: 77 } },
    ],
  }));
  return [{ id: "acme", name: "Acme", models }];
}

function refresher(answer: () => Response) {
  const inForce: KnownModels[] = [];
  let nowMs = Date.UTC(2026, 10, 24);
  const refresh = createPriceRefresh({
    url: "https://prices.example.com/data.json",
    dataDir,
    transport: { send: async () => answer() },
    clock: { nowMs: () => nowMs++, monotonicMs: () => 0 },
    onPrices: (models) => inForce.push(models),
  });
  const promptPrice = () => inForce.at(-1)?.ofProviderNamed("acme", "model-0")?.price?.promptNanoPerMillion;
  return { ...refresh, inForce, promptPrice };
}

test("fetched prices are in force at once, those of today, and again after a restart", async () => {
  const first = refresher(() => Response.json(data(1.5)));
  expect(first.fetchedAtMs()).toBeNull();
  const version = await first.refresh();
  expect(version).toMatch(/^refreshed:[0-9a-f]{12}$/);
  expect(first.promptPrice()).toBe(1_500_000_000n);
  expect(first.inForce[0]?.version).toBe(version);
  const second = refresher(() => new Response("", { status: 500 }));
  expect(second.promptPrice()).toBe(1_500_000_000n);
  expect(second.inForce[0]?.version).toBe(version);
  expect(second.fetchedAtMs()).toBe(first.fetchedAtMs());
});

test("the same prices are one version and one file, other prices another", async () => {
  let usd = 1;
  const prices = refresher(() => Response.json(data(usd)));
  const versions = [await prices.refresh(), await prices.refresh()];
  usd = 2;
  versions.push(await prices.refresh());
  expect(versions[0]).toBe(versions[1] ?? "");
  expect(versions[2]).not.toBe(versions[1] ?? "");
  expect(readdirSync(join(dataDir, "prices"))).toHaveLength(2);
  expect(prices.inForce).toHaveLength(2);
});

test("what is not a whole, sensible document changes nothing and says why", async () => {
  const answers: [() => Response, string][] = [
    [() => new Response("down", { status: 503 }), "status 503"],
    [() => new Response('[{"id":"acme"'), "not JSON"],
    [() => Response.json({}), "not a list of providers"],
    [() => Response.json([...data(1), { id: "broken" }]), "provider number 2"],
    [() => Response.json([{ id: "acme", models: data(1)[0]?.models.slice(0, 5) }]), "only 5 models"],
    [
      () =>
        Response.json([
          { ...data(1)[0], models: [{ id: "x", match: { regex: "(a+)+$" } }, ...(data(1)[0]?.models ?? [])] },
        ]),
      "could take too long",
    ],
  ];
  let answer = () => Response.json(data(3));
  const prices = refresher(() => answer());
  await prices.refresh();
  for (const [wrong, reason] of answers) {
    answer = wrong;
    const failure = await prices.refresh().catch((error: unknown) => error);
    expect(String(failure)).toContain(reason);
    expect(prices.promptPrice()).toBe(3_000_000_000n);
  }
  expect(readdirSync(join(dataDir, "prices"))).toHaveLength(1);
});

test("a kept file that is damaged is passed over for the one before it", async () => {
  const prices = refresher(() => Response.json(data(4)));
  await prices.refresh();
  writeFileSync(join(dataDir, "prices", "9999999999999-aaaaaaaaaaaa.json"), '{"version":"refreshed:x"');
  expect(refresher(() => Response.json([])).promptPrice()).toBe(4_000_000_000n);
});
