import { expect, test } from "bun:test";
import { eachEngine } from "../../../test/support/databases.ts";
import { usageRow } from "../../../test/support/stored.ts";
import { createUsageWriter } from "../usage-writer/usage-writer.ts";
import { createPriceVersionStore } from "./price-versions.ts";

eachEngine((databases) => {
  test("the figures of a version are kept once and never change, however many write them", async () => {
    const { db } = await databases.open();
    const versions = createPriceVersionStore(db);
    await Promise.all(Array.from({ length: 10 }, (_, index) => versions.keep("a#1", '{"prompt":1}', index)));
    await versions.keep("a#1", '{"prompt":2}', 99);
    expect(await versions.find("a#1")).toBe('{"prompt":1}');
    expect(await versions.find("a#2")).toBeNull();
  });

  test("what a charge is recomputed from is kept with its row", async () => {
    const storage = await databases.open();
    const writer = createUsageWriter(storage);
    await writer.record(usageRow({ billed_parts: '{"webSearches":2}' }));
    await writer.close();
    const row = await storage.db.selectFrom("usage").selectAll().executeTakeFirstOrThrow();
    expect(row.billed_parts).toBe('{"webSearches":2}');
  });
});
