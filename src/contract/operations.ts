/**
 * The address of every operation and who may call it: plain data without a schema library, so that the browser bundle
 * can use it as it is. `routes.ts` adds the schemas. The server registers nothing that does not stand here.
 *
 * Access classes, enforced by one guard in `control/http/guard.ts` (and by the pipeline for `key`):
 *   public      anybody
 *   loopback    anybody on this machine, and only while mail goes to the mailbox page
 *   session     a signed-in person with a verified address
 *   owner       a signed-in person who owns the instance
 *   key         an inference key as Bearer; cookies are ignored, here and in the two below
 *   anyKey      an inference key or a management key as Bearer
 *   management  a management key as Bearer
 *   ownersKey   a management key of the person who owns the instance
 *   code        whoever brings an authorization code in the body, from pages of any origin; cookies are ignored
 *
 * What somebody may do in the account that they work in is a matter of their role there: roles.ts.
 *
 * `fresh` stands beside the class where a session alone is not enough: what could take an account or the instance's money
 * away needs a proof of who is there (password, code, passkey) that is no older than FRESH_PROOF_MS. A log-in is one.
 * createKey asks for it itself, for management keys alone.
 */
export type Access =
  | "public"
  | "loopback"
  | "session"
  | "owner"
  | "key"
  | "anyKey"
  | "management"
  | "ownersKey"
  | "code";
export type HttpMethod = "get" | "post" | "patch" | "delete";

export interface Operation {
  method: HttpMethod;
  /** Path template with `{name}` parameters. */
  path: string;
  access: Access;
  /** Needs a fresh proof beside the session. */
  fresh?: true;
  /** Answered by the data plane instead of a handler. */
  plane?: "data";
}

export const FRESH_PROOF_MS = 15 * 60_000;
/** In which a page says which account it shows. It gives nothing: an account that the session does not work in is refused. */
export const SHOWN_ACCOUNT_HEADER = "x-gapura-account";

const dashboard = "/api/dashboard";
const account = `${dashboard}/account`;
const budgets = `${dashboard}/budgets`;
const team = `${dashboard}/team`;
const administration = `${dashboard}/administration`;

export const operations = {
  health: { method: "get", path: "/health", access: "public" },
  readiness: { method: "get", path: "/ready", access: "public" },
  getInstance: { method: "get", path: `${dashboard}/instance`, access: "public" },

  signUp: { method: "post", path: `${account}/sign-up`, access: "public" },
  resendVerification: { method: "post", path: `${account}/verification/resend`, access: "public" },
  verifyEmail: { method: "post", path: `${account}/verification`, access: "public" },
  login: { method: "post", path: `${account}/login`, access: "public" },
  finishLogin: { method: "post", path: `${account}/login/second-factor`, access: "public" },
  passkeyLoginOptions: { method: "post", path: `${account}/login/passkey/options`, access: "public" },
  passkeyLogin: { method: "post", path: `${account}/login/passkey`, access: "public" },
  startSingleSignOn: { method: "post", path: `${account}/login/single-sign-on`, access: "public" },
  finishSingleSignOn: { method: "post", path: `${account}/login/single-sign-on/answer`, access: "public" },
  logout: { method: "post", path: `${account}/logout`, access: "public" },
  forgotPassword: { method: "post", path: `${account}/password/forgot`, access: "public" },
  resetPassword: { method: "post", path: `${account}/password/reset`, access: "public" },
  getAccount: { method: "get", path: account, access: "session" },
  updateAccount: { method: "patch", path: account, access: "session" },
  changePassword: { method: "post", path: `${account}/password/change`, access: "session", fresh: true },
  changeEmail: { method: "post", path: `${account}/email/change`, access: "session", fresh: true },
  listSessions: { method: "get", path: `${account}/sessions`, access: "session" },
  revokeSession: { method: "delete", path: `${account}/sessions/{id}`, access: "session" },
  revokeOtherSessions: { method: "post", path: `${account}/sessions/revoke-others`, access: "session" },
  getProofOptions: { method: "post", path: `${account}/proof/options`, access: "session" },
  giveProof: { method: "post", path: `${account}/proof`, access: "session" },
  getAccountSecurity: { method: "get", path: `${account}/security`, access: "session" },
  startAuthenticator: { method: "post", path: `${account}/authenticator`, access: "session", fresh: true },
  confirmAuthenticator: { method: "post", path: `${account}/authenticator/confirm`, access: "session", fresh: true },
  removeAuthenticator: { method: "delete", path: `${account}/authenticator`, access: "session", fresh: true },
  renewRecoveryCodes: { method: "post", path: `${account}/recovery-codes`, access: "session", fresh: true },
  getPasskeyOptions: { method: "post", path: `${account}/passkeys/options`, access: "session", fresh: true },
  addPasskey: { method: "post", path: `${account}/passkeys`, access: "session", fresh: true },
  renamePasskey: { method: "patch", path: `${account}/passkeys/{id}`, access: "session" },
  deletePasskey: { method: "delete", path: `${account}/passkeys/{id}`, access: "session", fresh: true },
  removeIdentity: { method: "delete", path: `${account}/identities/{id}`, access: "session", fresh: true },

  listInvitations: { method: "get", path: `${dashboard}/invitations`, access: "owner" },
  createInvitation: { method: "post", path: `${dashboard}/invitations`, access: "owner" },
  deleteInvitation: { method: "delete", path: `${dashboard}/invitations/{id}`, access: "owner" },

  listMyAccounts: { method: "get", path: `${dashboard}/accounts`, access: "session" },
  createTeam: { method: "post", path: `${dashboard}/accounts`, access: "session" },
  switchAccount: { method: "post", path: `${dashboard}/accounts/active`, access: "session" },
  joinTeam: { method: "post", path: `${dashboard}/accounts/join`, access: "session" },
  leaveTeam: { method: "delete", path: `${dashboard}/accounts/{id}`, access: "session" },
  declineTeamInvitation: { method: "delete", path: `${dashboard}/accounts/invitations/{id}`, access: "session" },
  showTeamInvitation: { method: "post", path: `${dashboard}/team-invitation`, access: "public" },
  getTeam: { method: "get", path: team, access: "session" },
  updateTeam: { method: "patch", path: team, access: "session" },
  deleteTeam: { method: "delete", path: team, access: "session", fresh: true },
  transferTeam: { method: "post", path: `${team}/transfer`, access: "session", fresh: true },
  changeMemberRole: { method: "patch", path: `${team}/members/{id}`, access: "session", fresh: true },
  removeMember: { method: "delete", path: `${team}/members/{id}`, access: "session" },
  listTeamInvitations: { method: "get", path: `${team}/invitations`, access: "session" },
  inviteToTeam: { method: "post", path: `${team}/invitations`, access: "session" },
  resendTeamInvitation: { method: "post", path: `${team}/invitations/{id}/resend`, access: "session" },
  withdrawTeamInvitation: { method: "delete", path: `${team}/invitations/{id}`, access: "session" },
  listPeople: { method: "get", path: `${administration}/people`, access: "owner" },
  suspendPerson: {
    method: "post",
    path: `${administration}/people/{id}/suspension`,
    access: "owner",
    fresh: true,
  },
  readmitPerson: {
    method: "delete",
    path: `${administration}/people/{id}/suspension`,
    access: "owner",
    fresh: true,
  },
  getInstanceUsage: { method: "get", path: `${administration}/usage`, access: "owner" },
  exportInstanceUsage: { method: "get", path: `${administration}/usage.csv`, access: "owner" },
  getInstanceUsageChoices: { method: "get", path: `${administration}/usage/choices`, access: "owner" },
  listInstanceActivity: { method: "get", path: `${administration}/activity`, access: "owner" },
  exportInstanceActivity: { method: "get", path: `${administration}/activity.csv`, access: "owner" },
  getInstanceActivity: { method: "get", path: `${administration}/activity/{id}`, access: "owner" },
  getSystem: { method: "get", path: `${administration}/system`, access: "owner" },
  getConfiguration: { method: "get", path: `${administration}/configuration`, access: "owner" },
  getMailState: { method: "get", path: `${administration}/mail`, access: "owner" },
  testMail: { method: "post", path: `${administration}/mail/test`, access: "owner" },
  createBackup: { method: "post", path: `${administration}/backups`, access: "owner", fresh: true },
  /** Making the copy needed the proof, and nobody can guess its id. */
  downloadBackup: { method: "get", path: `${administration}/backups/{id}`, access: "owner" },

  listKeys: { method: "get", path: `${dashboard}/keys`, access: "session" },
  getKeyTrends: { method: "get", path: `${dashboard}/key-trends`, access: "session" },
  createKey: { method: "post", path: `${dashboard}/keys`, access: "session" },
  getKey: { method: "get", path: `${dashboard}/keys/{id}`, access: "session" },
  updateKey: { method: "patch", path: `${dashboard}/keys/{id}`, access: "session" },
  rotateKey: { method: "post", path: `${dashboard}/keys/{id}/rotation`, access: "session", fresh: true },
  endFormerSecret: { method: "delete", path: `${dashboard}/keys/{id}/rotation`, access: "session" },
  deleteKey: { method: "delete", path: `${dashboard}/keys/{id}`, access: "session" },

  getAccountAddresses: { method: "get", path: `${dashboard}/security/addresses`, access: "session" },
  updateAccountAddresses: { method: "patch", path: `${dashboard}/security/addresses`, access: "session", fresh: true },

  listKeyRisks: { method: "get", path: `${dashboard}/security/keys`, access: "session" },
  changeKeys: { method: "post", path: `${dashboard}/security/keys`, access: "session" },
  getKeyPolicy: { method: "get", path: `${dashboard}/security/policy`, access: "session" },
  setKeyPolicy: { method: "patch", path: `${dashboard}/security/policy`, access: "owner", fresh: true },
  listKeyReminders: { method: "get", path: `${dashboard}/security/reminders`, access: "session" },
  dismissKeyReminder: { method: "delete", path: `${dashboard}/security/reminders/{id}`, access: "session" },

  listAudit: { method: "get", path: `${dashboard}/audit`, access: "session" },
  exportAudit: { method: "get", path: `${dashboard}/audit.csv`, access: "session" },
  verifyAudit: { method: "get", path: `${dashboard}/audit/verification`, access: "owner" },

  getAuthorization: { method: "get", path: `${dashboard}/oauth/authorization`, access: "session" },
  grantAuthorization: { method: "post", path: `${dashboard}/oauth/authorization`, access: "session" },

  getOverview: { method: "get", path: `${dashboard}/overview`, access: "session" },
  listActivity: { method: "get", path: `${dashboard}/activity`, access: "session" },
  exportActivity: { method: "get", path: `${dashboard}/activity.csv`, access: "session" },
  followActivity: { method: "get", path: `${dashboard}/activity-stream`, access: "session" },
  followChanges: { method: "get", path: `${dashboard}/changes`, access: "session" },
  getUsageSeries: { method: "get", path: `${dashboard}/usage`, access: "session" },
  exportUsage: { method: "get", path: `${dashboard}/usage.csv`, access: "session" },
  getUsageChoices: { method: "get", path: `${dashboard}/usage/choices`, access: "session" },
  getActivity: { method: "get", path: `${dashboard}/activity/{id}`, access: "session" },
  listProviders: { method: "get", path: `${dashboard}/providers`, access: "session" },
  listVendors: { method: "get", path: `${dashboard}/providers/vendors`, access: "owner" },
  testProviderKey: { method: "post", path: `${dashboard}/providers/test`, access: "owner" },
  listProviderKeys: { method: "get", path: `${dashboard}/providers/keys`, access: "owner" },
  createProviderKey: { method: "post", path: `${dashboard}/providers/keys`, access: "owner", fresh: true },
  updateProviderKey: { method: "patch", path: `${dashboard}/providers/keys/{id}`, access: "owner", fresh: true },
  deleteProviderKey: { method: "delete", path: `${dashboard}/providers/keys/{id}`, access: "owner", fresh: true },
  listModelPrices: { method: "get", path: `${dashboard}/providers/prices`, access: "owner" },
  setModelPrice: { method: "patch", path: `${dashboard}/providers/prices`, access: "owner", fresh: true },
  getRouting: { method: "get", path: `${dashboard}/routing`, access: "session" },
  updateRouting: { method: "patch", path: `${dashboard}/routing`, access: "session" },
  updateInstanceRouting: { method: "patch", path: `${dashboard}/routing/instance`, access: "owner" },
  tryRoute: { method: "post", path: `${dashboard}/routing/dry-run`, access: "session" },
  listPresets: { method: "get", path: `${dashboard}/presets`, access: "session" },
  createPreset: { method: "post", path: `${dashboard}/presets`, access: "session" },
  updatePreset: { method: "patch", path: `${dashboard}/presets/{slug}`, access: "session" },
  deletePreset: { method: "delete", path: `${dashboard}/presets/{slug}`, access: "session" },
  listPresetHistory: { method: "get", path: `${dashboard}/presets/{slug}/versions`, access: "session" },
  getBudgets: { method: "get", path: budgets, access: "session" },
  setBudgets: { method: "patch", path: budgets, access: "session" },
  getInstanceBudgets: { method: "get", path: `${budgets}/instance`, access: "owner" },
  setInstanceBudgets: { method: "patch", path: `${budgets}/instance`, access: "owner", fresh: true },
  listBudgetedAccounts: { method: "get", path: `${budgets}/accounts`, access: "owner" },
  setAccountBudgets: { method: "patch", path: `${budgets}/accounts/{id}`, access: "owner", fresh: true },
  topUpAccount: { method: "post", path: `${budgets}/accounts/{id}/top-ups`, access: "owner", fresh: true },
  refundAccount: { method: "post", path: `${budgets}/accounts/{id}/refunds`, access: "owner", fresh: true },
  getAccountStatement: { method: "get", path: `${budgets}/accounts/{id}/statement`, access: "owner" },
  exportAccountStatement: { method: "get", path: `${budgets}/accounts/{id}/statement.csv`, access: "owner" },
  getStatement: { method: "get", path: `${dashboard}/statement`, access: "session" },
  exportStatement: { method: "get", path: `${dashboard}/statement.csv`, access: "session" },
  listNotices: { method: "get", path: `${dashboard}/notices`, access: "session" },
  dismissNotice: { method: "delete", path: `${dashboard}/notices/{id}`, access: "session" },
  getNoticeSettings: { method: "get", path: `${dashboard}/notice-settings`, access: "session" },
  updateNoticeSettings: { method: "patch", path: `${dashboard}/notice-settings`, access: "session" },
  listViews: { method: "get", path: `${dashboard}/views`, access: "session" },
  saveView: { method: "post", path: `${dashboard}/views`, access: "session" },
  deleteView: { method: "delete", path: `${dashboard}/views/{id}`, access: "session" },
  listAlerts: { method: "get", path: `${dashboard}/alerts`, access: "session" },
  getAlert: { method: "get", path: `${dashboard}/alerts/{id}`, access: "session" },
  answerAlert: { method: "post", path: `${dashboard}/alerts/{id}/answer`, access: "session" },
  getAlertSettings: { method: "get", path: `${dashboard}/alert-settings`, access: "session" },
  updateAlertSettings: { method: "patch", path: `${dashboard}/alert-settings`, access: "session", fresh: true },
  setAlertChannel: { method: "post", path: `${dashboard}/alert-settings/channels`, access: "session", fresh: true },
  removeAlertChannel: {
    method: "delete",
    path: `${dashboard}/alert-settings/channels/{channel}`,
    access: "session",
    fresh: true,
  },
  testAlertChannel: { method: "post", path: `${dashboard}/alert-settings/channels/{channel}/test`, access: "session" },
  reconcileUsage: { method: "post", path: `${dashboard}/reconciliation`, access: "owner" },
  getCatalog: { method: "get", path: `${dashboard}/catalog`, access: "session" },

  getCatalogModel: { method: "get", path: `${dashboard}/catalog/{author}/{slug}`, access: "session" },
  /** Answered by the data plane with the named key, which must be the person's own. */
  playgroundChat: { method: "post", path: `${dashboard}/playground/{id}/chat`, access: "session" },

  listMailbox: { method: "get", path: `${dashboard}/mailbox`, access: "loopback" },
  getMail: { method: "get", path: `${dashboard}/mailbox/{id}`, access: "loopback" },

  openApi: { method: "get", path: "/api/v1/openapi.json", access: "public" },
  listModels: { method: "get", path: "/api/v1/models", access: "public" },
  countModels: { method: "get", path: "/api/v1/models/count", access: "public" },
  listUserModels: { method: "get", path: "/api/v1/models/user", access: "anyKey" },
  getModel: { method: "get", path: "/api/v1/model/{author}/{slug}", access: "public" },
  listModelEndpoints: { method: "get", path: "/api/v1/models/{author}/{slug}/endpoints", access: "public" },
  listEmbeddingModels: { method: "get", path: "/api/v1/embeddings/models", access: "public" },
  listPublicProviders: { method: "get", path: "/api/v1/providers", access: "public" },
  listZdrEndpoints: { method: "get", path: "/api/v1/endpoints/zdr", access: "public" },
  getCurrentKey: { method: "get", path: "/api/v1/key", access: "anyKey" },
  getGeneration: { method: "get", path: "/api/v1/generation", access: "anyKey" },
  getGenerationContent: { method: "get", path: "/api/v1/generation/content", access: "anyKey" },
  submitGenerationFeedback: { method: "post", path: "/api/v1/generation/feedback", access: "management" },
  getUserActivity: { method: "get", path: "/api/v1/activity", access: "management" },
  createChatCompletion: { method: "post", path: "/api/v1/chat/completions", access: "key", plane: "data" },
  createCompletion: { method: "post", path: "/api/v1/completions", access: "key", plane: "data" },
  createResponse: { method: "post", path: "/api/v1/responses", access: "key", plane: "data" },
  createMessage: { method: "post", path: "/api/v1/messages", access: "key", plane: "data" },
  countMessageTokens: { method: "post", path: "/api/v1/messages/count_tokens", access: "key", plane: "data" },
  createEmbeddings: { method: "post", path: "/api/v1/embeddings", access: "key", plane: "data" },
  createRerank: { method: "post", path: "/api/v1/rerank", access: "key", plane: "data" },
  /** The old address of the same. */
  getAuthKey: { method: "get", path: "/api/v1/auth/key", access: "anyKey" },
  dryRunRoute: { method: "post", path: "/api/v1/routing/dry-run", access: "anyKey" },
  listApiPresets: { method: "get", path: "/api/v1/presets", access: "anyKey" },
  getApiPreset: { method: "get", path: "/api/v1/presets/{slug}", access: "anyKey" },
  listApiPresetVersions: { method: "get", path: "/api/v1/presets/{slug}/versions", access: "anyKey" },
  getApiPresetVersion: { method: "get", path: "/api/v1/presets/{slug}/versions/{version}", access: "anyKey" },
  presetFromChat: { method: "post", path: "/api/v1/presets/{slug}/chat/completions", access: "anyKey" },
  presetFromResponse: { method: "post", path: "/api/v1/presets/{slug}/responses", access: "anyKey" },
  presetFromMessage: { method: "post", path: "/api/v1/presets/{slug}/messages", access: "anyKey" },
  listApiKeys: { method: "get", path: "/api/v1/keys", access: "management" },
  createApiKey: { method: "post", path: "/api/v1/keys", access: "management" },
  getApiKey: { method: "get", path: "/api/v1/keys/{hash}", access: "management" },
  updateApiKey: { method: "patch", path: "/api/v1/keys/{hash}", access: "management" },
  rotateApiKey: { method: "post", path: "/api/v1/keys/{hash}/rotate", access: "management" },
  endFormerApiSecret: { method: "delete", path: "/api/v1/keys/{hash}/former-secret", access: "management" },
  deleteApiKey: { method: "delete", path: "/api/v1/keys/{hash}", access: "management" },
  getCredits: { method: "get", path: "/api/v1/credits", access: "management" },
  reportLeak: { method: "post", path: "/api/v1/leak-report", access: "public" },
  reportGithubLeaks: { method: "post", path: "/api/v1/leak-report/github", access: "public" },
  listApiAudit: { method: "get", path: "/api/v1/audit", access: "management" },
  getAccountCredits: { method: "get", path: "/api/v1/credits/{account}", access: "ownersKey" },
  topUpCredits: { method: "post", path: "/api/v1/credits/{account}/top-ups", access: "ownersKey" },
  refundCredits: { method: "post", path: "/api/v1/credits/{account}/refunds", access: "ownersKey" },
  createAuthCode: { method: "post", path: "/api/v1/auth/keys/code", access: "management" },
  exchangeAuthCode: { method: "post", path: "/api/v1/auth/keys", access: "code" },
} as const satisfies Record<string, Operation>;

export type OperationId = keyof typeof operations;

/** What the data plane answers itself. */
export type DataPlaneOperation = {
  [Id in OperationId]: (typeof operations)[Id] extends { plane: "data" } ? Id : never;
}[OperationId];

/** The operations under `/api/v1` also answer under `/v1`, for clients that insist on that prefix. */
export function aliasPath(path: string): string | undefined {
  return path.startsWith("/api/v1/") ? path.slice("/api".length) : undefined;
}
