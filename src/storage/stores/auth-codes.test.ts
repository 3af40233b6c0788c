import { expect, test } from "bun:test";
import { eachEngine } from "../../../test/support/databases.ts";
import { storedPerson } from "../../../test/support/stored.ts";
import { createApiKey } from "../../kernel/api-key.ts";
import { createAuthCodeStore } from "./auth-codes.ts";
import { createKeyStore } from "./keys.ts";
import { createPeopleStore } from "./people.ts";
import { createTeamStore } from "./teams.ts";

const NOW = Date.UTC(2026, 10, 24, 12);
const HASH = "a".repeat(64);

eachEngine((databases) => {
  async function start() {
    const storage = await databases.open();
    const userId = await storedPerson(storage, "budi@example.com");
    const codes = createAuthCodeStore(storage.db);
    await codes.keep({
      code_hash: HASH,
      user_id: userId,
      created_at: NOW,
      expires_at: NOW + 600_000,
      code_challenge: "challenge",
      code_challenge_method: "plain",
      app_origin: "https://app.example.com",
      key_name: "app.example.com",
      key_limit_nano: 5_000_000_001n,
      key_limit_reset: "weekly",
      key_expires_at: NOW + 86_400_000,
      created_by: null,
    });
    const exchange = (isRight = true, atMs = NOW + 1) =>
      codes.exchange(HASH, { key: createApiKey("inference"), isProven: () => isRight }, atMs);
    return { storage, userId, codes, exchange };
  }

  test("of twenty exchanges of one code at once exactly one makes a key", async () => {
    const { storage, userId, exchange } = await start();
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => exchange()));
    expect(outcomes.filter(({ kind }) => kind === "made")).toHaveLength(1);
    expect(outcomes.filter(({ kind }) => kind === "unknown")).toHaveLength(19);
    const { keys } = await createKeyStore(storage.db).list(userId, { limit: 100, nowMs: NOW });
    expect(keys).toHaveLength(1);
    expect(keys[0]).toMatchObject({
      name: "app.example.com",
      kind: "inference",
      limit_nano: 5_000_000_001n,
      limit_reset: "weekly",
      expires_at: NOW + 86_400_000,
      app_origin: "https://app.example.com",
    });
  });

  test("who consented and has left the team since, looks on alone, or is not let in any more, has made no key", async () => {
    for (const change of ["member", "viewer", "left", "suspended"] as const) {
      const { storage, userId, codes } = await start();
      const { db, engine } = storage;
      const teams = createTeamStore(db, engine);
      const maker = await storedPerson(storage, "siti@example.com");
      const team = await teams.create({ name: "Tim", owner: userId }, NOW);
      await teams.add({ accountId: team, userId: maker, role: "member", invitedBy: userId }, NOW);
      const code = await codes.find(HASH, NOW + 1);
      if (code === null) throw new Error("the code is there");
      const hash = "b".repeat(64);
      await codes.keep({ ...code, code_hash: hash, user_id: team, created_by: maker });
      if (change === "viewer") await teams.setRole(team, maker, "viewer");
      if (change === "left")
        await db.updateTable("account_member").set({ ended_at: NOW }).where("user_id", "=", maker).execute();
      if (change === "suspended") await createPeopleStore(db).setSuspended(maker, NOW, NOW);
      const outcome = await codes.exchange(hash, { key: createApiKey("inference"), isProven: () => true }, NOW + 1);
      expect([change, outcome.kind]).toEqual([change, change === "member" ? "made" : "unknown"]);
    }
  });

  test("a wrong verifier uses the code up and makes no key", async () => {
    const { storage, userId, exchange } = await start();
    expect(await exchange(false)).toEqual({ kind: "wrong_verifier" });
    expect(await exchange(true)).toEqual({ kind: "unknown" });
    expect((await createKeyStore(storage.db).list(userId, { limit: 100, nowMs: NOW })).total).toBe(0);
  });

  test("a code works until the moment it expires, and not from then on", async () => {
    const { codes, exchange } = await start();
    expect(await codes.find(HASH, NOW + 600_000)).toBeNull();
    expect(await exchange(true, NOW + 600_000)).toEqual({ kind: "unknown" });
    expect(await codes.find(HASH, NOW + 599_999)).not.toBeNull();
    expect(await exchange(true, NOW + 599_999)).toMatchObject({ kind: "made" });
    expect(await codes.find(HASH, NOW + 599_999)).toBeNull();
  });

  test("codes that have ended are dropped, others stay", async () => {
    const { storage, codes } = await start();
    await codes.prune(NOW + 600_000);
    expect(await codes.find(HASH, NOW)).not.toBeNull();
    await codes.prune(NOW + 600_001);
    expect(await storage.db.selectFrom("auth_code").selectAll().execute()).toEqual([]);
  });
});
