/**
 * What each role meets at each operation, written down a second time on purpose: the contract's own table
 * (src/contract/roles.ts) is checked against this one at the guard. Everything that is not named is for every role, and
 * shows the whole account.
 */
import type { OperationId } from "../../src/contract/operations.ts";

/** Only for the owner of the account. */
export const OWNER_ALONE: readonly OperationId[] = ["deleteTeam", "transferTeam"];

/** For owner and administrators. */
export const MANAGERS_ALONE: readonly OperationId[] = [
  "changeMemberRole",
  "createApiKey",
  "createAuthCode",
  "createPreset",
  "deleteApiKey",
  "deletePreset",
  "dismissNotice",
  "endFormerApiSecret",
  "inviteToTeam",
  "listTeamInvitations",
  "presetFromChat",
  "presetFromMessage",
  "presetFromResponse",
  "removeAlertChannel",
  "removeMember",
  "resendTeamInvitation",
  "rotateApiKey",
  "setAlertChannel",
  "setBudgets",
  "submitGenerationFeedback",
  "testAlertChannel",
  "updateAccountAddresses",
  "updateAlertSettings",
  "updateApiKey",
  "updateNoticeSettings",
  "updatePreset",
  "updateRouting",
  "updateTeam",
  "withdrawTeamInvitation",
];

/** For everybody but members, who see only what is theirs. */
export const NOT_FOR_MEMBERS: readonly OperationId[] = [
  "exportAudit",
  "exportStatement",
  "getAccountAddresses",
  "getAlertSettings",
  "getApiKey",
  "getBudgets",
  "getCredits",
  "getNoticeSettings",
  "getStatement",
  "getUserActivity",
  "listApiAudit",
  "listApiKeys",
  "listAudit",
  "listNotices",
];

/** Of these a member sees and changes what belongs to the keys that they made. */
export const MEMBERS_OWN: readonly OperationId[] = [
  "answerAlert",
  "changeKeys",
  "createKey",
  "deleteKey",
  "dismissKeyReminder",
  "endFormerSecret",
  "exportActivity",
  "exportUsage",
  "followActivity",
  "followChanges",
  "getActivity",
  "getAlert",
  "getAuthorization",
  "getGeneration",
  "getGenerationContent",
  "getKey",
  "getKeyTrends",
  "getOverview",
  "getTeam",
  "getUsageChoices",
  "getUsageSeries",
  "grantAuthorization",
  "listActivity",
  "listAlerts",
  "listKeyReminders",
  "listKeyRisks",
  "listKeys",
  "playgroundChat",
  "rotateKey",
  "updateKey",
];

/** What viewers may not do beside what is for managers. */
export const NOT_FOR_VIEWERS: readonly OperationId[] = [
  "answerAlert",
  "changeKeys",
  "createKey",
  "deleteKey",
  "dismissKeyReminder",
  "endFormerSecret",
  "getAuthorization",
  "grantAuthorization",
  "playgroundChat",
  "rotateKey",
  "updateKey",
];
