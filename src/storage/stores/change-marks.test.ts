import { expect, test } from "bun:test";
import { eachEngine } from "../../../test/support/databases.ts";
import { storedPerson, usageRow } from "../../../test/support/stored.ts";
import { createApiKey } from "../../kernel/api-key.ts";
import { CHANGES, type Change } from "../../kernel/changes.ts";
import { createUsageWriter } from "../usage-writer/usage-writer.ts";
import { createAlertStore } from "./alerts.ts";
import { changeMarks } from "./change-marks.ts";
import { createKeyStore } from "./keys.ts";

const NOW = Date.UTC(2026, 10, 24, 0, 0, 1);

eachEngine((databases) => {
  test("requests, alerts and keys each leave a mark, for the account, and for whoever made the key", async () => {
    const storage = await databases.open();
    const { db } = storage;
    const userId = await storedPerson(storage, "budi@example.com");
    const [keys, alerts, writer] = [createKeyStore(db), createAlertStore(db), createUsageWriter(storage)];
    const key = createApiKey("inference");
    const made = { userId, name: "First", expiresAt: null, createdBy: "user_maker" };
    const read = () =>
      Promise.all([null, "user_maker", "user_else"].map((maker) => changeMarks(db, { accountId: userId, maker }, NOW)));
    let before = await read();
    const changedBy = async (change: () => Promise<unknown>) => {
      await change();
      const after = await read();
      const changed = after.map((marks, index) => CHANGES.filter((name) => marks[name] !== before[index]?.[name]));
      before = after;
      return changed;
    };
    const bothSee = (name: Change): Change[][] => [[name], [name], []];

    expect(await changedBy(() => keys.create(key, made, NOW))).toEqual(bothSee("keys"));
    const id = key.publicId;
    expect(await changedBy(() => keys.update(userId, id, { disabled: true }, NOW))).toEqual(bothSee("keys"));
    // It began before midnight and ends now.
    const row = usageRow({ user_id: userId, key_id: id, created_at: NOW - 60_000 });
    expect(await changedBy(() => writer.record(row))).toEqual(bothSee("usage"));
    const alert = {
      ...{ userId, keyId: id, level: "alert" as const },
      facts: { kind: "unusual_use" as const, score: 9, evidence: [], isFrozen: false },
    };
    expect(await changedBy(() => alerts.raise(alert, NOW))).toEqual(bothSee("alerts"));
    expect(await changedBy(() => alerts.raise(alert, NOW))).toEqual(bothSee("alerts"));
    const [open] = await alerts.list(userId, { state: "open", limit: 1 });
    const answered = () => alerts.answer(userId, open?.id ?? "", { answer: "me", nowMs: NOW });
    expect(await changedBy(answered)).toEqual(bothSee("alerts"));
    expect(await changedBy(() => keys.delete(userId, id, NOW))).toEqual(bothSee("keys"));
    expect(await changedBy(async () => undefined)).toEqual([[], [], []]);
    await writer.close();
  });
});
