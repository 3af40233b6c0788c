import { expect, test } from "bun:test";
import { eachEngine } from "../../test/support/databases.ts";
import { storedPerson } from "../../test/support/stored.ts";
import { createApiKey } from "../kernel/api-key.ts";
import { DAY_MS, dayOf, type LimitReset } from "../kernel/windows.ts";
import { createMailer } from "../mail/mailer.ts";
import { createCreditStore } from "../storage/ledger/credits.ts";
import { placeOf } from "../storage/ledger/limits.ts";
import { boundLimits } from "../storage/stores/bound-limits.ts";
import { createBudgetStore } from "../storage/stores/budgets.ts";
import { createKeyStore } from "../storage/stores/keys.ts";
import { createLimitNoticeStore, MOST_AT_ONCE } from "../storage/stores/limit-notices.ts";
import { createMailStore } from "../storage/stores/mail.ts";
import { tellOfLimits } from "./limit-notices.ts";

/** A Tuesday. */
const NOON = Date.UTC(2026, 10, 24, 12);
const USD = 1_000_000_000n;

eachEngine((databases) => {
  async function start() {
    const storage = await databases.open();
    const { db } = storage;
    const clock = { now: NOON, nowMs: () => clock.now, monotonicMs: () => performance.now() };
    const userId = await storedPerson(storage, "budi@example.com");
    const ownerId = await storedPerson(storage, "owner@example.com");
    const mails = createMailStore(db);
    const mailer = createMailer({ store: mails, clock, smtpUrl: null, from: "a@example.com", onFailure: () => {} });
    const notices = createLimitNoticeStore(db);
    const people: Record<string, string> = { [userId]: "budi@example.com", [ownerId]: "owner@example.com" };
    const deps = {
      notices,
      bounds: (ids: readonly string[]) => boundLimits(db, ids),
      owners: async () => [ownerId],
      people: async (ids: readonly string[]) =>
        [...new Set(ids)].map((id) => ({ id, name: "Budi", email: people[id] ?? "", locale: "en" as const })),
      mailer,
      alsoTell: async () => {},
      baseUrl: "https://gateway.example.com",
      display: null,
      clock,
    };
    const keys = createKeyStore(db);
    const key = async (name: string, nano: bigint, reset: LimitReset | null = "daily") => {
      const made = createApiKey("inference");
      await keys.create(made, { userId, name, expiresAt: null, limitNano: nano, limitReset: reset }, NOON);
      return made.publicId;
    };
    /** As the ledger leaves it behind: so much of a limit is charged in the window that is running. */
    const spent = async (
      limit: { scope: "key" | "account" | "instance"; ownerId: string; reset: LimitReset | null; nano: bigint },
      posted: bigint,
    ) => {
      const place = placeOf(limit, clock.now);
      const amounts = { posted_nano: posted, pending_nano: 0n, lim_nano: limit.nano, ceiling_nano: limit.nano };
      await db
        .insertInto("spend_limit")
        .values({ ...place, ...amounts })
        .onConflict((conflict) => conflict.column("id").doUpdateSet(amounts))
        .execute();
    };
    const subjects = async () => (await mails.mailbox(500)).map(({ recipient, subject }) => [recipient, subject]);
    return { storage, deps, clock, notices, userId, ownerId, keys, key, spent, subjects, mails };
  }

  test("each mark of a limit is told once in a window, by one mail and one line, however often it is looked", async () => {
    const { deps, clock, key, spent, subjects, notices, userId } = await start();
    const ownerId = await key("Chatbot", 5n * USD);
    const limit = { scope: "key", ownerId, reset: "daily", nano: 5n * USD } as const;
    for (const [posted, mails] of [
      [2n, 0],
      [3n, 1],
      [3n, 1],
      [4n, 2],
      [5n, 3],
    ] as const) {
      await spent(limit, posted * USD);
      clock.now += 11 * 60_000;
      await tellOfLimits(deps);
      await tellOfLimits(deps);
      expect([posted, (await subjects()).length]).toEqual([posted, mails]);
    }
    expect((await subjects()).map(([, subject]) => subject)).toEqual([
      "The daily limit of the key “Chatbot” is used up",
      "80 % of the daily limit of the key “Chatbot” is used",
      "50 % of the daily limit of the key “Chatbot” is used",
    ]);
    expect((await notices.open(userId)).map(({ mark }) => mark).sort()).toEqual([100, 50, 80]);
    clock.now += DAY_MS;
    await tellOfLimits(deps);
    expect(await subjects()).toHaveLength(3);
    await spent(limit, 4n * USD);
    await tellOfLimits(deps);
    expect((await subjects())[0]?.[1]).toBe("80 % of the daily limit of the key “Chatbot” is used");
  });

  test("what crosses several marks at once, or within ten minutes of a mail, is one mail with the highest", async () => {
    const { deps, clock, key, spent, subjects, mails } = await start();
    const first = { scope: "key", ownerId: await key("First", USD), reset: "daily", nano: USD } as const;
    const second = { scope: "key", ownerId: await key("Second", USD), reset: "daily", nano: USD } as const;
    await spent(first, (USD * 6n) / 10n);
    await tellOfLimits(deps);
    await spent(first, USD);
    await spent(second, (USD * 9n) / 10n);
    clock.now += 60_000;
    await tellOfLimits(deps);
    expect(await subjects()).toHaveLength(1);
    clock.now += 10 * 60_000;
    await tellOfLimits(deps);
    const [last, ...others] = await mails.mailbox(10);
    expect(others).toHaveLength(1);
    expect(last?.subject).toBe("The daily limit of the key “First” is used up, and 1 more");
    expect(last?.text_body).toContain("https://gateway.example.com/budgets");
  });

  test("two nodes that look at the same moment send one mail", async () => {
    const { deps, key, spent, subjects } = await start();
    const ownerId = await key("Chatbot", USD);
    await spent({ scope: "key", ownerId, reset: "daily", nano: USD }, USD);
    await Promise.all(Array.from({ length: 4 }, () => tellOfLimits(deps)));
    expect(await subjects()).toHaveLength(1);
  });

  test("the account is told of its budget and credit, the owner of the instance's", async () => {
    const { deps, storage, spent, subjects, userId, ownerId } = await start();
    const budgets = createBudgetStore(storage.db);
    await budgets.set({ scope: "account", ownerId: userId }, { reset: "monthly", nano: USD, setBy: "owner" }, NOON);
    await budgets.set({ scope: "instance", ownerId: "" }, { reset: "weekly", nano: USD, setBy: "owner" }, NOON);
    await budgets.setBilling(userId, "prepaid", NOON);
    const identity = { principal: ownerId, name: "a", requestHash: "", nowMs: NOON };
    await createCreditStore(storage).topUp({ userId, nano: USD, note: null, actorId: ownerId }, identity);
    await storage.db.updateTable("spend_limit").set({ posted_nano: USD }).where("scope", "=", "credit").execute();
    await spent({ scope: "account", ownerId: userId, reset: "monthly", nano: USD }, USD);
    await spent({ scope: "instance", ownerId: "", reset: "weekly", nano: USD }, USD);
    await tellOfLimits(deps);
    const told = await subjects();
    expect(told.filter(([to]) => to === "owner@example.com")).toEqual([
      ["owner@example.com", "The instance’s weekly budget is used up"],
    ]);
    expect(told.filter(([to]) => to === "budi@example.com").map(([, subject]) => subject)).toEqual([
      expect.stringMatching(/^Your (credit|account’s monthly budget) is used up, and 1 more$/),
    ]);
  });

  test("nothing is told of a limit that was taken away or changed, or of a key that is gone; of a new limit it is", async () => {
    const { deps, clock, key, keys, spent, subjects, userId } = await start();
    const [gone, free, changed] = [await key("Gone", USD), await key("Free", USD), await key("Changed", USD)];
    for (const ownerId of [gone, free, changed]) await spent({ scope: "key", ownerId, reset: "daily", nano: USD }, USD);
    await keys.delete(userId, gone, NOON);
    await keys.update(userId, free, { limitNano: null }, NOON);
    await keys.update(userId, changed, { limitNano: 10n * USD }, NOON);
    await tellOfLimits(deps);
    expect(await subjects()).toEqual([]);
    clock.now += 60_000;
    await spent({ scope: "key", ownerId: changed, reset: "daily", nano: 10n * USD }, 5n * USD);
    await tellOfLimits(deps);
    expect((await subjects()).map(([, subject]) => subject)).toEqual([
      "50 % of the daily limit of the key “Changed” is used",
    ]);
  });

  test("what is switched off is not told, and is not told later either", async () => {
    const { deps, clock, key, spent, subjects, notices, userId } = await start();
    await notices.choose(userId, { mail: false, dashboard: true, forecast: true });
    const ownerId = await key("Quiet", USD);
    await spent({ scope: "key", ownerId, reset: "daily", nano: USD }, USD);
    await tellOfLimits(deps);
    expect([await subjects(), (await notices.open(userId)).length]).toEqual([[], 1]);
    await notices.choose(userId, { mail: true, dashboard: false, forecast: true });
    clock.now += 60_000;
    await tellOfLimits(deps);
    expect(await subjects()).toEqual([]);
    const other = await key("By mail", USD);
    await spent({ scope: "key", ownerId: other, reset: "daily", nano: USD }, USD);
    await tellOfLimits(deps);
    expect([(await subjects()).length, (await notices.open(userId)).length]).toEqual([1, 1]);
  });

  test("a pace that will not last until the limit begins anew is told once, and one that lasts is not", async () => {
    const { deps, clock, key, spent, subjects } = await start();
    // Tuesday noon: a day and a half of the week are over.
    const fast = {
      scope: "key",
      ownerId: await key("Fast", 10n * USD, "weekly"),
      reset: "weekly",
      nano: 10n * USD,
    } as const;
    const slow = {
      scope: "key",
      ownerId: await key("Slow", 10n * USD, "weekly"),
      reset: "weekly",
      nano: 10n * USD,
    } as const;
    await spent(fast, 3n * USD);
    await spent(slow, 2n * USD);
    await tellOfLimits(deps);
    clock.now += 60 * 60_000;
    await tellOfLimits(deps);
    expect((await subjects()).map(([, subject]) => subject)).toEqual([
      "At this pace the weekly limit of the key “Fast” ends on November 28, 2026",
    ]);
  });

  test("limits of windows that are over are not looked at, and however many there are, none is left out", async () => {
    const { deps, clock, key, keys, spent, subjects, notices, userId, storage } = await start();
    const old = await key("Old", USD);
    await spent({ scope: "key", ownerId: old, reset: "daily", nano: USD }, USD);
    clock.now += DAY_MS;
    for (let index = 0; index < MOST_AT_ONCE + 5; index++) {
      const ownerId = await key(`Key ${index}`, USD);
      await spent({ scope: "key", ownerId, reset: "daily", nano: USD }, USD);
      // The first page is full of keys that nobody is told of.
      if (index < MOST_AT_ONCE) await keys.update(userId, ownerId, { disabled: true }, clock.now);
    }
    await tellOfLimits(deps);
    expect(await subjects()).toHaveLength(1);
    expect(await notices.open(userId)).toHaveLength(5);
    const days = await storage.db.selectFrom("limit_notice").select("limit_id").execute();
    expect(days.every(({ limit_id }) => limit_id.endsWith(`/${dayOf(clock.now)}`))).toBe(true);
  });
});
