import { expect, test } from "bun:test";
import { eachEngine } from "../../../test/support/databases.ts";
import { storedPerson, usageRow } from "../../../test/support/stored.ts";
import { createApiKey } from "../../kernel/api-key.ts";
import { Secret } from "../../kernel/secret.ts";
import { placeOf } from "../../storage/ledger/limits.ts";
import { createAlertDeliveryStore } from "../../storage/stores/alert-deliveries.ts";
import { createAlertSettingStore } from "../../storage/stores/alert-settings.ts";
import { createAlertStore } from "../../storage/stores/alerts.ts";
import { limitLastsMs } from "../../storage/stores/key-runway.ts";
import { createKeyStore } from "../../storage/stores/keys.ts";
import { createSealer } from "../../storage/stores/sealed-text.ts";
import { freezeInTime, type TellDeps, tell } from "./tell.ts";

const NOW = Date.UTC(2026, 10, 27, 12, 10);
const MINUTE_MS = 60_000;
const DOLLAR = 1_000_000_000n;

eachEngine((databases) => {
  /** Somebody with a key of a hundred dollars a day and a Slack channel. */
  async function begin({ autoFreeze }: { autoFreeze: boolean }) {
    const storage = await databases.open();
    const { db } = storage;
    const userId = await storedPerson(storage, "budi@example.com");
    const made = createApiKey("inference");
    const terms = { userId, name: "Kasir", expiresAt: null, limitNano: 100n * DOLLAR, limitReset: "daily" } as const;
    const { label } = await createKeyStore(db).create(made, terms, NOW);
    const key = { id: made.publicId, userId, name: "Kasir", label };
    const settings = createAlertSettingStore(db, createSealer(new Secret("s".repeat(40)), "alert channels"));
    await settings.set(userId, { mail: false, autoFreeze, muted: [] });
    await settings.setChannel(userId, "slack", { shown: "hooks.example.com", target: { url: "x" }, nowMs: NOW });
    const clock = { nowMs: () => clock.atMs, monotonicMs: () => clock.atMs, atMs: NOW };
    const keys = createKeyStore(db);
    const deps: TellDeps = {
      ...{ db, settings, clock, baseUrl: "https://gateway.example.com", display: null },
      mailer: { compose: () => expect.unreachable(), afterKeeping: async () => {} },
      key: async () => key,
      person: async () => ({ id: userId, name: "Budi", email: "budi@example.com", locale: "id" }),
      freeze: async () => (await keys.freeze(userId, key.id, { reason: "unusual_use", nowMs: clock.atMs })) !== null,
      limitLastsMs: () => limitLastsMs(db, { keyId: key.id, userId }, clock.atMs),
    };
    return {
      clock,
      tell: (score: number, level: "alert" | "notice" = "alert") =>
        tell(deps, { keyId: key.id, level, facts: { kind: "unusual_use", score, evidence: [], isFrozen: false } }),
      freezeInTime: () => freezeInTime(deps),
      /** So many dollars within the last minutes, and as much of the limit. */
      spend: async (dollars: bigint) => {
        const nano = dollars * DOLLAR;
        await db
          .insertInto("usage")
          .values(usageRow({ key_id: key.id, user_id: userId, created_at: clock.atMs - MINUTE_MS, cost_nano: nano }))
          .execute();
        const place = placeOf({ scope: "key", ownerId: key.id, reset: "daily" }, clock.atMs);
        await db
          .insertInto("spend_limit")
          .values({
            ...place,
            posted_nano: nano,
            pending_nano: 0n,
            lim_nano: 100n * DOLLAR,
            ceiling_nano: 100n * DOLLAR,
          })
          .onConflict((conflict) =>
            conflict.column("id").doUpdateSet((eb) => ({ posted_nano: eb("spend_limit.posted_nano", "+", nano) })),
          )
          .execute();
      },
      isFrozen: async () => (await keys.get(userId, key.id, clock.atMs))?.disabled_at !== null,
      unfreeze: () => keys.update(userId, key.id, { disabled: false }, clock.atMs),
      alert: async () => (await createAlertStore(db).list(userId, { state: "open", limit: 5 }))[0],
      sent: async () =>
        (await createAlertDeliveryStore(db).takeDue(clock.atMs + 1, { leaseMs: 1, most: 10 })).map(
          ({ event }) => JSON.parse(event).facts.isFrozen,
        ),
    };
  }

  test("nothing freezes a key whose owner has not chosen that", async () => {
    const here = await begin({ autoFreeze: false });
    await here.spend(60n);
    await here.tell(12);
    await here.freezeInTime();
    expect(await here.isFrozen()).toBe(false);
    expect((await here.alert())?.facts).toMatchObject({ isFrozen: false, limitLastsMinutes: 7 });
  });

  test("a key is frozen when an alert becomes sure, and its owner is told again, now that it is frozen", async () => {
    const here = await begin({ autoFreeze: true });
    await here.tell(7, "notice");
    await here.tell(6);
    expect([await here.isFrozen(), await here.sent()]).toEqual([false, [false]]);
    await here.tell(8);
    expect(await here.isFrozen()).toBe(true);
    here.clock.atMs += 2 * MINUTE_MS;
    expect(await here.sent()).toContain(true);
  });

  test("an alert that is not sure freezes a key when a limit would be used up within an hour, then or later", async () => {
    const here = await begin({ autoFreeze: true });
    await here.spend(10n);
    await here.tell(6);
    await here.freezeInTime();
    // Ten dollars in ten minutes: ninety are left for an hour and a half.
    expect([await here.isFrozen(), (await here.alert())?.facts]).toMatchObject([false, { isFrozen: false }]);
    await here.spend(20n);
    await here.freezeInTime();
    expect(await here.isFrozen()).toBe(true);
    expect((await here.alert())?.facts).toMatchObject({ isFrozen: true, limitLastsMinutes: 24 });
  });

  test("one alert freezes a key once: who unfreezes it has the last word", async () => {
    const here = await begin({ autoFreeze: true });
    await here.tell(9);
    await here.unfreeze();
    await here.spend(60n);
    await here.tell(14);
    await here.freezeInTime();
    expect(await here.isFrozen()).toBe(false);
  });

  test("a limit that begins anew before it is used up, or is used up already, ends in no time", async () => {
    const here = await begin({ autoFreeze: true });
    here.clock.atMs = Date.UTC(2026, 10, 27, 23, 50);
    await here.spend(20n);
    await here.tell(6);
    expect(await here.isFrozen()).toBe(false);
    here.clock.atMs = NOW;
    await here.spend(80n);
    await here.freezeInTime();
    expect(await here.isFrozen()).toBe(false);
  });
});
