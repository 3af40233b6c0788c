import { expect, test } from "bun:test";
import { eachEngine } from "../../../test/support/databases.ts";
import { storedPerson } from "../../../test/support/stored.ts";
import { newId } from "../../kernel/ids.ts";
import type { Storage } from "../open.ts";
import { createAccountStore } from "./accounts.ts";

const NOW = 1_800_000_000_000;
const DAY_MS = 86_400_000;

eachEngine((databases) => {
  async function start() {
    const storage = await databases.open();
    const userId = await storedPerson(storage, "budi@example.com");
    return { storage, userId, store: createAccountStore(storage.db, storage.engine) };
  }

  async function storedSession(
    { db, engine }: Storage,
    session: { userId: string; expiresAtMs: number },
  ): Promise<string> {
    const id = newId("session");
    const time = (ms: number) => (engine === "postgres" ? new Date(ms) : new Date(ms).toISOString());
    await db
      .insertInto("session")
      .values({
        id,
        token: newId("token"),
        user_id: session.userId,
        created_at: time(NOW),
        updated_at: time(NOW),
        expires_at: time(session.expiresAtMs),
        ip_address: "127.0.0.1",
        user_agent: null,
      })
      .execute();
    return id;
  }

  test("a person is found by id and by address with the values that were stored", async () => {
    const { store, userId } = await start();
    const person = {
      id: userId,
      name: "Budi Santoso",
      email: "budi@example.com",
      emailVerified: true,
      role: "member" as const,
      locale: null,
      suspended: false,
      createdAt: 1_700_000_000_000,
    };
    expect(await store.findById(userId)).toEqual(person);
    expect(await store.findByEmail("budi@example.com")).toEqual(person);
    await store.update(userId, { name: "Budi", locale: "id", email: "b@example.com" }, NOW);
    expect(await store.list()).toEqual([{ ...person, name: "Budi", locale: "id", email: "b@example.com" }]);
    expect(await store.findByEmail("budi@example.com")).toBeNull();
  });

  test("an address belongs to one account", async () => {
    const { storage, store } = await start();
    const other = await storedPerson(storage, "siti@example.com");
    await expect(storedPerson(storage, "budi@example.com")).rejects.toThrow();
    await expect(store.update(other, { email: "budi@example.com" }, NOW)).rejects.toThrow();
    expect(await store.findById(other)).toMatchObject({ email: "siti@example.com" });
  });

  test("of many who claim the instance at once, one becomes its owner", async () => {
    const { storage, store } = await start();
    const people = await Promise.all(Array.from({ length: 8 }, (_, n) => storedPerson(storage, `p${n}@example.com`)));
    const claims = await Promise.all(people.map((id) => store.claimOwnership(id)));
    expect(claims.filter(Boolean)).toHaveLength(1);
    const owner = people[claims.indexOf(true)] ?? "";
    expect(await store.ownerId()).toBe(owner);
    expect((await store.list()).filter(({ role }) => role === "owner").map(({ id }) => id)).toEqual([owner]);
  });

  test("an account that does not exist cannot become the owner and lock everybody out", async () => {
    const { store, userId } = await start();
    await expect(store.claimOwnership("nobody")).rejects.toThrow();
    expect(await store.ownerId()).toBeNull();
    expect(await store.claimOwnership(userId)).toBe(true);
  });

  test("an account has one password, also when two are set at once", async () => {
    const { storage, store, userId } = await start();
    expect(await store.passwordHash(userId)).toBeNull();
    await Promise.all(["one", "two", "three"].map((hash) => store.setPasswordHash(userId, hash, NOW)));
    await store.setPasswordHash(userId, "last", NOW);
    expect(await store.passwordHash(userId)).toBe("last");
    expect(await storage.db.selectFrom("credential").selectAll().execute()).toHaveLength(1);
  });

  test("sessions are listed while they are valid, and pruned when they are not", async () => {
    const { storage, store, userId } = await start();
    const valid = await storedSession(storage, { userId, expiresAtMs: NOW + DAY_MS });
    await storedSession(storage, { userId, expiresAtMs: NOW - 1 });
    expect(await store.sessions(userId, NOW)).toEqual([
      {
        id: valid,
        createdAt: NOW,
        lastActiveAt: NOW,
        expiresAt: NOW + DAY_MS,
        ipAddress: "127.0.0.1",
        userAgent: null,
        provenAt: NOW,
        signedInWith: null,
      },
    ]);
    await store.pruneSessions(NOW);
    expect((await storage.db.selectFrom("session").select("id").execute()).map(({ id }) => id)).toEqual([valid]);
  });

  test("ending sessions ends one's own alone, and all but the kept one", async () => {
    const { storage, store, userId } = await start();
    const other = await storedPerson(storage, "siti@example.com");
    const expiresAtMs = NOW + DAY_MS;
    const [kept, ended, theirs] = [
      await storedSession(storage, { userId, expiresAtMs }),
      await storedSession(storage, { userId, expiresAtMs }),
      await storedSession(storage, { userId: other, expiresAtMs }),
    ];
    expect(await store.endSession(userId, theirs)).toBe(false);
    expect(await store.endSession(userId, ended)).toBe(true);
    expect(await store.endSession(userId, ended)).toBe(false);
    await storedSession(storage, { userId, expiresAtMs });
    await store.endSessions(userId, kept);
    expect((await store.sessions(userId, NOW)).map(({ id }) => id)).toEqual([kept]);
    expect((await store.sessions(other, NOW)).map(({ id }) => id)).toEqual([theirs]);
    await store.endSessions(userId, null);
    expect(await store.sessions(userId, NOW)).toEqual([]);
  });

  test("an invitation is accepted once, in time, and for its own address alone", async () => {
    const { store, userId } = await start();
    const invite = (tokenHash: string, email: string) =>
      store.createInvitation({
        id: newId("inv"),
        email,
        tokenHash,
        invitedBy: userId,
        createdAt: NOW,
        expiresAt: NOW + DAY_MS,
        acceptedAt: null,
      });
    await invite("hash-1", "siti@example.com");
    expect(await store.invitationIsOpen("hash-1", "siti@example.com", NOW)).toBe(true);
    expect(await store.invitationIsOpen("hash-1", "other@example.com", NOW)).toBe(false);
    expect(await store.acceptInvitation("hash-1", NOW + DAY_MS)).toBe(false);
    const accepted = await Promise.all(Array.from({ length: 5 }, () => store.acceptInvitation("hash-1", NOW)));
    expect(accepted.filter(Boolean)).toHaveLength(1);
    expect(await store.invitationIsOpen("hash-1", "siti@example.com", NOW)).toBe(false);
  });

  test("a second invitation to an address takes the place of the open one, and accepted ones stay on record", async () => {
    const { store, userId } = await start();
    const invite = (tokenHash: string) => {
      const times = { createdAt: NOW, expiresAt: NOW + DAY_MS, acceptedAt: null };
      return store.createInvitation({
        id: tokenHash,
        email: "siti@example.com",
        tokenHash,
        invitedBy: userId,
        ...times,
      });
    };
    await invite("hash-1");
    await invite("hash-2");
    expect(await store.acceptInvitation("hash-1", NOW)).toBe(false);
    expect(await store.acceptInvitation("hash-2", NOW)).toBe(true);
    await invite("hash-3");
    expect((await store.invitations()).map(({ id }) => id).sort()).toEqual(["hash-2", "hash-3"]);
    expect(await store.deleteInvitation("hash-3")).toBe(true);
    expect(await store.deleteInvitation("hash-3")).toBe(false);
  });
});
