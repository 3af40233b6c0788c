import { expect, test } from "bun:test";
import { eachEngine } from "../../../test/support/databases.ts";
import { storedPerson } from "../../../test/support/stored.ts";
import { createApiKey } from "../../kernel/api-key.ts";
import { systemClock } from "../../kernel/clock.ts";
import { asChecked } from "../../kernel/json.ts";
import { DAY_MS } from "../../kernel/windows.ts";
import { keyTrend } from "../../storage/stores/key-trend.ts";
import { createKeyStore } from "../../storage/stores/keys.ts";
import { keyTrendHandlers } from "./key-trends.ts";

const NOW = Date.UTC(2026, 10, 27, 12);
const TODAY = Math.floor(NOW / DAY_MS);

eachEngine((databases) => {
  async function start() {
    const storage = await databases.open();
    const { db } = storage;
    const keys = createKeyStore(db);
    const budi = await storedPerson(storage, "budi@example.com");
    const siti = await storedPerson(storage, "siti@example.com");
    const key = async (userId: string, createdBy: string) => {
      const made = createApiKey("inference");
      await keys.create(made, { userId, createdBy, name: "Key", expiresAt: null }, NOW - 40 * DAY_MS);
      return made.publicId;
    };
    const used = (id: string, day: number, cost_nano: bigint) => {
      const counts = { requests: 3, errors: 0, prompt_tokens: 1, completion_tokens: 1, last_used_at: day * DAY_MS };
      return db
        .insertInto("key_day")
        .values({ key_id: id, day, user_id: budi, cost_nano, ...counts })
        .execute();
    };
    const clock = { ...systemClock, nowMs: () => NOW };
    const { getKeyTrends } = keyTrendHandlers({ trend: (asked) => keyTrend(db, asked), clock });
    const ask = async (accountId: string, ids: string[], onlyBy: string | null = null) => {
      const { body } = await getKeyTrends(asChecked({ account: { accountId, onlyBy }, query: { ids } }));
      return body;
    };
    return { keys, budi, siti, key, used, ask };
  }

  test("a key's line has a place for each of thirty days, today the last one, and nothing of the days before", async () => {
    const { budi, key, used, ask } = await start();
    const id = await key(budi, budi);
    const idle = await key(budi, budi);
    await used(id, TODAY, 1_200_000_000n);
    await used(id, TODAY - 29, 1n);
    await used(id, TODAY - 30, 7n);
    const { days, keys } = await ask(budi, [id, idle]);
    expect([days.length, days[0], days[29]]).toEqual([30, "2026-10-29", "2026-11-27"]);
    expect(keys.map((one) => one.id)).toEqual([id]);
    expect(keys[0]?.spentUsd).toEqual(["0.000000001", ...new Array(28).fill("0"), "1.2"]);
    expect(keys[0]?.requests).toEqual([3, ...new Array(28).fill(0), 3]);
  });

  test("nobody sees the line of another account's key, and a member none of a key that somebody else made", async () => {
    const { keys, budi, siti, key, used, ask } = await start();
    const [own, colleagues, deleted] = [await key(budi, budi), await key(budi, siti), await key(budi, budi)];
    for (const id of [own, colleagues, deleted]) await used(id, TODAY, 5n);
    await keys.delete(budi, deleted, NOW);
    const all = [own, colleagues, deleted, "nonesuch"];
    const seen = async (account: string, onlyBy: string | null = null) =>
      (await ask(account, all, onlyBy)).keys.map(({ id }) => id).sort();
    expect(await seen(budi)).toEqual([own, colleagues].sort());
    expect(await seen(budi, siti)).toEqual([colleagues]);
    expect(await seen(siti)).toEqual([]);
  });
});
