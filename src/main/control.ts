/** Everything that serves people and administration, put together: the handlers of every operation, and their guard. */
import type { Catalog } from "../catalog/catalog.ts";
import { version } from "../cli/version.ts";
import { keyRingSource } from "../config/encryption-keys.ts";
import { isReachable } from "../config/hosts.ts";
import type { Provider } from "../contract/schemas/instance.ts";
import type { Accounts } from "../control/accounts/accounts.ts";
import { type ControlApp, createControlApp } from "../control/http/app.ts";
import { type GuardDeps, type KeyAuthenticator, refuseStale } from "../control/http/guard.ts";
import { securityHeaders } from "../control/http/security-headers.ts";
import { createStaticSite } from "../control/http/static-site.ts";
import { instanceHandlers } from "../control/instance/instance-handlers.ts";
import { createKeyAdministration } from "../control/keys/key-administration.ts";
import { keyApiHandlers } from "../control/keys/key-api-handlers.ts";
import type { OnKeyChanged } from "../control/keys/key-changes.ts";
import { keyHandlers } from "../control/keys/key-handlers.ts";
import { withinPolicy } from "../control/keys/key-policy.ts";
import { mailboxHandlers } from "../control/mailbox/mailbox-handlers.ts";
import { modelHandlers } from "../control/models/model-handlers.ts";
import { oauthHandlers } from "../control/oauth/oauth-handlers.ts";
import { openApiDocument } from "../control/openapi/document.ts";
import { providerHandlers } from "../control/providers/provider-handlers.ts";
import { CORS_HEADERS, type DataPlane } from "../gateway/data-plane.ts";
import type { Mailer } from "../mail/mailer.ts";
import type { MoneyLedger } from "../storage/ledger/ledger.ts";
import { createAccountStore } from "../storage/stores/accounts.ts";
import { createAuthCodeStore } from "../storage/stores/auth-codes.ts";
import { tokensByModel } from "../storage/stores/model-usage.ts";
import { createProviderKeyStore } from "../storage/stores/provider-keys.ts";
import { createUsageStore } from "../storage/stores/usage.ts";
import { administrationHandlers, type Start } from "./administration.ts";
import type { Ground } from "./ground.ts";
import { keySafetyHandlers } from "./key-safety.ts";
import { knownCaller } from "./known-caller.ts";
import type { ModelPrices } from "./model-prices.ts";
import { accountCredits, limitsInForce, moneyHandlers } from "./money.ts";
import type { Payloads } from "./payloads.ts";
import { handlersOfPlayground } from "./playground.ts";
import { providerPort, type StoredProviders } from "./provider-keys.ts";
import type { Routing } from "./routing.ts";
import { handlersOfTeams, membershipsOf } from "./teams.ts";
import { handlersOfUse } from "./usage.ts";
import type { Watching } from "./watching.ts";

export function createControl(
  ground: Ground,
  parts: {
    accounts: Accounts;
    catalog: Catalog;
    plane: DataPlane;
    mailer: Mailer;
    payloads: Payloads;
    stored: StoredProviders;
    modelPrices: ModelPrices;
    routing: Routing;
    watching: Watching;
    providers(): Provider[];
    isDraining(): boolean;
    ledger: MoneyLedger;
    start: Start;
  },
): ControlApp {
  const { config, clock, log, keys, audit, mails, storage } = ground;
  const { accounts, catalog, plane, payloads, providers } = parts;
  const usage = createUsageStore(storage.db);
  const onKeyChanged: OnKeyChanged = (change) => plane.keyChanged(change);
  const administration = createKeyAdministration({ audit, clock, onKeyChanged });
  const keyParts = { keys, administration, models: catalog, clock };
  const refreshInstance = () => parts.ledger.tending.refresh();
  const onLimitsChanged = limitsInForce({ refreshInstance, keys, onKeyChanged, clock });
  const keyDoor = keyDoorOf(plane);
  const endWithinPolicy = (expiresAt: number | null, nowMs: number) => withinPolicy(storage.db, expiresAt, nowMs);
  const guard = guardOf(ground, accounts, keyDoor);
  const proof = { refuseStale: (sessionId: string) => refuseStale(guard, sessionId) };
  return createControlApp({
    handlers: {
      ...accounts.handlers,
      ...handlersOfTeams(ground, { accounts, mailer: parts.mailer, onKeyChanged, ...proof }),
      ...keyHandlers({ ...keyParts, ...proof }),
      ...keyApiHandlers({ ...keyParts, ...membershipsOf(storage), usage, credits: accountCredits(storage) }),
      ...moneyHandlers({ storage, audit, clock, onLimitsChanged }),
      ...keySafetyHandlers(ground, { accounts, administration, mailer: parts.mailer, onKeyChanged }),
      ...administrationHandlers(ground, { ...parts, onKeyChanged }),
      ...oauthHandlers({ codes: createAuthCodeStore(storage.db), endWithinPolicy, audit, clock, onKeyChanged }),
      ...handlersOfUse(ground, { usage, payloads, isDraining: parts.isDraining }),
      ...parts.watching.handlersFor(administration),
      ...mailboxHandlers(mails),
      ...parts.routing.handlersFor(plane, audit),
      ...modelHandlers({
        catalog,
        clock,
        baseUrl: config.baseUrl,
        providers,
        tokensByModel: (firstDay) => tokensByModel(storage.db, firstDay),
        measures: (endpoint) => plane.health.measures(endpoint),
        isKnown: knownCaller({ sessions: accounts.sessions, keys: keyDoor }),
      }),
      ...handlersOfPlayground(ground, plane),
      ...handlersOfProviders(ground, parts),
      ...instanceHandlers({
        version,
        baseUrl: config.baseUrl,
        setupState: accounts.setup.state,
        signUp: config.signUp,
        singleSignOn: config.singleSignOn && { name: config.singleSignOn.name },
        mailDelivery: config.smtpUrl === null ? "mailbox" : "smtp",
        payloadRetentionDays: payloads.retentionDays,
        display: config.display,
        providers,
        pingStorage: storage.ping,
        isDraining: parts.isDraining,
        openApiDocument: () => openApiDocument({ version, baseUrl: config.baseUrl }),
      }),
    },
    guard,
    headers: securityHeaders(config.baseUrl),
    corsHeaders: CORS_HEADERS,
    site: createStaticSite(config.webDir).answer,
    logFailure: (fields) => log.error("request.failed", fields),
  });
}

function handlersOfProviders(
  { config, audit, clock, log, providerKeys }: Ground,
  { plane, stored, modelPrices }: { plane: DataPlane; stored: StoredProviders; modelPrices: ModelPrices },
) {
  return {
    ...providerHandlers({
      store: providerKeys,
      storeOn: (db) => createProviderKeyStore(db, keyRingSource(config)),
      audit,
      gateway: providerPort(plane, stored),
      clock,
      note: (event, fields) => log.info(event, fields),
    }),
    ...modelPrices.handlersFor({ audit, clock }),
  };
}

/** The data plane's key check, for whom the control plane asks. */
function keyDoorOf(plane: DataPlane): KeyAuthenticator {
  return {
    authenticate: (header, { requestId, ipAddress }) =>
      plane.authenticate(header, { requestId, clientAddress: () => ipAddress }),
  };
}

function guardOf({ config, clock, storage }: Ground, accounts: Accounts, keys: KeyAuthenticator): GuardDeps {
  const people = createAccountStore(storage.db, storage.engine);
  return {
    sessions: accounts.sessions,
    keys,
    provenAt: people.provenAt,
    clock,
    roleOfKey: membershipsOf(storage).roleOfKey,
    isOwner: async (userId) => (await people.ownerId()) === userId,
    needsSetup: async () => (await accounts.setup.state()) === "token",
    mailboxInUse: config.smtpUrl === null && !isReachable(config),
    origin: new URL(config.baseUrl).origin,
  };
}
