import { describe, expect, test } from "bun:test";
import { databasesOf, eachEngine } from "../../../test/support/databases.ts";
import { usageRow } from "../../../test/support/stored.ts";
import { openStorage } from "../open.ts";
import { createUsageStore } from "../stores/usage.ts";
import { createUsageWriter } from "./usage-writer.ts";

eachEngine((databases) => {
  test("a recorded row can be read by another connection as soon as it is reported durable", async () => {
    const options = await databases.options();
    const storage = await databases.open(options);
    const reader = await databases.open(options);
    const writer = createUsageWriter(storage);
    for (let index = 0; index < 5; index++) {
      const row = usageRow();
      await writer.record(row);
      const found = await reader.db.selectFrom("usage").select("id").where("id", "=", row.id).executeTakeFirst();
      expect(found).toEqual({ id: row.id });
    }
    await writer.close();
  });

  test("two writers with the same keys lose nothing and count nothing twice", async () => {
    const options = await databases.options();
    const writers = [await databases.open(options), await databases.open(options)].map((storage) =>
      createUsageWriter(storage),
    );
    const keys = ["key00001", "key00002", "key00003"];
    const rows = Array.from({ length: 600 }, (_, index) => usageRow({ key_id: keys[index % 3] ?? "" }));
    // Opposite orders, so that locks taken in the order of arrival would meet head-on.
    await Promise.all([
      ...rows.map((row) => writers[0]?.record(row)),
      ...rows.toReversed().map((row) => writers[1]?.record(row)),
    ]);
    await Promise.all(writers.map((writer) => writer.close()));
    const { db } = await databases.open(options);
    expect(await createUsageStore(db).days("user_1", 0)).toMatchObject([{ requests: 600, cost_nano: 900_000n }]);
  });

  test("a row with a value that no database takes is refused alone, and the rows beside it are durable", async () => {
    const storage = await databases.open();
    const writer = createUsageWriter(storage);
    const good = [usageRow(), usageRow()];
    const bad = usageRow({ prompt_tokens: null as unknown as number });
    const outcomes = await Promise.allSettled([good[0]!, bad, good[1]!].map((row) => writer.record(row)));
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    await writer.close();
    expect((await storage.db.selectFrom("usage").select("id").execute()).map(({ id }) => id).sort()).toEqual(
      good.map(({ id }) => id).sort(),
    );
  });

  test("a client's text with NUL, half a character or without end cannot keep a row from being written", async () => {
    const storage = await databases.open();
    const writer = createUsageWriter(storage);
    const row = usageRow({ model_requested: "gpt\0-3.5", app_title: "\ud800", user_agent: "x".repeat(5_000_000) });
    await writer.record(row);
    await writer.close();
    const stored = await storage.db.selectFrom("usage").selectAll().executeTakeFirstOrThrow();
    expect(stored.model_requested).toBe("gpt\uFFFD-3.5");
    expect(stored.user_agent).toHaveLength(1_000);
  });

  test("names that differ in half a character alone are one place of the sums, and keep no row from being written", async () => {
    const storage = await databases.open();
    const writer = createUsageWriter(storage);
    const models = ["acme/x\ud83d", "acme/x\ud83e", `acme/${"x".repeat(994)}\ud83d\ude00`];
    await Promise.all(models.map((model) => writer.record(usageRow({ model }))));
    expect(writer.trouble()).toBeNull();
    await writer.close();
    const hours = await storage.db.selectFrom("usage_hour").select(["model", "requests"]).orderBy("requests").execute();
    expect(hours).toEqual([
      { model: `acme/${"x".repeat(994)}\uFFFD`, requests: 1 },
      { model: "acme/x\uFFFD", requests: 2 },
    ]);
  });

  test("closing writes what waits", async () => {
    const storage = await databases.open();
    const writer = createUsageWriter(storage);
    const recorded = Array.from({ length: 50 }, () => writer.record(usageRow()));
    await writer.close();
    await Promise.all(recorded);
    expect(await storage.db.selectFrom("usage").select("id").execute()).toHaveLength(50);
  });
});

describe("with SQLite", () => {
  const databases = databasesOf("sqlite");

  test("a writer that could not open the file works as soon as it can", async () => {
    const options = await databases.options();
    const writer = createUsageWriter({ ...(await databases.open()), file: `${options.dataDir}/later/gapura.db` });
    const recorded = writer.record(usageRow());
    const storage = await openStorage({ dataDir: `${options.dataDir}/later` });
    await recorded;
    await writer.close();
    expect(await storage.db.selectFrom("usage").select("id").execute()).toHaveLength(1);
    await storage.close();
  });
});
