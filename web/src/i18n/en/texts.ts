import { account } from "./account.ts";
import { accountPage } from "./account-page.ts";
import { activity } from "./activity.ts";
import { alerts } from "./alerts.ts";
import { audit } from "./audit.ts";
import { budgets } from "./budgets.ts";
import { common } from "./common.ts";
import { dashboard } from "./dashboard.ts";
import { errors } from "./errors.ts";
import { keys } from "./keys.ts";
import { landing } from "./landing.ts";
import { logs } from "./logs.ts";
import { mailbox } from "./mailbox.ts";
import { models } from "./models.ts";
import { oauth } from "./oauth.ts";
import { operations } from "./operations.ts";
import { providers } from "./providers.ts";
import { reconciliation } from "./reconciliation.ts";
import { reference } from "./reference.ts";
import { routing } from "./routing.ts";
import { safety } from "./safety.ts";
import { security } from "./security.ts";
import { settings } from "./settings.ts";
import { shell } from "./shell.ts";
import { statement } from "./statement.ts";
import { usage } from "./usage.ts";

export const englishTexts = {
  account,
  accountPage,
  activity,
  audit,
  alerts,
  budgets,
  common,
  dashboard,
  errors,
  keys,
  landing,
  logs,
  mailbox,
  models,
  oauth,
  operations,
  providers,
  reconciliation,
  reference,
  routing,
  safety,
  security,
  settings,
  shell,
  statement,
  usage,
};
