import { expect, test } from "bun:test";
import { eachEngine } from "../../../test/support/databases.ts";
import { openBank } from "../../../test/support/money.ts";
import { DAY_MS, type LimitReset } from "../../kernel/windows.ts";
import { placeOf } from "./limits.ts";

const BORDERS = 400;

eachEngine((databases) => {
  test("over four hundred borders, and back again, every window has its limit once: none is doubled, none is lost", async () => {
    const bank = await openBank(databases);
    const process = await bank.start();
    bank.storage.sqlite?.run("PRAGMA synchronous = OFF");
    const spentIn = new Map<string, bigint>();
    for (const [index, reset] of (["daily", "weekly", "monthly"] as LimitReset[]).entries()) {
      const key = await bank.newKey({ limitNano: 100n, limitReset: reset });
      const spend = async () => {
        const { id } = placeOf({ scope: "key", ownerId: key.publicId, reset }, bank.clock.now);
        const decision = await process.reserve(key, { wantNano: 70n, leastNano: 1n });
        const before = spentIn.get(id) ?? 0n;
        if (decision.kind === "refused") expect(before).toBe(100n);
        else {
          const { chargedNano } = await process.settle(decision, 70n);
          spentIn.set(id, before + (chargedNano ?? 0n));
          expect(spentIn.get(id)).toBe(before === 0n ? 70n : 100n);
        }
      };
      const step = { daily: DAY_MS, weekly: 7 * DAY_MS, monthly: 30 * DAY_MS }[reset as "daily"];
      const borders = Math.floor(BORDERS / 3) + (index === 0 ? BORDERS % 3 : 0);
      for (let border = 0; border < borders; border++) {
        await spend();
        // Every third time the clock goes back over the border that it has just crossed.
        if (border % 3 === 2) {
          bank.clock.now -= step;
          await spend();
          bank.clock.now += step;
        }
        bank.clock.now += step;
      }
    }
    const rows = await bank.storage.db.selectFrom("spend_limit").selectAll().execute();
    for (const row of rows) {
      expect(row.posted_nano).toBe(spentIn.get(row.id) ?? 0n);
      expect(row.posted_nano).toBeLessThanOrEqual(100n);
    }
  }, 120_000);
});
