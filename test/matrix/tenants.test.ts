/**
 * Two accounts on one instance never see each other, and a member sees of a team what is theirs: every operation of the
 * contract is asked, with the ids of somebody else wherever it takes one. An operation with a parameter that has no line
 * here fails.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { type Operation, type OperationId, operations } from "../../src/contract/operations.ts";
import { openStorage } from "../../src/storage/open.ts";
import { createAlertStore } from "../../src/storage/stores/alerts.ts";
import { createSignInStore } from "../../src/storage/stores/sign-in.ts";
import { bearer, managementKey } from "../support/keys.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { idOf, type TestTeam, teamOn } from "../support/team.ts";
import { type Answer, expectStatus, type Visitor } from "../support/visitor.ts";
import { MEMBERS_OWN } from "./role-policy.ts";

const TIMEOUT_MS = 120_000;

/** What one account has. */
interface Things {
  sessionId: string;
  passkeyId: string;
  identityId: string;
  invitationId: string;
  memberId: string;
  key: { id: string; secret: string };
  hash: string;
  generationId: string;
  alertId: string;
  noticeId: string;
  viewId: string;
  slug: string;
}

interface Ask {
  params?: Record<string, string>;
  query?: string;
  body?: unknown;
}

/** Each operation that takes something of an account's by its name, asked for these things. */
function asksFor(team: string, things: Things): Partial<Record<OperationId, Ask>> {
  const { key, hash, slug, generationId } = things;
  const byKey = { params: { id: key.id } };
  const byHash = { params: { hash } };
  const version = { params: { slug, version: "1" } };
  const year = `from=${Date.now() - 300 * 86_400_000}&to=${Date.now() + 86_400_000}`;
  return {
    revokeSession: { params: { id: things.sessionId } },
    renamePasskey: { params: { id: things.passkeyId }, body: { name: "Mine" } },
    deletePasskey: { params: { id: things.passkeyId } },
    removeIdentity: { params: { id: things.identityId } },
    switchAccount: { body: { id: team } },
    leaveTeam: { params: { id: team } },
    declineTeamInvitation: { params: { id: things.invitationId } },
    joinTeam: { body: { id: things.invitationId } },
    transferTeam: { body: { userId: things.memberId } },
    changeMemberRole: { params: { id: things.memberId }, body: { role: "viewer" } },
    removeMember: { params: { id: things.memberId } },
    resendTeamInvitation: { params: { id: things.invitationId } },
    withdrawTeamInvitation: { params: { id: things.invitationId } },
    getKey: byKey,
    updateKey: { ...byKey, body: { name: "Mine now" } },
    rotateKey: { ...byKey, body: { overlapSeconds: 0 } },
    playgroundChat: { ...byKey, body: { model: "gpt-3.5", messages: [{ role: "user", content: "Halo" }] } },
    getCatalogModel: { params: { author: "nobody", slug: "none" } },
    endFormerSecret: byKey,
    deleteKey: byKey,
    dismissKeyReminder: byKey,
    getActivity: { params: { id: generationId } },
    updatePreset: { params: { slug }, body: { name: "Mine" } },
    deletePreset: { params: { slug } },
    listPresetHistory: { params: { slug } },
    listViews: { query: "page=logs" },
    deleteView: { params: { id: things.viewId } },
    dismissNotice: { params: { id: things.noticeId } },
    getAlert: { params: { id: things.alertId } },
    answerAlert: { params: { id: things.alertId }, body: { answer: "freeze" } },
    removeAlertChannel: { params: { channel: "slack" } },
    testAlertChannel: { params: { channel: "slack" } },
    getApiPreset: { params: { slug } },
    listApiPresetVersions: { params: { slug } },
    getApiPresetVersion: version,
    getApiKey: byHash,
    updateApiKey: { ...byHash, body: { name: "Mine now" } },
    rotateApiKey: { ...byHash, body: { overlap_seconds: 0 } },
    endFormerApiSecret: byHash,
    deleteApiKey: byHash,
    getGeneration: { query: `id=${generationId}` },
    submitGenerationFeedback: { body: { generation_id: generationId, category: "other" } },
    getUserActivity: { query: `api_key_hash=${hash}` },
    // These answer with an empty list.
    listKeys: { query: `q=Rahasia&member=${things.memberId}` },
    getKeyTrends: { query: `ids=${key.id}` },
    listActivity: { query: `keyId=${key.id}` },
    exportActivity: { query: `member=${things.memberId}` },
    getUsageSeries: { query: `${year}&key=${key.id}&by=key` },
    exportUsage: { query: `${year}&member=${things.memberId}&by=key` },
    getUsageChoices: { query: year },
    getAuthorization: { query: "callback_url=https%3A%2F%2Fapp.example.com%2Fback" },
  };
}

/** Answered with what is the caller's own, whatever the name: a slug is another preset in another account. */
const OWN_UNDER_THAT_NAME: readonly OperationId[] = ["presetFromChat", "presetFromResponse", "presetFromMessage"];
/** Open, or the instance's; the matrix of access classes asks them. Streams of events do not end. */
const ACCESSES = ["session", "management", "anyKey"];
const NOT_ASKED: readonly OperationId[] = ["followActivity", "followChanges"];

let server: TestServer;
let stranger: Visitor;
let theirs: TestTeam;
let theirThings: Things;
/** Texts that stand in nobody's answers but the team's own. */
let canaries: string[];

beforeAll(async () => {
  server = await startServer();
  await server.visitor().join("operator@example.com");
  theirs = await teamOn(server, "mawar");
  stranger = await server.visitor().join("stranger@example.com");
  expectStatus(await stranger.dashboard("/accounts", { name: "Tim melati" }), 201);
  theirThings = await thingsOf(theirs);
  const { sessionId, invitationId, memberId, key, hash, generationId, alertId } = theirThings;
  canaries = [
    ...[theirs.id, sessionId, invitationId, memberId, key.id, hash, generationId, alertId, theirThings.viewId],
    ...["Rahasia mawar", "mawar-", "Tim mawar"],
  ];
}, TIMEOUT_MS);
afterAll(() => server.stop());

/** Made by the administrator, so that they are nothing of a member's. */
async function thingsOf({ owner, admin, member, id: team }: TestTeam): Promise<Things> {
  const key = await admin.createKey("Rahasia mawar");
  const body = { model: "gpt-3.5", messages: [{ role: "user", content: "Halo" }] };
  const answer = await server.visitor().call("/api/v1/chat/completions", { body, headers: bearer(key.secret) });
  expectStatus(answer, 200);
  expectStatus(await admin.dashboard("/presets", { slug: "rahasia", name: "Rahasia mawar", config: {} }), 201);
  const invited = { email: "mawar-invited@example.com", role: "member" };
  const { id: invitationId } = expectStatus(await admin.dashboard("/team/invitations", invited), 201).body;
  const view = { page: "logs", name: "Rahasia mawar", query: "member=mawar-1", shared: false };
  const { id: viewId } = expectStatus(await admin.dashboard("/views", view), 200).body;
  const { sessions } = expectStatus(await owner.dashboard("/account/sessions"), 200).body;
  const { hash } = expectStatus(await admin.dashboard(`/keys/${key.id}`), 200).body;
  const kept = await keptThings(await idOf(owner), { team, keyId: key.id });
  const generationId = answer.body.id;
  return {
    ...{ sessionId: sessions[0].id, memberId: await idOf(member), key, hash, generationId, slug: "rahasia" },
    ...{ invitationId, viewId, ...kept },
  };
}

/** What comes about by itself, or with a device. */
async function keptThings(personId: string, { team, keyId }: { team: string; keyId: string }) {
  const nowMs = Date.now();
  const storage = await openStorage({ dataDir: server.dataDir });
  try {
    const { db } = storage;
    const passkey = { public_key: "", counter: 0, transports: "[]", name: "Phone", is_synced: 0, last_used_at: null };
    await db
      .insertInto("passkey")
      .values({ id: "pk_theirs", user_id: personId, credential_id: "c", ...passkey, created_at: nowMs })
      .execute();
    const vouched = { issuer: "https://id.example.com", subject: "mawar" };
    const identityId = (await createSignInStore(db).addIdentity(personId, vouched, nowMs)) ?? "";
    const facts = { kind: "new_device", address: "203.0.113.9", isNewDevice: true } as const;
    const alert = { userId: team, keyId, level: "alert", facts } as const;
    const raised = await createAlertStore(db).raise(alert, nowMs);
    return { passkeyId: "pk_theirs", identityId, alertId: raised?.alert.id ?? "", noticeId: "ntc_theirs" };
  } finally {
    await storage.close();
  }
}

function ask(person: Visitor, id: OperationId, { params = {}, query, body, key }: Ask & { key?: string }) {
  const { method, path }: Operation = operations[id];
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ""));
  const sent = body ?? (method === "post" || method === "patch" ? {} : undefined);
  return person.call(`${filled}${query === undefined ? "" : `?${query}`}`, {
    method: method.toUpperCase(),
    ...(sent === undefined ? {} : { body: sent }),
    ...(key === undefined ? {} : { headers: { ...bearer(key), cookie: "" } }),
  });
}

const ids = (Object.keys(operations) as OperationId[]).filter(
  (id) => ACCESSES.includes(operations[id].access) && !("plane" in operations[id]) && !NOT_ASKED.includes(id),
);
const takesName = (id: OperationId) => operations[id].path.includes("{");
const leaks = ({ body }: Answer) => {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return canaries.filter((canary) => text.includes(canary));
};

test("every operation that takes a name has a line in this test", () => {
  const known = Object.keys(asksFor("", theirThings));
  expect(ids.filter((id) => takesName(id) && !known.includes(id) && !OWN_UNDER_THAT_NAME.includes(id))).toEqual([]);
});

test("nobody reaches another account's things by any operation, and no answer holds anything of it", async () => {
  const { secret: key } = await managementKey(stranger);
  const asks = asksFor(theirs.id, theirThings);
  const before = await everythingOf(theirs);
  const wrong: string[] = [];
  for (const id of ids) {
    const isRead = operations[id].method === "get";
    if (asks[id] === undefined && !isRead) continue;
    const isKeys = operations[id].access !== "session";
    const answer = await ask(stranger, id, { ...asks[id], ...(isKeys ? { key } : {}) });
    const isRefused = [403, 404].includes(answer.status);
    const isNamed = takesName(id) || answer.status >= 400 || !isRead;
    if (isNamed && !isRefused && !isMissingQuery(id, answer)) wrong.push(`${id}: ${answer.status}`);
    // What was asked for stands in the refusal of some.
    const found = isRefused ? [] : leaks(answer);
    if (found.length > 0) wrong.push(`${id} shows ${found}`);
  }
  expect(wrong).toEqual([]);
  expect(await everythingOf(theirs)).toEqual(before);
});

test("a member reaches nothing that others made in the team by any operation about keys and use", async () => {
  const asks = asksFor(theirs.id, theirThings);
  const before = await everythingOf(theirs);
  const hidden = [theirThings.key.id, theirThings.hash, theirThings.generationId, theirThings.alertId, "Rahasia"];
  const wrong: string[] = [];
  const { secret: key } = await theirs.member.createKey("Own");
  for (const id of MEMBERS_OWN.filter((one) => ids.includes(one))) {
    const isKeys = operations[id].access !== "session";
    const isRead = operations[id].method === "get";
    if (asks[id] === undefined && !isRead) continue;
    const answer = await ask(theirs.member, id, { ...asks[id], ...(isKeys ? { key } : {}) });
    const text = JSON.stringify(answer.body);
    if (takesName(id) && answer.status !== 404) wrong.push(`${id}: ${answer.status}`);
    if (answer.status < 400 && hidden.some((secret) => text.includes(secret))) wrong.push(`${id} shows it`);
  }
  const many = { ids: [theirThings.key.id], action: { kind: "delete" } };
  const { results } = expectStatus(await theirs.member.dashboard("/security/keys", many), 200).body;
  expect(results[0]).toMatchObject({ ok: false, code: "resource_not_found" });
  expect(wrong).toEqual([]);
  const own = ({ body }: Answer) => body.keys.filter(({ name }: { name: string }) => name !== "Own");
  expect(own(await theirs.owner.dashboard("/keys"))).toEqual(
    own({ ...(await theirs.owner.dashboard("/keys")), body: before.keys }),
  );
});

test("the owner of the instance belongs to no team by that, and a page that is not told of it shows the own account", async () => {
  const operator = server.visitor();
  expectStatus(await operator.login("operator@example.com"), 200);
  expectStatus(await operator.dashboard("/accounts/active", { id: theirs.id }), 404);
  expect((await operator.dashboard("/keys")).body.total).toBe(0);
  expect((await operator.dashboard("/team")).body).toMatchObject({ kind: "person", role: "owner" });
  expectStatus(await operator.dashboard(`/keys/${theirThings.key.id}`), 404);
});

/** Reads that need a question of their own to say anything. */
function isMissingQuery(id: OperationId, { status }: Answer): boolean {
  return status === 400 && ["getGenerationContent"].includes(id);
}

async function everythingOf({ owner }: TestTeam) {
  const paths = ["/keys", "/presets", "/alerts?state=all", "/team/invitations", "/account/security", "/activity"];
  const [keys, ...rest] = await Promise.all(
    paths.map(async (path) => expectStatus(await owner.dashboard(path), 200).body),
  );
  const { members } = expectStatus(await owner.dashboard("/team"), 200).body;
  return { keys, rest, members: members.map(({ id, role }: { id: string; role: string }) => [id, role]) };
}
