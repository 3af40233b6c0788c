/**
 * Every operation that changes something leaves an entry in the audit log, or a reason stands here why it leaves none. A
 * new operation without a line fails.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import { type OperationId, operations } from "../../src/contract/operations.ts";
import type { AuditAction } from "../../src/kernel/audit.ts";
import { openStorage } from "../../src/storage/open.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { expectStatus, type Visitor } from "../support/visitor.ts";

/** What is done in the name of a person, and what is recorded of it. */
interface Recorded {
  action: AuditAction;
  /** Does it, so that it can be seen; left out where the named test does it. */
  act?: (world: World) => Promise<unknown>;
  shownBy?: string;
}
interface World {
  owner: Visitor;
  keyId: string;
  memberId: string;
}

const ENTRIES = "test/audit/entries.test.ts";
const TEAMS = "test/accounts/teams.test.ts";
const RECORDED: Partial<Record<OperationId, Recorded>> = {
  verifyEmail: { action: "account.create", shownBy: ENTRIES },
  login: { action: "session.create", act: async ({ owner }) => owner.login("owner@example.com") },
  logout: { action: "session.end", shownBy: ENTRIES },
  resetPassword: { action: "account.password", shownBy: ENTRIES },
  updateAccount: {
    action: "account.change",
    act: ({ owner }) => owner.dashboard("/account", { name: "Budi" }, "PATCH"),
  },
  changePassword: { action: "account.password", shownBy: ENTRIES },
  revokeSession: { action: "session.end", shownBy: ENTRIES },
  revokeOtherSessions: {
    action: "session.end",
    act: ({ owner }) => owner.dashboard("/account/sessions/revoke-others", {}),
  },
  createInvitation: {
    action: "invitation.create",
    act: ({ owner }) => owner.dashboard("/invitations", { email: "new@example.com" }),
  },
  deleteInvitation: { action: "invitation.delete", shownBy: ENTRIES },
  createTeam: { action: "team.create", shownBy: TEAMS },
  joinTeam: { action: "team.join", shownBy: TEAMS },
  leaveTeam: { action: "team.leave", shownBy: TEAMS },
  declineTeamInvitation: { action: "team.decline", shownBy: TEAMS },
  updateTeam: { action: "team.change", shownBy: TEAMS },
  deleteTeam: { action: "team.delete", shownBy: TEAMS },
  transferTeam: { action: "team.transfer", shownBy: TEAMS },
  changeMemberRole: { action: "team.role", shownBy: TEAMS },
  removeMember: { action: "team.remove", shownBy: TEAMS },
  inviteToTeam: { action: "team.invite", shownBy: TEAMS },
  resendTeamInvitation: { action: "team.invite", shownBy: TEAMS },
  withdrawTeamInvitation: { action: "team.uninvite", shownBy: TEAMS },
  suspendPerson: {
    action: "account.suspend",
    act: ({ owner, memberId }) => owner.dashboard(`/administration/people/${memberId}/suspension`, undefined, "POST"),
  },
  readmitPerson: {
    action: "account.readmit",
    act: ({ owner, memberId }) => owner.dashboard(`/administration/people/${memberId}/suspension`, undefined, "DELETE"),
  },
  createBackup: {
    action: "backup.create",
    act: ({ owner }) => owner.dashboard("/administration/backups", undefined, "POST"),
  },
  createKey: { action: "key.create", act: ({ owner }) => owner.createKey("Another") },
  updateKey: {
    action: "key.change",
    act: ({ owner, keyId }) => owner.dashboard(`/keys/${keyId}`, { name: "Renamed" }, "PATCH"),
  },
  rotateKey: {
    action: "key.rotate",
    act: ({ owner, keyId }) => owner.dashboard(`/keys/${keyId}/rotation`, { overlapSeconds: 3_600 }),
  },
  endFormerSecret: {
    action: "key.end_former",
    act: ({ owner, keyId }) => owner.dashboard(`/keys/${keyId}/rotation`, undefined, "DELETE"),
  },
  changeKeys: {
    action: "key.change",
    act: ({ owner, keyId }) => owner.dashboard("/security/keys", { ids: [keyId], action: { kind: "disable" } }),
  },
  updateAccountAddresses: {
    action: "account.addresses",
    act: ({ owner }) => owner.dashboard("/security/addresses", { allowedAddresses: ["127.0.0.0/8"] }, "PATCH"),
  },
  setKeyPolicy: {
    action: "policy.change",
    act: ({ owner }) => owner.dashboard("/security/policy", { maxLifetimeDays: 90 }, "PATCH"),
  },
  updateRouting: {
    action: "routing.change",
    act: ({ owner }) => owner.dashboard("/routing", { sort: "price" }, "PATCH"),
  },
  updateInstanceRouting: {
    action: "routing.change",
    act: ({ owner }) => owner.dashboard("/routing/instance", { sort: "latency" }, "PATCH"),
  },
  deleteKey: {
    action: "key.delete",
    act: ({ owner, keyId }) => owner.dashboard(`/keys/${keyId}`, undefined, "DELETE"),
  },
  createProviderKey: { action: "provider.create", shownBy: ENTRIES },
  updateProviderKey: { action: "provider.change", shownBy: ENTRIES },
  deleteProviderKey: { action: "provider.delete", shownBy: ENTRIES },
  setModelPrice: {
    action: "provider.price",
    act: ({ owner }) => {
      const price = { prompt: "1", completion: "2" };
      return owner.dashboard("/providers/prices", { provider: "sandbox", model: "sandbox/chat", price }, "PATCH");
    },
  },
  createApiKey: { action: "key.create", shownBy: ENTRIES },
  updateApiKey: { action: "key.change", shownBy: ENTRIES },
  deleteApiKey: { action: "key.delete", shownBy: ENTRIES },
  rotateApiKey: { action: "key.rotate", shownBy: "test/keys/rotation.test.ts" },
  endFormerApiSecret: { action: "key.end_former", shownBy: "test/keys/rotation.test.ts" },
  exchangeAuthCode: { action: "key.create", shownBy: ENTRIES },
  reportLeak: { action: "key.freeze", shownBy: "test/keys/rotation.test.ts" },
  reportGithubLeaks: { action: "key.freeze", shownBy: "test/leaks/github.test.ts" },
};

/** Money moves under actions of its own, which its tests hold to. */
const MONEY = "recorded as budget.change or credit.move: src/control/budgets, src/control/credits";
const NOT_RECORDED: Partial<Record<OperationId, string>> = {
  ...Object.fromEntries(
    [
      "setBudgets",
      "setInstanceBudgets",
      "setAccountBudgets",
      "topUpAccount",
      "refundAccount",
      "topUpCredits",
      "refundCredits",
    ].map((id) => [id, MONEY]),
  ),
  signUp: "there is no account before its address is verified",
  switchAccount: "which account somebody looks at",
  showTeamInvitation: "shows what a link leads to and changes nothing",
  resendVerification: "sends a mail and changes nothing",
  testMail: "sends a mail to oneself and changes nothing",
  forgotPassword: "sends a mail and changes nothing",
  changeEmail: "sends a mail; the change is recorded when it is confirmed",
  grantAuthorization: "makes a code that lives ten minutes; the key made of it is recorded",
  createAuthCode: "makes a code that lives ten minutes; the key made of it is recorded",
  testProviderKey: "asks a provider and changes nothing",
  tryRoute: "changes nothing",
  dryRunRoute: "changes nothing",
  playgroundChat: "is a call to a model, which the log of requests holds",
  reconcileUsage: "compares a file and changes nothing",
  createPreset: "content of a person's own, with versions of its own that say who made them",
  updatePreset: "as createPreset",
  deletePreset: "as createPreset",
  presetFromChat: "as createPreset",
  presetFromResponse: "as createPreset",
  presetFromMessage: "as createPreset",
  saveView: "what somebody wants to see again, which changes nothing that is seen",
  deleteView: "as saveView",
  dismissNotice: "puts a notice away for the one who reads it",
  dismissKeyReminder: "puts a notice away for the one who reads it",
  updateNoticeSettings: "which notices somebody gets, for themselves",
  submitGenerationFeedback: "a remark about an answer, kept with the key that made it",
};

/** Alerts and second factors: the folders of these nouns hold their tests, and name their actions. */
const BY_THEIR_OWN_TESTS: readonly string[] = [
  "addPasskey",
  "answerAlert",
  "confirmAuthenticator",
  "deletePasskey",
  "finishLogin",
  "finishSingleSignOn",
  "getPasskeyOptions",
  "getProofOptions",
  "giveProof",
  "passkeyLogin",
  "passkeyLoginOptions",
  "removeAlertChannel",
  "removeAuthenticator",
  "removeIdentity",
  "renamePasskey",
  "renewRecoveryCodes",
  "setAlertChannel",
  "startAuthenticator",
  "startSingleSignOn",
  "testAlertChannel",
  "updateAlertSettings",
];

const changing = Object.entries(operations)
  .filter(([, operation]) => operation.method !== "get" && !("plane" in operation))
  .map(([id]) => id)
  .sort();

test("every operation that changes something is recorded, or has a reason why not", () => {
  const named = [...Object.keys(RECORDED), ...Object.keys(NOT_RECORDED)];
  expect(named.filter((id) => !changing.includes(id))).toEqual([]);
  expect(new Set(named).size).toBe(named.length);
  expect(changing.filter((id) => !named.includes(id) && !BY_THEIR_OWN_TESTS.includes(id))).toEqual([]);
});

describe("what is recorded", () => {
  let server: TestServer;
  let world: World;
  beforeAll(async () => {
    server = await startServer({ ENCRYPTION_KEY: randomBytes(32).toString("base64") });
    const owner = await server.visitor().join("owner@example.com");
    const member = await server.visitor().join("member@example.com");
    const { id: keyId } = await owner.createKey("First");
    const { id: memberId } = (await member.dashboard("/account")).body;
    world = { owner, keyId, memberId };
  });
  afterAll(() => server.stop());

  async function lastSeq(): Promise<number> {
    const { entries } = expectStatus(await world.owner.dashboard("/audit?limit=1"), 200).body;
    return entries[0].seq;
  }

  for (const [id, { action, act }] of Object.entries(RECORDED)) {
    if (act === undefined) continue;
    test(`${id} leaves ${action}`, async () => {
      const before = await lastSeq();
      await act(world);
      const storage = await openStorage({ dataDir: server.dataDir });
      const rows = await storage.db.selectFrom("audit").select("action").where("seq", ">", before).execute();
      await storage.close();
      expect(rows.map((row) => row.action)).toContain(action);
    });
  }
});
