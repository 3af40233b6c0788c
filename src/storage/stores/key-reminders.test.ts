import { expect, test } from "bun:test";
import { eachEngine } from "../../../test/support/databases.ts";
import { storedPerson } from "../../../test/support/stored.ts";
import { createApiKey } from "../../kernel/api-key.ts";
import { DAY_MS } from "../../kernel/windows.ts";
import { createKeyReminderStore } from "./key-reminders.ts";
import { createKeyStore } from "./keys.ts";

const NOW = Date.UTC(2026, 10, 27, 12);
const END = NOW + 90 * DAY_MS;

eachEngine((databases) => {
  async function start() {
    const { db, ...storage } = await databases.open();
    const userId = await storedPerson({ db, ...storage }, "budi@example.com");
    const keys = createKeyStore(db);
    const reminders = createKeyReminderStore(db);
    const make = async (name: string, expiresAt: number | null) => {
      const key = createApiKey("inference");
      await keys.create(key, { userId, name, expiresAt }, NOW);
      return key.publicId;
    };
    const mail = (id: string) => ({ id, recipient: "budi@example.com", subject: "s", text: "t", html: "h" });
    const round = async (nowMs: number) => {
      const [due, ...others] = await reminders.due(nowMs);
      expect(others).toEqual([]);
      if (!due) return [];
      expect(await reminders.tell(due, mail(`mail_${nowMs}`), nowMs)).toBe(true);
      return due.keys.map(({ name, days }) => `${name} ${days}`);
    };
    return { db, userId, keys, reminders, make, mail, round };
  }

  test("each end is told once seven days and once one day before, by one mail each", async () => {
    const { db, make, round } = await start();
    await make("Job", END);
    await make("For ever", null);
    const told: string[][] = [];
    for (const beforeMs of [8 * DAY_MS, 7 * DAY_MS, 6 * DAY_MS, DAY_MS, 1_000, 0, -DAY_MS])
      told.push(await round(END - beforeMs));
    expect(told).toEqual([[], ["Job 7"], [], ["Job 1"], [], [], []]);
    expect(await db.selectFrom("mail").select("id").execute()).toHaveLength(2);
  });

  test("who was not looked after for a week is told the nearer end alone, all keys in one mail", async () => {
    const { make, round } = await start();
    await make("One", END);
    await make("Two", END + 3 * DAY_MS);
    expect(await round(END - 1_000)).toEqual(["One 1", "Two 7"]);
  });

  test("keys that are disabled, deleted or made to live that long are not announced, another end is announced anew", async () => {
    const { keys, userId, make, round } = await start();
    const disabled = await make("Disabled", END);
    const deleted = await make("Deleted", END);
    const moved = await make("Moved", END);
    await keys.update(userId, disabled, { disabled: true }, NOW);
    await keys.delete(userId, deleted, NOW);
    expect(await round(END - DAY_MS)).toEqual(["Moved 1"]);
    await keys.update(userId, moved, { expiresAt: END + 30 * DAY_MS }, NOW);
    expect(await round(END)).toEqual([]);
    expect(await round(END + 29 * DAY_MS)).toEqual(["Moved 1"]);
    await make("Short", NOW + 5 * DAY_MS);
    expect(await round(NOW + 1)).toEqual([]);
  });

  test("of processes that look at the same time one tells, and no mail is left by the other", async () => {
    const { db, reminders, make, mail } = await start();
    await make("Job", END);
    const [due] = await reminders.due(END - DAY_MS);
    if (!due) throw new Error("nothing is due");
    const told = await Promise.all(["a", "b", "c"].map((id) => reminders.tell(due, mail(id), END - DAY_MS)));
    expect(told.filter(Boolean)).toHaveLength(1);
    expect(await db.selectFrom("mail").select("id").execute()).toHaveLength(1);
  });

  test("a reminder stands in the dashboard until it is put away, the key has ended or its end has moved", async () => {
    const { keys, userId, reminders, make, round } = await start();
    const id = await make("Job", END);
    const at = END - DAY_MS;
    await round(at);
    expect(await reminders.open({ userId, accountId: userId }, at)).toMatchObject([
      { keyId: id, keyName: "Job", expiresAt: END },
    ]);
    expect(await reminders.open({ userId: "somebody", accountId: userId }, at)).toEqual([]);
    expect(await reminders.open({ userId, accountId: userId }, END)).toEqual([]);
    expect(await reminders.dismiss("somebody", id, at)).toBe(false);
    expect(await reminders.dismiss(userId, id, at)).toBe(true);
    expect(await reminders.open({ userId, accountId: userId }, at)).toEqual([]);
    await keys.update(userId, id, { expiresAt: END + DAY_MS }, at);
    await round(END);
    await keys.update(userId, id, { expiresAt: null }, at);
    expect(await reminders.open({ userId, accountId: userId }, END)).toEqual([]);
  });
});
