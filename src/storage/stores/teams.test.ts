import { expect, test } from "bun:test";
import { eachEngine } from "../../../test/support/databases.ts";
import { storedPerson } from "../../../test/support/stored.ts";
import { createApiKey } from "../../kernel/api-key.ts";
import { createKeyStore } from "./keys.ts";
import { createPeopleStore } from "./people.ts";
import { createTeamInvitationStore } from "./team-invitations.ts";
import { createTeamStore } from "./teams.ts";

const NOW = Date.UTC(2027, 2, 9, 12);

eachEngine((databases) => {
  async function start() {
    const storage = await databases.open();
    const { db, engine } = storage;
    const teams = createTeamStore(db, engine);
    const owner = await storedPerson(storage, "siti@example.com");
    const admin = await storedPerson(storage, "budi@example.com");
    const accountId = await teams.create({ name: "Tim", owner }, NOW);
    await teams.add({ accountId, userId: admin, role: "admin", invitedBy: owner }, NOW);
    return { db, engine, teams, people: createPeopleStore(db), owner, admin, accountId };
  }

  test("a key of a team acts for nobody while its maker is suspended, whose invitations are worth nothing", async () => {
    const { db, teams, people, admin, accountId } = await start();
    const made = createApiKey("management");
    await createKeyStore(db).create(made, { userId: accountId, createdBy: admin, name: "Bot", expiresAt: null }, NOW);
    const invitations = createTeamInvitationStore(db);
    const times = { createdAt: NOW, sentAt: NOW, expiresAt: NOW + 1_000 };
    const invitation = { id: "inv_1", accountId, email: "b@example.com", role: "admin", invitedBy: admin } as const;
    await invitations.create({ ...invitation, ...times, tokenHash: "hash" });
    expect(await teams.roleOfKey(made.publicId)).toEqual({ role: "admin", createdBy: admin });
    await people.setSuspended(admin, NOW, NOW);
    expect(await teams.roleOfKey(made.publicId)).toEqual({ role: null, createdBy: admin });
    expect(await invitations.ofTeam(accountId)).toEqual([]);
    await people.setSuspended(admin, null, NOW);
    expect(await teams.roleOfKey(made.publicId)).toEqual({ role: "admin", createdBy: admin });
  });

  test("somebody is at work in an account only while session, person, role and account are as they were", async () => {
    const { db, engine, teams, people, admin: userId, accountId } = await start();
    const at = engine === "postgres" ? new Date(NOW) : new Date(NOW).toISOString();
    const session = { id: "s_1", token: "t", user_id: userId, expires_at: at, created_at: at, updated_at: at };
    const rest = { ip_address: null, user_agent: null, proven_at: null, signed_in_with: null };
    const begin = () =>
      db
        .insertInto("session")
        .values({ ...session, ...rest })
        .execute();
    const isThere = (role: "admin" | "owner" = "admin", account = accountId) =>
      teams.isStillIn({ sessionId: "s_1", userId, accountId: account, role });
    await begin();
    expect([await isThere(), await isThere("owner", userId), await isThere("owner")]).toEqual([true, true, false]);
    await db.deleteFrom("session").execute();
    expect([await isThere(), await isThere("owner", userId)]).toEqual([false, false]);
    await begin();
    await people.setSuspended(accountId, NOW, NOW);
    expect([await isThere(), await isThere("owner", userId)]).toEqual([false, true]);
    await people.setSuspended(accountId, null, NOW);
    await teams.end(accountId, userId, NOW);
    expect(await isThere()).toBe(false);
  });
});
