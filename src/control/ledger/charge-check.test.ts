import { expect, test } from "bun:test";
import { eachEngine } from "../../../test/support/databases.ts";
import { priceOf } from "../../../test/support/endpoints.ts";
import { usageRow } from "../../../test/support/stored.ts";
import { priceRecordOf } from "../../catalog/price-record.ts";
import type { UsageRow } from "../../storage/schema.ts";
import { createPriceVersionStore } from "../../storage/stores/price-versions.ts";
import { createUsageWriter } from "../../storage/usage-writer/usage-writer.ts";
import { chargeBreaches } from "./charge-check.ts";

/** A tenth of a dollar for a million tokens of the prompt, and half a dollar for a million of the answer. */
const { version, rates } = priceRecordOf(priceOf(0.1, 0.5));

eachEngine((databases) => {
  async function found(...rows: Partial<UsageRow>[]) {
    const { db, engine, ...storage } = await databases.open();
    await createPriceVersionStore(db).keep(version, rates, 0);
    const writer = createUsageWriter({ db, engine, ...storage });
    const charged = { settled_as: "reported", price_version: version, cost_nano: 11_000n, loss_nano: 0n };
    for (const changes of rows) await writer.record(usageRow({ ...charged, ...changes }), null);
    await writer.close();
    return (await chargeBreaches(db)).map(({ invariant, text }) => `${invariant} ${text}`);
  }

  test("a charge that its record and the figures of its price give is in order, and one that is a nano-dollar off is found", async () => {
    expect(await found({}, { cost_nano: 10_999n, loss_nano: 1n })).toEqual([]);
    const [breach, ...others] = await found({ id: "gen-a" }, { id: "gen-b", cost_nano: 11_001n });
    expect(breach).toBe("I7 the record gen-b cost 11001 nano-dollars, and its tokens and price give 11000");
    expect(others).toEqual([]);
  });

  test("a charge whose figures are not kept is found, and what the provider reported is taken as it was", async () => {
    const reported = { price_version: "reported", upstream_cost_nano: 77n };
    expect(await found({ ...reported, cost_nano: 77n })).toEqual([]);
    expect(await found({ ...reported, id: "gen-a", cost_nano: 78n })).toEqual([
      "I7 the record gen-a cost 78 nano-dollars, and its tokens and price give 77",
    ]);
    expect((await found({ price_version: "gone#1" }))[0]).toContain("the figures of its price gone#1 are not kept");
  });

  test("what is not charged, or has no known price, is not looked at; a crash may be charged less, never more", async () => {
    expect(await found({ settled_as: "failed", cost_nano: 0n }, { cost_nano: null, price_version: null })).toEqual([]);
    expect(await found({ settled_as: "interrupted", cost_nano: 500n })).toEqual([]);
    expect(await found({ settled_as: "interrupted", cost_nano: 11_001n })).toHaveLength(1);
  });

  test("everything is looked at, however much there is, and ten of what is wrong are told", async () => {
    const wrong = Array.from({ length: 12 }, (_, index) => ({ id: `gen-z${index}`, cost_nano: 1n }));
    expect(await found(...wrong)).toHaveLength(10);
  });
});
