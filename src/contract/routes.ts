/**
 * The public HTTP API as data: address and access from `operations.ts`, shapes from `schemas/`. The server registers
 * these routes, the OpenAPI document is printed from them, and the dashboard's client takes its types from them.
 */
import { z } from "zod";
import { type OperationId, operations } from "./operations.ts";
import * as account from "./schemas/account.ts";
import { idParams } from "./schemas/common.ts";
import * as instance from "./schemas/instance.ts";
import * as keyApi from "./schemas/key-api.ts";
import * as keys from "./schemas/keys.ts";
import * as leaks from "./schemas/leaks.ts";
import * as mailbox from "./schemas/mailbox.ts";
import * as messages from "./schemas/messages.ts";
import * as models from "./schemas/models.ts";
import * as oauth from "./schemas/oauth.ts";
import * as openrouter from "./schemas/openrouter.ts";
import * as providerKeys from "./schemas/provider-keys.ts";
import * as records from "./schemas/records.ts";
import * as responses from "./schemas/responses.ts";
import * as security from "./schemas/security.ts";
import { administrationShapes } from "./shapes/administration.ts";
import { alertShapes } from "./shapes/alerts.ts";
import { auditShapes } from "./shapes/audit.ts";
import { lifecycleShapes } from "./shapes/lifecycle.ts";
import { modelShapes } from "./shapes/models.ts";
import { moneyShapes } from "./shapes/money.ts";
import type { RouteShapes } from "./shapes/route-shapes.ts";
import { routingShapes } from "./shapes/routing.ts";
import { savedViewShapes } from "./shapes/saved-views.ts";
import { signInShapes } from "./shapes/sign-in.ts";
import { teamShapes } from "./shapes/teams.ts";
import { usageShapes } from "./shapes/usage.ts";

const shapes = {
  ...administrationShapes,
  ...alertShapes,
  ...moneyShapes,
  ...auditShapes,
  ...lifecycleShapes,
  ...savedViewShapes,
  ...signInShapes,
  ...teamShapes,
  health: { summary: "Whether the process lives", status: 200, response: instance.healthSchema },
  readiness: { summary: "Whether it takes new requests", status: 200, response: instance.healthSchema },
  getInstance: { summary: "What a visitor may know of this instance", status: 200, response: instance.instanceSchema },

  signUp: { summary: "Create an account", status: 202, response: account.signUpResult, body: account.signUpBody },
  resendVerification: {
    summary: "Send the verification mail again",
    status: 202,
    response: account.mailSentSchema,
    body: account.emailBody,
  },
  verifyEmail: {
    summary: "Consume the token of a verification link",
    status: 200,
    response: account.verifiedSchema,
    body: account.tokenBody,
  },
  logout: { summary: "End this session", status: 200, response: account.doneSchema },
  forgotPassword: {
    summary: "Send a password-reset mail",
    status: 202,
    response: account.mailSentSchema,
    body: account.emailBody,
  },
  resetPassword: {
    summary: "Set a new password with a mailed token",
    status: 200,
    response: account.doneSchema,
    body: account.resetPasswordBody,
  },
  getAccount: { summary: "The signed-in person", status: 200, response: account.accountSchema },
  updateAccount: {
    summary: "Change name or language",
    status: 200,
    response: account.accountSchema,
    body: account.updateAccountBody,
  },
  changePassword: {
    summary: "Change the password; every other session ends",
    status: 200,
    response: account.doneSchema,
    body: account.changePasswordBody,
  },
  changeEmail: {
    summary: "Send a confirmation to a new e-mail address",
    status: 202,
    response: account.mailSentSchema,
    body: account.changeEmailBody,
  },
  listSessions: { summary: "Where this account is signed in", status: 200, response: account.sessionListSchema },
  revokeSession: {
    summary: "Sign out one session",
    status: 200,
    response: account.doneSchema,
    params: idParams,
  },
  revokeOtherSessions: { summary: "Sign out everywhere else", status: 200, response: account.doneSchema },

  listInvitations: { summary: "Open and accepted invitations", status: 200, response: account.invitationListSchema },
  createInvitation: {
    summary: "Invite somebody by mail",
    status: 201,
    response: account.invitationSchema,
    body: account.createInvitationBody,
  },
  deleteInvitation: {
    summary: "Withdraw an invitation",
    status: 200,
    response: account.doneSchema,
    params: idParams,
  },

  listKeys: {
    summary: "Own API keys, newest first",
    status: 200,
    response: keys.keyListSchema,
    query: keys.listKeysQuery,
  },
  createKey: { summary: "Create an API key", status: 201, response: keys.createdKeySchema, body: keys.createKeyBody },
  getKey: { summary: "One API key", status: 200, response: keys.keySchema, params: idParams },
  updateKey: {
    summary: "Rename, bound, disable or enable an API key",
    status: 200,
    response: keys.keySchema,
    params: idParams,
    body: keys.updateKeyBody,
  },
  deleteKey: { summary: "Delete an API key for good", status: 200, response: keys.deletedKeySchema, params: idParams },

  getAccountAddresses: {
    summary: "From where the account's keys may be called, and the caller's own address",
    status: 200,
    response: security.accountAddressesSchema,
  },
  updateAccountAddresses: {
    summary: "Choose from where the account's keys may be called",
    status: 200,
    response: security.accountAddressesSchema,
    body: security.accountAddressesBody,
  },

  getAuthorization: {
    summary: "What an app asks for on the consent page",
    status: 200,
    response: oauth.authorizationSchema,
    query: oauth.authorizationQuery,
  },
  grantAuthorization: {
    summary: "Agree to what an app asks for",
    status: 201,
    response: oauth.grantSchema,
    body: oauth.grantBody,
  },

  ...usageShapes,
  listProviders: { summary: "Which providers are connected", status: 200, response: instance.providerListSchema },
  listVendors: {
    summary: "Vendors that can be connected, and what each has to be told",
    status: 200,
    response: providerKeys.vendorListSchema,
  },
  testProviderKey: {
    summary: "Ask a provider for its models, with a typed or a stored key",
    status: 200,
    response: providerKeys.testResultSchema,
    body: providerKeys.testProviderKeyBody,
  },
  listProviderKeys: {
    summary: "Providers connected in the dashboard",
    status: 200,
    response: providerKeys.providerKeyListSchema,
  },
  createProviderKey: {
    summary: "Connect a provider",
    status: 201,
    response: providerKeys.providerKeySchema,
    body: providerKeys.createProviderKeyBody,
  },
  updateProviderKey: {
    summary: "Change, disable or enable a provider",
    status: 200,
    response: providerKeys.providerKeySchema,
    params: idParams,
    body: providerKeys.updateProviderKeyBody,
  },
  deleteProviderKey: {
    summary: "Remove a provider and its key for good",
    status: 200,
    response: providerKeys.deletedProviderKeySchema,
    params: idParams,
  },

  ...routingShapes,

  ...modelShapes,

  listMailbox: { summary: "Mails that were not sent by SMTP", status: 200, response: mailbox.mailListSchema },
  getMail: { summary: "One mail of the mailbox", status: 200, response: mailbox.mailSchema, params: idParams },

  openApi: { summary: "This document", status: 200, response: z.looseObject({ openapi: z.string() }) },
  listModels: {
    summary: "Models that can be called",
    status: 200,
    response: models.modelListSchema,
    query: models.listModelsQuery,
  },
  countModels: {
    summary: "How many models can be called",
    status: 200,
    response: models.modelCountSchema,
    query: models.countModelsQuery,
  },
  listUserModels: {
    summary: "Models that the calling key may use, of every kind",
    status: 200,
    response: models.modelListSchema,
    query: models.pagedModelsQuery,
  },
  getModel: { summary: "One model", status: 200, response: models.oneModelSchema, params: models.modelParams },
  listModelEndpoints: {
    summary: "Who serves a model, at what price",
    status: 200,
    response: models.modelEndpointsSchema,
    params: models.modelParams,
  },
  listEmbeddingModels: {
    summary: "Models that make embeddings",
    status: 200,
    response: models.modelListSchema,
    query: models.pagedModelsQuery,
  },
  listPublicProviders: {
    summary: "Providers that are connected",
    status: 200,
    response: models.publicProviderListSchema,
  },
  listZdrEndpoints: {
    summary: "Endpoints that keep nothing of a request",
    status: 200,
    response: models.endpointListSchema,
  },
  getCurrentKey: { summary: "The key that is calling", status: 200, response: openrouter.currentKeySchema },
  getGeneration: {
    summary: "One generation: tokens, cost, times and attempts",
    status: 200,
    response: records.generationSchema,
    query: records.generationQuery,
  },
  getGenerationContent: {
    summary: "What a generation was asked and answered, where that is kept",
    status: 200,
    response: records.generationContentSchema,
    query: records.generationQuery,
  },
  submitGenerationFeedback: {
    summary: "Report what was wrong with a generation",
    status: 200,
    response: records.feedbackSchema,
    body: records.feedbackBody,
  },
  getUserActivity: {
    summary: "Thirty completed days by model and provider",
    status: 200,
    response: records.userActivitySchema,
    query: records.userActivityQuery,
  },
  getAuthKey: {
    summary: "The key that is calling, at its old address",
    status: 200,
    response: openrouter.currentKeySchema,
  },
  listApiKeys: {
    summary: "Keys of the account, newest first, a hundred at a time",
    status: 200,
    response: keyApi.apiKeyListSchema,
    query: keyApi.listApiKeysQuery,
  },
  createApiKey: {
    summary: "Create a key",
    status: 201,
    response: keyApi.createdApiKeySchema,
    body: keyApi.createApiKeyBody,
  },
  getApiKey: { summary: "One key", status: 200, response: keyApi.readApiKeySchema, params: keyApi.hashParams },
  updateApiKey: {
    summary: "Rename, bound, disable or enable a key",
    status: 200,
    response: keyApi.readApiKeySchema,
    params: keyApi.hashParams,
    body: keyApi.updateApiKeyBody,
  },
  deleteApiKey: {
    summary: "Delete a key for good",
    status: 200,
    response: keys.deletedKeySchema,
    params: keyApi.hashParams,
  },
  reportLeak: {
    summary: "Report a leaked key, so that it is frozen and its owner told",
    status: 202,
    response: leaks.leakReportSchema,
    body: leaks.leakReportBody,
  },
  createAuthCode: {
    summary: "Make an authorization code without the consent page",
    status: 200,
    response: oauth.createdAuthCodeSchema,
    body: oauth.createAuthCodeBody,
  },
  exchangeAuthCode: {
    summary: "Exchange an authorization code for a key",
    status: 200,
    response: oauth.exchangedSchema,
    body: oauth.exchangeBody,
  },
  createChatCompletion: {
    summary: "Answer a conversation, streaming or not",
    status: 200,
    response: openrouter.chatCompletionSchema,
    body: openrouter.chatCompletionBody,
    stream: "server-sent events of chat.completion.chunk objects, one with the usage, then [DONE]",
  },
  createCompletion: {
    summary: "Continue a text, streaming or not",
    status: 200,
    response: openrouter.textCompletionSchema,
    body: openrouter.textCompletionBody,
    stream: "server-sent events of text_completion objects, one with the usage, then [DONE]",
  },
  createResponse: {
    summary: "Answer in the form of OpenAI's Responses API, without storing anything",
    status: 200,
    response: responses.responseSchema,
    body: responses.responseBody,
    stream: "named events from response.created to response.completed, incomplete or failed, then [DONE]",
  },
  createMessage: {
    summary: "Answer a conversation in Anthropic's dialect, streaming or not",
    status: 200,
    response: messages.messageSchema,
    body: messages.messageBody,
    stream: "Anthropic's named events: message_start, content blocks, message_delta, message_stop",
  },
  countMessageTokens: {
    summary: "Count the tokens of a conversation in Anthropic's dialect",
    status: 200,
    response: messages.tokenCountSchema,
    body: messages.countTokensBody,
  },
  createEmbeddings: {
    summary: "Turn texts into vectors",
    status: 200,
    response: openrouter.embeddingsSchema,
    body: openrouter.embeddingsBody,
  },
  createRerank: {
    summary: "Order documents by how well they answer a query",
    status: 200,
    response: openrouter.rerankSchema,
    body: openrouter.rerankBody,
  },
} as const satisfies Record<OperationId, RouteShapes>;

type Shapes = typeof shapes;

/** The input type a caller sends, or undefined where the route takes none. */
type InputOf<Id extends OperationId, Part extends string> = Shapes[Id] extends {
  [K in Part]: infer S extends z.ZodType;
}
  ? z.input<S>
  : undefined;

export type BodyOf<Id extends OperationId> = InputOf<Id, "body">;
export type QueryOf<Id extends OperationId> = InputOf<Id, "query">;
export type ParamsOf<Id extends OperationId> = InputOf<Id, "params">;
export type ResponseOf<Id extends OperationId> = z.output<Shapes[Id]["response"]>;

/** Address, access and shapes of one operation. */
export function routeOf<Id extends OperationId>(id: Id): (typeof operations)[Id] & Shapes[Id] {
  return { ...operations[id], ...shapes[id] };
}
