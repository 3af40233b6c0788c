import { expect, test } from "bun:test";
import { eachEngine } from "../../../test/support/databases.ts";
import type { AlertFacts, AlertLevel } from "../../kernel/alerts/facts.ts";
import { Secret } from "../../kernel/secret.ts";
import { createAlertDeliveryStore } from "./alert-deliveries.ts";
import { createAlertSettingStore } from "./alert-settings.ts";
import { createAlertStore } from "./alerts.ts";
import { createSealer } from "./sealed-text.ts";
import { createWatchStore, type NewUse } from "./watch.ts";

const NOW = Date.UTC(2026, 10, 27, 12);
const HOUR_MS = 3_600_000;
const UNUSUAL: AlertFacts = { kind: "unusual_use", score: 9, evidence: [], isFrozen: false };
const DORMANT: AlertFacts = { kind: "dormant_key", idleDays: 40, network: null };

function alertOf(facts: AlertFacts, level: AlertLevel = "alert") {
  return { userId: "user_1", keyId: "key00001", level, facts };
}

eachEngine((databases) => {
  async function start() {
    const options = await databases.options();
    const { db } = await databases.open(options);
    return { options, db, alerts: createAlertStore(db) };
  }

  test("of one kind and key there is one open alert, told once a day, however many notice it at once", async () => {
    const { db, alerts } = await start();
    const raised = await Promise.all(
      Array.from({ length: 8 }, () => createAlertStore(db).raise(alertOf(UNUSUAL), NOW)),
    );
    expect(raised.filter((each) => each?.isTold)).toHaveLength(1);
    expect(await alerts.countOpen("user_1")).toBe(1);
    expect((await alerts.raise(alertOf(UNUSUAL), NOW + 23 * HOUR_MS))?.isTold).toBe(false);
    expect((await alerts.raise(alertOf(UNUSUAL), NOW + 25 * HOUR_MS))?.isTold).toBe(true);
    const [open] = await alerts.list("user_1", { state: "open", limit: 10 });
    expect(open).toMatchObject({ times: 10, happenedAt: NOW + 25 * HOUR_MS, createdAt: NOW });
  });

  test("a notice that becomes louder is told, and a quieter one takes nothing away from it", async () => {
    const { alerts } = await start();
    await alerts.raise(alertOf({ ...UNUSUAL, score: 5 }, "notice"), NOW);
    expect((await alerts.raise(alertOf(UNUSUAL), NOW + 1))?.isTold).toBe(true);
    const after = await alerts.raise(alertOf({ ...UNUSUAL, score: 5 }, "notice"), NOW + 2);
    expect(after).toMatchObject({ isTold: false, alert: { level: "alert", facts: { score: 9 } } });
  });

  test("what its owner has answered is not told again for a day, but unusual use is when it is unusual anew", async () => {
    const { alerts } = await start();
    for (const facts of [DORMANT, UNUSUAL]) {
      const raised = await alerts.raise(alertOf(facts), NOW);
      expect(await alerts.answer("user_1", raised?.alert.id ?? "", { answer: "me", nowMs: NOW })).toMatchObject({
        isOpen: false,
      });
      expect(await alerts.answer("user_1", raised?.alert.id ?? "", { answer: "freeze", nowMs: NOW })).toBeNull();
    }
    expect(await alerts.raise(alertOf(DORMANT), NOW + HOUR_MS)).toBeNull();
    expect((await alerts.raise(alertOf(UNUSUAL), NOW + HOUR_MS))?.isTold).toBe(true);
    expect((await alerts.raise(alertOf(DORMANT), NOW + 25 * HOUR_MS))?.isTold).toBe(true);
  });

  test("an alert is its owner's alone", async () => {
    const { alerts } = await start();
    const raised = await alerts.raise(alertOf(UNUSUAL), NOW);
    const id = raised?.alert.id ?? "";
    expect(await alerts.get("user_2", id)).toBeNull();
    expect(await alerts.answer("user_2", id, { answer: "me", nowMs: NOW })).toBeNull();
    expect(await alerts.list("user_2", { state: "all", limit: 10 })).toEqual([]);
  });

  test("pages of alerts come newest first and leave none out", async () => {
    const { alerts } = await start();
    for (let key = 0; key < 5; key++) await alerts.raise({ ...alertOf(DORMANT), keyId: `key-${key}` }, NOW + key);
    const seen: (string | null)[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await alerts.list("user_1", { state: "all", limit: 2, cursor });
      seen.push(...page.map(({ keyId }) => keyId));
      cursor = page.at(-1)?.id;
      if (page.length < 2) break;
    }
    expect(seen).toEqual(["key-4", "key-3", "key-2", "key-1", "key-0"]);
  });

  test("what a channel was told is sealed for its account and channel, and opens for nobody else", async () => {
    const { db } = await start();
    const settings = createAlertSettingStore(db, createSealer(new Secret("s".repeat(40)), "alert channels"));
    const target = { url: "https://hook.example.com/very-secret-path", secret: "whsec_secret" };
    await settings.setChannel("user_1", "webhook", { target, shown: "hook.example.com", nowMs: NOW });
    expect(await settings.target("user_1", "webhook")).toEqual(target);
    const [row] = await settings.channels("user_1");
    expect(JSON.stringify(row)).not.toMatch(/very-secret|whsec_/);
    await db
      .insertInto("alert_channel")
      .values({ ...row!, user_id: "user_2" })
      .execute();
    expect(await settings.target("user_2", "webhook")).toBeNull();
    const other = createAlertSettingStore(db, createSealer(new Secret("t".repeat(40)), "alert channels"));
    expect(await other.target("user_1", "webhook")).toBeNull();
  });

  test("of several senders one has a message at a time, and no more wait for a channel than the bound", async () => {
    const { options, db } = await start();
    const here = createAlertDeliveryStore(db);
    const there = createAlertDeliveryStore((await databases.open(options)).db);
    for (let message = 0; message < 120; message++) await here.add("user_1", "slack", { event: "{}", nowMs: NOW });
    const take = { leaseMs: 1_000, most: 200 };
    const [one, other] = await Promise.all([here.takeDue(NOW, take), there.takeDue(NOW, take)]);
    const ids = [...one, ...other].map(({ id }) => id);
    expect(ids).toHaveLength(100);
    expect(new Set(ids).size).toBe(100);
    expect(await here.takeDue(NOW + 999, take)).toEqual([]);
    await here.failed(ids[0] ?? "", { reason: "status 500", againAtMs: null });
    expect(await here.takeDue(NOW + 1_000, take)).toHaveLength(99);
    // What was given up takes no room from what is new.
    for (const id of ids) await here.failed(id, { reason: "status 500", againAtMs: null });
    await here.add("user_1", "slack", { event: "{}", nowMs: NOW + 2_000 });
    expect(await here.takeDue(NOW + 2_000, take)).toHaveLength(1);
  });

  test("one process judges at a time, another takes over when its time is up, and what was judged is dropped", async () => {
    const { db } = await start();
    const store = createWatchStore(db);
    const hold = (holder: string, nowMs: number) => store.hold(holder, { nowMs, forMs: 1_000 });
    expect(await hold("a", NOW)).toEqual({ isNew: true });
    expect(await hold("b", NOW + 1)).toBeNull();
    expect(await hold("a", NOW + 500)).toEqual({ isNew: false });
    expect(await hold("b", NOW + 1_501)).toEqual({ isNew: true });
    expect(await hold("a", NOW + 1_502)).toBeNull();
    expect([await store.extend("a", NOW + 9_999), await store.extend("b", NOW + 2_502)]).toEqual([false, true]);
    await store.release("b");
    expect(await hold("a", NOW + 1_503)).toEqual({ isNew: true });
    const use = (at: number): NewUse => ({
      ...{ key_id: "key00001", at, network: "203.0.113.0/24", program: "curl", model: "m" },
      ...{ calls: 1, cost_nano: 5n, refused: 0, code: null },
    });
    await store.add(Array.from({ length: 1_200 }, (_, index) => use(NOW + index)));
    const first = await store.waiting(1_000);
    await store.drop(first.map(({ id }) => id));
    expect([first.length, (await store.waiting(1_000)).length]).toEqual([1_000, 200]);
  });
});
