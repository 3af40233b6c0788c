/**
 * Every page and its address. The root reads the instance, the shell reads who is signed in: no page below is drawn
 * without them. A session that ends while a page is open leads to the login page, and from there back.
 */
import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from "@tanstack/react-router";
import { accountQuery, forgetPerson } from "../features/account/session.ts";
import { instanceQuery } from "../features/instance/instance.ts";
import { LandingPage } from "../features/landing/landing-page.tsx";
import { logsSearch } from "../features/logs/logs-search.ts";
import { compareSearch, modelsSearch } from "../features/models/models-search.ts";
import { playgroundSearch } from "../features/playground/playground-search.ts";
import { Shell } from "../features/shell/shell.tsx";
import { NotFoundPage, PendingPage, TroublePage } from "../features/shell/trouble-pages.tsx";
import { enterAccount } from "../features/team/accounts.ts";
import { usageSearch } from "../features/usage/usage-search.ts";
import { withAllTexts } from "../i18n/language.ts";
import { hasCode } from "../lib/api-error.ts";
import { createQueryClient } from "../lib/query-client.ts";
import { safeReturnPath } from "../lib/return-path.ts";
import { parseSearch, stringifySearch } from "../lib/search-params.ts";
import { maySignedIn } from "../lib/session-hint.ts";
import * as search from "./search.ts";

interface RouterContext {
  queries: QueryClient;
}

const root = createRootRouteWithContext<RouterContext>()({
  loader: ({ context }) => context.queries.ensureQueryData(instanceQuery),
});

async function isSignedIn({ queries }: RouterContext): Promise<boolean> {
  if (!maySignedIn()) return false;
  const isKnown = queries.ensureQueryData(accountQuery);
  return isKnown.then(
    () => true,
    () => false,
  );
}

/** Who is signed in already has no use for a form to log in. */
async function skipWhenSignedIn(context: RouterContext, next: string | undefined): Promise<void> {
  if (await isSignedIn(context)) throw redirect({ href: safeReturnPath(next) });
}

/** Lets in who is signed in, and leads everybody else to the login and back. */
async function requireSession({ queries }: RouterContext, here: string): Promise<void> {
  const hadSession = maySignedIn();
  try {
    await Promise.all([queries.ensureQueryData(accountQuery), enterAccount(queries)]);
  } catch (error) {
    if (hasCode(error, "setup_required")) throw redirect({ to: "/sign-up" });
    if (!hasCode(error, "not_signed_in")) throw error;
    forgetPerson(queries);
    throw redirect({ to: "/login", search: { next: here, ...(hadSession ? { notice: "expired" } : {}) } });
  }
}

/** Leads everybody but whoever owns the instance to the first page; the server refuses them anyway. */
async function requireOwner({ queries }: RouterContext): Promise<void> {
  const { role } = await queries.ensureQueryData(accountQuery);
  if (role !== "owner") throw redirect({ to: "/dashboard" });
}

/** A page that says more than the first ones do. */
function fullPage<Module extends Record<string, unknown>, Name extends keyof Module>(
  load: () => Promise<Module>,
  name: Name,
) {
  return lazyRouteComponent<Module, Name>(withAllTexts(load), name);
}

const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  component: Shell,
  beforeLoad: ({ context, location }): Promise<void> => requireSession(context, location.href),
});
const consent = createRoute({
  getParentRoute: () => root,
  path: "/auth",
  component: fullPage(() => import("../features/oauth/consent-page.tsx"), "ConsentPage"),
  validateSearch: search.authorizationSearch,
  beforeLoad: ({ context, location }): Promise<void> => requireSession(context, location.href),
});

const landing = createRoute({ getParentRoute: () => root, path: "/", component: LandingPage });
const signUp = createRoute({
  getParentRoute: () => root,
  path: "/sign-up",
  component: lazyRouteComponent(() => import("../features/account/sign-up-page.tsx"), "SignUpPage"),
  validateSearch: search.signUpSearch,
});
const checkMail = createRoute({
  getParentRoute: () => root,
  path: "/check-your-mail",
  component: lazyRouteComponent(() => import("../features/account/check-mail-page.tsx"), "CheckMailPage"),
  validateSearch: search.emailSearch,
});
const verify = createRoute({
  getParentRoute: () => root,
  path: "/verify",
  component: lazyRouteComponent(() => import("../features/account/verify-page.tsx"), "VerifyPage"),
  validateSearch: search.tokenSearch,
});
const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  component: lazyRouteComponent(() => import("../features/account/login-page.tsx"), "LoginPage"),
  validateSearch: search.loginSearch,
  beforeLoad: ({ context, search: { next } }): Promise<void> => skipWhenSignedIn(context, next),
});
const singleSignOn = createRoute({
  getParentRoute: () => root,
  path: "/login/single-sign-on",
  component: lazyRouteComponent(() => import("../features/account/single-sign-on-page.tsx"), "SingleSignOnPage"),
});
const forgot = createRoute({
  getParentRoute: () => root,
  path: "/forgot-password",
  component: lazyRouteComponent(() => import("../features/account/forgot-page.tsx"), "ForgotPage"),
});
const reset = createRoute({
  getParentRoute: () => root,
  path: "/reset-password",
  component: lazyRouteComponent(() => import("../features/account/reset-page.tsx"), "ResetPage"),
  validateSearch: search.tokenSearch,
});
const mailbox = createRoute({
  getParentRoute: () => root,
  path: "/mailbox",
  component: fullPage(() => import("../features/mailbox/mailbox-page.tsx"), "MailboxPage"),
  validateSearch: search.mailSearch,
});
const dashboard = createRoute({
  getParentRoute: () => shell,
  path: "/dashboard",
  component: lazyRouteComponent(() => import("../features/overview/dashboard-page.tsx"), "DashboardPage"),
});
const keys = createRoute({
  getParentRoute: () => shell,
  path: "/keys",
  component: fullPage(() => import("../features/keys/keys-page.tsx"), "KeysPage"),
  validateSearch: search.keysSearch,
});
const apiKey = createRoute({
  getParentRoute: () => shell,
  path: "/keys/$id",
  component: fullPage(() => import("../features/keys/key-page.tsx"), "KeyPage"),
  validateSearch: search.keySearch,
});
const activity = createRoute({
  getParentRoute: () => shell,
  path: "/activity",
  component: fullPage(() => import("../features/usage/usage-page.tsx"), "UsagePage"),
  validateSearch: usageSearch,
});
const logs = createRoute({
  getParentRoute: () => shell,
  path: "/logs",
  component: fullPage(() => import("../features/logs/logs-page.tsx"), "LogsPage"),
  validateSearch: logsSearch,
});
const alerts = createRoute({
  getParentRoute: () => shell,
  path: "/alerts",
  component: fullPage(() => import("../features/alerts/alerts-page.tsx"), "AlertsPage"),
  validateSearch: search.alertsSearch,
});
const budgets = createRoute({
  getParentRoute: () => shell,
  path: "/budgets",
  component: fullPage(() => import("../features/budgets/budgets-page.tsx"), "BudgetsPage"),
  validateSearch: search.accountsSearch,
});
const statement = createRoute({
  getParentRoute: () => shell,
  path: "/statement",
  component: fullPage(() => import("../features/statement/statement-page.tsx"), "StatementPage"),
  validateSearch: search.statementSearch,
});
const reconciliation = createRoute({
  getParentRoute: () => shell,
  path: "/reconciliation",
  component: fullPage(() => import("../features/reconciliation/reconciliation-page.tsx"), "ReconciliationPage"),
  // Nobody else may compare what is recorded of everybody.
  beforeLoad: ({ context }): Promise<void> => requireOwner(context),
});
const administration = createRoute({
  getParentRoute: () => shell,
  path: "/administration",
  component: fullPage(() => import("../features/administration/administration-page.tsx"), "AdministrationPage"),
  validateSearch: search.administrationSearch,
  beforeLoad: ({ context }): Promise<void> => requireOwner(context),
});
const models = createRoute({
  getParentRoute: () => shell,
  path: "/models",
  component: fullPage(() => import("../features/models/models-page.tsx"), "ModelsPage"),
  validateSearch: modelsSearch,
});
const compareModels = createRoute({
  getParentRoute: () => shell,
  path: "/models/compare",
  component: fullPage(() => import("../features/models/compare-page.tsx"), "ComparePage"),
  validateSearch: compareSearch,
});
const model = createRoute({
  getParentRoute: () => shell,
  path: "/models/$author/$slug",
  component: fullPage(() => import("../features/models/model-page.tsx"), "ModelPage"),
});
const providers = createRoute({
  getParentRoute: () => shell,
  path: "/providers",
  component: fullPage(() => import("../features/providers/providers-page.tsx"), "ProvidersPage"),
  validateSearch: search.providersSearch,
});
const routing = createRoute({
  getParentRoute: () => shell,
  path: "/routing",
  component: fullPage(() => import("../features/routing/routing-page.tsx"), "RoutingPage"),
  validateSearch: search.routingSearch,
});
const security = createRoute({
  getParentRoute: () => shell,
  path: "/security",
  component: fullPage(() => import("../features/security/security-page.tsx"), "SecurityPage"),
  validateSearch: search.securitySearch,
});
const team = createRoute({
  getParentRoute: () => shell,
  path: "/team",
  component: fullPage(() => import("../features/team/team-page.tsx"), "TeamPage"),
});
const join = createRoute({
  getParentRoute: () => root,
  path: "/join",
  component: fullPage(() => import("../features/team/join-page.tsx"), "JoinPage"),
  validateSearch: search.tokenSearch,
});
const audit = createRoute({
  getParentRoute: () => shell,
  path: "/audit",
  component: fullPage(() => import("../features/audit/audit-page.tsx"), "AuditPage"),
  validateSearch: search.auditSearch,
});
const account = createRoute({
  getParentRoute: () => shell,
  path: "/account",
  component: fullPage(() => import("../features/account-security/account-page.tsx"), "AccountPage"),
});
const settings = createRoute({
  getParentRoute: () => shell,
  path: "/settings",
  component: fullPage(() => import("../features/settings/settings-page.tsx"), "SettingsPage"),
});
const reference = createRoute({
  getParentRoute: () => root,
  path: "/docs",
  component: fullPage(() => import("../features/reference/reference-page.tsx"), "ReferencePage"),
  // The page looks different for who is signed in: known before it is drawn, it does not jump.
  beforeLoad: async ({ context }): Promise<void> => {
    await isSignedIn(context);
  },
});

const playground = createRoute({
  getParentRoute: () => shell,
  path: "/playground",
  component: fullPage(() => import("../features/playground/playground-page.tsx"), "PlaygroundPage"),
  validateSearch: playgroundSearch,
});

// Each route is a constant of its own: written inside the list, their types would be lost.
const routeTree = root.addChildren([
  landing,
  signUp,
  checkMail,
  verify,
  login,
  singleSignOn,
  forgot,
  reset,
  mailbox,
  join,
  consent,
  reference,
  shell.addChildren([
    dashboard,
    keys,
    apiKey,
    activity,
    logs,
    alerts,
    budgets,
    statement,
    models,
    compareModels,
    model,
    playground,
    providers,
    reconciliation,
    routing,
    security,
    audit,
    team,
    administration,
    account,
    settings,
  ]),
]);

/** The router and the cache that its pages read through. */
export function createAppRouter() {
  const queries = createQueryClient(() => leaveWhenSessionEnded());
  const router = createRouter({
    routeTree,
    context: { queries },
    parseSearch,
    stringifySearch,
    defaultPreload: "intent",
    defaultErrorComponent: TroublePage,
    defaultNotFoundComponent: NotFoundPage,
    defaultPendingComponent: PendingPage,
  });
  function leaveWhenSessionEnded(): void {
    const isInside = router.state.matches.some(({ routeId }) => routeId === shell.id || routeId === consent.id);
    if (!isInside) return;
    const next = router.state.location.href;
    void router.navigate({ to: "/login", search: { next, notice: "expired" } }).then(() => forgetPerson(queries));
  }
  return { router, queries };
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createAppRouter>["router"];
  }
}
