/**
 * What each role of an account may do: one table for the server's guard, the Team page and docs/team.md.
 *
 * Every operation that a person or a key reaches as part of an account stands in exactly one ability; one that stands in
 * none does not compile. Roles are of an account. What the owner of the whole instance decides (access `owner` and
 * `ownersKey` of operations.ts) is no matter of them, and neither is how somebody signs in.
 */
import type { OperationId, operations } from "./operations.ts";

export const ROLES = ["owner", "admin", "member", "viewer"] as const;
export type Role = (typeof ROLES)[number];

/** The whole account; or in it the keys that one made oneself, and what was used through them; or nothing. */
export type Reach = "all" | "own" | "none";

/** How far each role reaches with each right. */
export const RIGHTS = {
  /** What is the same for everybody in the account. */
  look: { owner: "all", admin: "all", member: "all", viewer: "all" },
  /** Keys, and what was used through them. */
  see: { owner: "all", admin: "all", member: "own", viewer: "all" },
  /** What concerns all keys together. */
  oversee: { owner: "all", admin: "all", member: "none", viewer: "all" },
  /** Changing keys. */
  use: { owner: "all", admin: "all", member: "own", viewer: "none" },
  /** Changing what concerns everybody in the account. */
  manage: { owner: "all", admin: "all", member: "none", viewer: "none" },
  /** What decides whose the account is. */
  govern: { owner: "all", admin: "none", member: "none", viewer: "none" },
} as const satisfies Record<string, Record<Role, Reach>>;
export type Right = keyof typeof RIGHTS;

interface AbilityRow {
  right: Right;
  operations: readonly OperationId[];
}

/** What can be done, in the order in which people are told, with the right that it takes. */
export const ABILITIES = {
  use_models: {
    right: "look",
    operations: [
      ...["getCatalog", "getCatalogModel", "listProviders", "getRouting", "tryRoute"],
      ...[
        "listPresets",
        "listPresetHistory",
        "getKeyPolicy",
        "listUserModels",
        "getCurrentKey",
        "getAuthKey",
        "dryRunRoute",
      ],
      ...["listApiPresets", "getApiPreset", "listApiPresetVersions", "getApiPresetVersion"],
    ],
  },
  see_keys: { right: "see", operations: ["listKeys", "getKey", "getKeyTrends", "listKeyRisks", "listKeyReminders"] },
  make_keys: {
    right: "use",
    operations: [
      ...["createKey", "updateKey", "rotateKey", "endFormerSecret", "deleteKey", "changeKeys", "dismissKeyReminder"],
      ...["getAuthorization", "grantAuthorization"],
    ],
  },
  call_models: { right: "use", operations: ["playgroundChat"] },
  see_use: {
    right: "see",
    operations: [
      ...["getOverview", "listActivity", "exportActivity", "followActivity", "followChanges", "getActivity"],
      ...["getUsageSeries", "exportUsage", "getUsageChoices", "getGeneration", "getGenerationContent"],
    ],
  },
  keep_views: { right: "look", operations: ["listViews", "saveView", "deleteView"] },
  see_alerts: { right: "see", operations: ["listAlerts", "getAlert"] },
  answer_alerts: { right: "use", operations: ["answerAlert"] },
  see_members: { right: "see", operations: ["getTeam"] },
  see_money: {
    right: "oversee",
    operations: [
      ...["getBudgets", "getStatement", "exportStatement", "listNotices", "getNoticeSettings"],
      ...["getCredits", "getUserActivity"],
    ],
  },
  see_safety: {
    right: "oversee",
    operations: ["getAccountAddresses", "getAlertSettings", "listAudit", "exportAudit", "listApiAudit"],
  },
  set_budgets: { right: "manage", operations: ["setBudgets", "dismissNotice", "updateNoticeSettings"] },
  set_safety: {
    right: "manage",
    operations: [
      ...["updateAccountAddresses", "updateAlertSettings", "setAlertChannel", "removeAlertChannel"],
      "testAlertChannel",
    ],
  },
  set_routing: {
    right: "manage",
    operations: [
      ...["updateRouting", "createPreset", "updatePreset", "deletePreset"],
      ...["presetFromChat", "presetFromResponse", "presetFromMessage"],
    ],
  },
  see_key_api: { right: "oversee", operations: ["listApiKeys", "getApiKey"] },
  use_key_api: {
    right: "manage",
    operations: [
      ...["createApiKey", "updateApiKey", "rotateApiKey", "endFormerApiSecret", "deleteApiKey", "createAuthCode"],
      "submitGenerationFeedback",
    ],
  },
  manage_members: {
    right: "manage",
    operations: [
      ...["updateTeam", "listTeamInvitations", "inviteToTeam", "resendTeamInvitation", "withdrawTeamInvitation"],
      ...["changeMemberRole", "removeMember"],
    ],
  },
  hand_over: { right: "govern", operations: ["transferTeam", "deleteTeam"] },
} as const satisfies Record<string, AbilityRow>;
export type Ability = keyof typeof ABILITIES;

/** How somebody signs in, and to which accounts they belong: theirs, whatever account they work in. */
const OWN_OPERATIONS = [
  ...["getAccount", "updateAccount", "changePassword", "changeEmail", "listSessions", "revokeSession"],
  ...["revokeOtherSessions", "getProofOptions", "giveProof", "getAccountSecurity", "startAuthenticator"],
  ...["confirmAuthenticator", "removeAuthenticator", "renewRecoveryCodes", "getPasskeyOptions", "addPasskey"],
  ...["renamePasskey", "deletePasskey", "removeIdentity"],
  ...["listMyAccounts", "switchAccount", "createTeam", "joinTeam", "declineTeamInvitation", "leaveTeam"],
] as const satisfies readonly OperationId[];

type AccessOf<Id extends OperationId> = (typeof operations)[Id]["access"];
/** What is reached as part of an account. */
export type AccountOperation = {
  [Id in OperationId]: AccessOf<Id> extends "session" | "anyKey" | "management" ? Id : never;
}[OperationId];
type Placed = (typeof ABILITIES)[Ability]["operations"][number] | (typeof OWN_OPERATIONS)[number];

type Nothing<Left extends never> = Left;
/** Does not compile while an operation stands in no ability: the message names it. */
export type Unplaced = Nothing<Exclude<AccountOperation, Placed>>;

const RIGHT_OF: ReadonlyMap<OperationId, Right> = new Map(
  Object.values(ABILITIES).flatMap(({ right, operations: ids }: AbilityRow) => ids.map((id) => [id, right])),
);

/** The right that an operation takes in the account; null where the account does not matter. */
export function rightFor(id: OperationId): Right | null {
  return RIGHT_OF.get(id) ?? null;
}

/** Roles from the one that may most to the one that may least, as far as giving roles is concerned. */
export function mayGiveRole(giver: Role, role: Role): boolean {
  return RIGHTS.manage[giver] === "all" && ROLES.indexOf(giver) <= ROLES.indexOf(role);
}
