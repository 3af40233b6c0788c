/** Teams as people live with them: invited, promoted, handed over, taken out. Accounts are made by invitation alone here. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { AUDIT_ACTIONS } from "../../src/kernel/audit.ts";
import { openStorage } from "../../src/storage/open.ts";
import { bearer, managementKey } from "../support/keys.ts";
import { proofOf } from "../support/proof.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { idOf } from "../support/team.ts";
import { type Answer, expectStatus, PASSWORD, until, type Visitor } from "../support/visitor.ts";

const TIMEOUT_MS = 120_000;

let server: TestServer;
let owner: Visitor;
let team: string;

beforeAll(async () => {
  server = await startServer({ SIGN_UP_POLICY: "invitation" });
  owner = await server.visitor().join("owner@example.com");
  team = expectStatus(await owner.dashboard("/accounts", { name: "Tim Anggrek" }), 201).body.id;
}, TIMEOUT_MS);
afterAll(() => server.stop());

const codeOf = ({ body }: Answer) => body.error?.metadata.error_code;
const invite = (from: Visitor, email: string, role = "member") => from.dashboard("/team/invitations", { email, role });
const hello = { model: "gpt-3.5", messages: [{ role: "user", content: "Halo" }] };
const callWith = (key: string) =>
  server.visitor().call("/api/v1/chat/completions", { body: hello, headers: bearer(key) });

/** From an invitation to a member who works in the team. */
async function joined(email: string, role = "member", by = owner): Promise<Visitor> {
  expectStatus(await invite(by, email, role), 201);
  const person = server.visitor();
  const token = await person.mailedToken(email);
  const signedUp = await person.signUp(email, { invitation: token });
  expect(signedUp.body.status).toBe("ready_to_log_in");
  expectStatus(await person.login(email), 200);
  expectStatus(await person.dashboard("/accounts/join", { token }), 200);
  return person;
}

test(
  "an invitation makes an account and a membership, once, for its address alone",
  async () => {
    expect(codeOf(await server.visitor().signUp("siti@example.com"))).toBe("sign_up_by_invitation");
    const answer = expectStatus(await invite(owner, "siti@example.com", "viewer"), 201);
    const siti = server.visitor();
    const token = await siti.mailedToken("siti@example.com");
    expect((await siti.dashboard("/team-invitation", { token })).body).toMatchObject({
      ...{ teamName: "Tim Anggrek", role: "viewer", email: "siti@example.com" },
    });
    expect(codeOf(await siti.signUp("budi@example.com", { invitation: token }))).toBe("sign_up_by_invitation");
    expectStatus(await siti.signUp("siti@example.com", { invitation: token }), 202);
    expectStatus(await siti.login("siti@example.com"), 200);
    const { invitations } = (await siti.dashboard("/accounts")).body;
    expect(invitations).toMatchObject([{ id: answer.body.id, teamName: "Tim Anggrek", role: "viewer" }]);
    expect(codeOf(await owner.dashboard("/accounts/join", { token }))).toBe("invitation_for_another");
    const tries = await Promise.all([1, 2, 3].map(() => siti.dashboard("/accounts/join", { token })));
    expect(tries.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await siti.dashboard("/team")).body).toMatchObject({ id: team, role: "viewer", kind: "team" });
    expect(codeOf(await siti.dashboard("/keys", { name: "Not for me" }))).toBe("role_too_low");
    expect(codeOf(await invite(owner, "siti@example.com"))).toBe("already_member");
  },
  TIMEOUT_MS,
);

test("the answer to an invitation is the same whether or not the address has an account", async () => {
  const shape = ({ status, body }: Answer) => [status, Object.keys(body).sort(), body.role];
  expectStatus(await owner.dashboard("/invitations", { email: "known@example.com" }), 201);
  const person = server.visitor();
  const invitation = await person.mailedToken("known@example.com");
  expectStatus(await person.signUp("known@example.com", { invitation }), 202);
  const known = await invite(owner, "known@example.com", "admin");
  const other = await invite(owner, "stranger@example.com", "admin");
  expect(shape(known)).toEqual(shape(other));
  expect(codeOf(await server.visitor().dashboard("/team-invitation", { token: "x".repeat(43) }))).toBe("link_expired");
});

test(
  "a link that was sent again, withdrawn, declined or let lie opens nothing",
  async () => {
    const look = (token: string) => server.visitor().dashboard("/team-invitation", { token });
    const { id } = expectStatus(await invite(owner, "rina@example.com"), 201).body;
    const rina = server.visitor();
    const first = await rina.mailedToken("rina@example.com");
    expectStatus(await owner.dashboard(`/team/invitations/${id}/resend`, {}), 200);
    expect(codeOf(await look(first))).toBe("link_expired");
    const mails = await rina.mailsTo("rina@example.com");
    const second = await rina.mailedToken("rina@example.com");
    expect([mails.length, second === first]).toEqual([2, false]);
    expectStatus(await look(second), 200);
    expectStatus(await owner.dashboard(`/team/invitations/${id}`, undefined, "DELETE"), 200);
    expect(codeOf(await look(second))).toBe("link_expired");
    expectStatus(await invite(owner, "tono@example.com"), 201);
    const late = await rina.mailedToken("tono@example.com");
    const storage = await openStorage({ dataDir: server.dataDir });
    await storage.db
      .updateTable("team_invitation")
      .set({ expires_at: Date.now() - 1 })
      .execute();
    await storage.close();
    expect(codeOf(await look(late))).toBe("link_expired");
  },
  TIMEOUT_MS,
);

test(
  "nobody gives or takes a role above their own, and no team is left without an owner",
  async () => {
    const admin = await joined("admin@example.com", "admin");
    const dewi = await joined("dewi@example.com");
    const [ownerId, adminId, dewiId] = [await idOf(owner), await idOf(admin), await idOf(dewi)];
    const setRole = (by: Visitor, id: string, role: string) => by.dashboard(`/team/members/${id}`, { role }, "PATCH");
    expect(codeOf(await setRole(admin, dewiId, "owner"))).toBe("role_too_low");
    expect(codeOf(await setRole(admin, ownerId, "viewer"))).toBe("role_too_low");
    expect(codeOf(await invite(admin, "x@example.com", "owner"))).toBe("role_too_low");
    expect(codeOf(await admin.dashboard(`/team/members/${ownerId}`, undefined, "DELETE"))).toBe("role_too_low");
    expect(codeOf(await admin.dashboard("/team/transfer", { userId: adminId }))).toBe("role_too_low");
    expect(codeOf(await setRole(owner, ownerId, "admin"))).toBe("last_owner");
    expect(codeOf(await owner.dashboard(`/accounts/${team}`, undefined, "DELETE"))).toBe("last_owner");
    expect(codeOf(await owner.dashboard(`/team/members/${ownerId}`, undefined, "DELETE"))).toBe("last_owner");
    expectStatus(await setRole(admin, dewiId, "admin"), 200);
    // Two owners who take each other's role away at once leave one.
    expectStatus(await setRole(owner, adminId, "owner"), 200);
    await Promise.all([setRole(owner, adminId, "admin"), setRole(admin, ownerId, "admin")]);
    const { members } = (await dewi.dashboard("/team")).body;
    const owners = members.filter(({ role }: { role: string }) => role === "owner");
    expect(owners).toHaveLength(1);
    const left = owners[0].id === ownerId ? owner : admin;
    // Handed over and back.
    const other = left === owner ? admin : owner;
    expectStatus(await left.dashboard("/team/transfer", { userId: await idOf(other) }), 200);
    if (other === admin) expectStatus(await admin.dashboard("/team/transfer", { userId: ownerId }), 200);
    const after = (await owner.dashboard("/team")).body.members;
    expect(after.filter(({ role }: { role: string }) => role === "owner")).toMatchObject([{ id: ownerId }]);
  },
  TIMEOUT_MS,
);

test(
  "whoever owns a team no more has made nobody its owner, and a session that was left open invites nobody who manages it",
  async () => {
    const head = await joined("head@example.com");
    expectStatus(await head.dashboard("/accounts", { name: "Tim Melati" }), 201);
    const next = await joined("next@example.com", "admin", head);
    const open = async () =>
      (await next.dashboard("/team/invitations")).body.invitations.map(({ email }: { email: string }) => email).sort();
    for (const [email, role] of [
      ["self@example.com", "owner"],
      ["help@example.com", "member"],
    ] as const)
      expectStatus(await invite(head, email, role), 201);
    expect(codeOf(await invite(next, "self@example.com", "viewer"))).toBe("role_too_low");
    const [own] = (await head.dashboard("/team/invitations")).body.invitations.filter(
      ({ role }: { role: string }) => role === "owner",
    );
    expect(codeOf(await next.dashboard(`/team/invitations/${own.id}`, undefined, "DELETE"))).toBe("role_too_low");
    expect(await open()).toEqual(["help@example.com", "self@example.com"]);
    expectStatus(await head.dashboard("/team/transfer", { userId: await idOf(next) }), 200);
    expect(await open()).toEqual(["help@example.com"]);
    // The other way to be an owner no more.
    expectStatus(await next.dashboard(`/team/members/${await idOf(head)}`, { role: "owner" }, "PATCH"), 200);
    expectStatus(await invite(head, "self@example.com", "owner"), 201);
    expectStatus(await next.dashboard(`/team/members/${await idOf(head)}`, { role: "admin" }, "PATCH"), 200);
    expect(await open()).toEqual(["help@example.com"]);

    await proofOf(server, next, Date.now() - 3_600_000);
    for (const role of ["owner", "admin"])
      expect(codeOf(await invite(next, "thief@example.com", role))).toBe("fresh_proof_needed");
    expectStatus(await invite(next, "guest@example.com", "member"), 201);
  },
  TIMEOUT_MS,
);

test(
  "whoever is taken out has no access from the same moment on, in any session; their programs go on unless told otherwise",
  async () => {
    const joko = await joined("joko@example.com", "admin");
    const elsewhere = server.visitor();
    expectStatus(await elsewhere.login("joko@example.com"), 200);
    expect((await elsewhere.dashboard("/team")).body.id).toBe(team);
    const key = await joko.createKey("Joko's program");
    const { secret: manages } = await managementKey(joko);
    expectStatus(await invite(joko, "friend@example.com", "admin"), 201);
    const jokoId = await idOf(joko);
    expectStatus(await owner.dashboard(`/team/members/${jokoId}`, undefined, "DELETE"), 200);
    for (const session of [joko, elsewhere]) {
      expect((await session.dashboard("/team")).body.kind).toBe("person");
      expectStatus(await session.dashboard(`/keys/${key.id}`), 404);
      expectStatus(await session.dashboard("/accounts/active", { id: team }), 404);
    }
    const list = await server.visitor().call("/api/v1/keys", { headers: bearer(manages) });
    expect(codeOf(list)).toBe("role_too_low");
    expectStatus(await callWith(key.secret), 200);
    const { former } = (await owner.dashboard("/team")).body;
    expect(former).toMatchObject([{ id: jokoId, use: { keys: 2, requests: 1 } }]);
    // What they have begun ends with them.
    const { invitations } = (await owner.dashboard("/team/invitations")).body;
    expect(invitations.map(({ email }: { email: string }) => email)).not.toContain("friend@example.com");

    expectStatus(await invite(owner, "joko@example.com"), 201);
    const { id } = (await joko.dashboard("/accounts")).body.invitations[0];
    expectStatus(await joko.dashboard("/accounts/join", { id }), 200);
    expectStatus(await owner.dashboard(`/team/members/${jokoId}?disableKeys=true`, undefined, "DELETE"), 200);
    expect(codeOf(await callWith(key.secret))).toBe("disabled_key");
  },
  TIMEOUT_MS,
);

test(
  "a new team is no way around limits that the owner of the instance has set",
  async () => {
    const hemat = await joined("hemat@example.com");
    const limits = `/budgets/accounts/${await idOf(hemat)}`;
    const bounds = [
      [{ billing: "prepaid" }, { billing: "unmetered" }],
      [{ daily: "5" }, { daily: null }],
      [{ caps: { rpm: 5 } }, { caps: { rpm: null } }],
    ];
    // Whoever sets limits finds a team by what it is called.
    const [listed] = (await owner.dashboard("/budgets/accounts?q=Anggrek")).body.accounts;
    expect(listed).toMatchObject({ id: team, name: "Tim Anggrek", kind: "team" });
    expect((await owner.dashboard(`/budgets/accounts/${team}/statement`)).body.account).toBe("Tim Anggrek");
    for (const [bound, free] of bounds) {
      expectStatus(await owner.dashboard(limits, bound, "PATCH"), 200);
      expect([bound, codeOf(await hemat.dashboard("/accounts", { name: "Tim Baru" }))]).toEqual([bound, "conflict"]);
      expectStatus(await owner.dashboard(limits, free, "PATCH"), 200);
    }
    expectStatus(await hemat.dashboard("/accounts", { name: "Tim Baru" }), 201);
  },
  TIMEOUT_MS,
);

test(
  "a team that is deleted is gone for everybody, and its keys open nothing",
  async () => {
    const budi = await joined("budi@example.com");
    expectStatus(await budi.dashboard("/accounts", { name: "Sementara" }), 201);
    const { secret } = await budi.createKey("Short-lived");
    expectStatus(await callWith(secret), 200);
    const { body: mine } = await budi.dashboard("/accounts");
    expect(mine.accounts.map(({ name }: { name: string }) => name)).toEqual(["Siti Rahma", "Sementara", "Tim Anggrek"]);
    expectStatus(await budi.dashboard("/team", undefined, "DELETE"), 200);
    expect(codeOf(await callWith(secret))).toBe("unknown_key");
    const { body } = await budi.dashboard("/accounts");
    expect([body.active, body.accounts.length]).toEqual([await idOf(budi), 2]);
    expect(codeOf(await budi.dashboard("/team/invitations", { email: "a@example.com", role: "member" }))).toBe(
      "team_needed",
    );
  },
  TIMEOUT_MS,
);

test(
  "a new session goes on in the account of the one before it, and mails for a team reach its owner",
  async () => {
    expectStatus(await owner.dashboard("/accounts/active", { id: team }), 200);
    const again = server.visitor();
    expectStatus(await again.login("owner@example.com", PASSWORD), 200);
    expect((await again.dashboard("/accounts")).body.active).toBe(team);
    const key = await again.createKey("Leaked");
    expectStatus(await server.visitor().call("/api/v1/leak-report", { body: { key: key.secret } }), 202);
    await until(async () =>
      (await again.mailsTo("owner@example.com")).some(({ subject }) => subject.includes("Leaked")),
    );
  },
  TIMEOUT_MS,
);

test(
  "everything that happened to the team stands in its audit log, with who did it, and only for who may read it",
  async () => {
    const left = await joined("lina@example.com");
    expectStatus(await owner.dashboard("/team", { name: "Tim Anggrek Baru" }, "PATCH"), 200);
    expect(codeOf(await left.dashboard("/audit"))).toBe("role_too_low");
    expectStatus(await left.dashboard(`/accounts/${team}`, undefined, "DELETE"), 200);
    expectStatus(await invite(owner, "lina@example.com"), 201);
    const { id } = (await left.dashboard("/accounts")).body.invitations[0];
    expectStatus(await left.dashboard(`/accounts/invitations/${id}`, undefined, "DELETE"), 200);
    const { entries, scope } = (await owner.dashboard("/audit?limit=100")).body;
    expect(scope).toBe("account");
    const seen = new Set(entries.map(({ action }: { action: string }) => action));
    for (const action of AUDIT_ACTIONS.filter((known) => known.startsWith("team.") && !known.endsWith("delete")))
      expect([action, seen.has(action)]).toEqual([action, true]);
    const leaving = entries.find(({ action }: { action: string }) => action === "team.leave");
    expect(leaving).toMatchObject({
      actor: { name: "lina@example.com" },
      target: { id: team, name: "Tim Anggrek Baru" },
    });
  },
  TIMEOUT_MS,
);

test(
  "a team brings nobody past the domains that an instance is for",
  async () => {
    const other = await startServer({ SIGN_UP_POLICY: "domains", SIGN_UP_DOMAINS: "example.com" });
    try {
      const head = await other.visitor().join("head@example.com");
      expectStatus(await head.dashboard("/accounts", { name: "Tim Dalam" }), 201);
      for (const [email, code] of [
        ["guest@example.org", "sign_up_domain"],
        ["colleague@example.com", undefined],
      ] as const) {
        expectStatus(await invite(head, email), 201);
        const person = other.visitor();
        const answer = await person.signUp(email, { invitation: await person.mailedToken(email) });
        expect([email, codeOf(answer)]).toEqual([email, code]);
      }
    } finally {
      await other.stop();
    }
  },
  TIMEOUT_MS,
);
