import { accountPage } from "./account-page.ts";
import { activity } from "./activity.ts";
import { administration } from "./administration.ts";
import { audit } from "./audit.ts";
import { keys } from "./keys.ts";
import { logs } from "./logs.ts";
import { mailbox } from "./mailbox.ts";
import { models } from "./models.ts";
import { oauth } from "./oauth.ts";
import { operations } from "./operations.ts";
import { palette } from "./palette.ts";
import { playground } from "./playground.ts";
import { providers } from "./providers.ts";
import { reconciliation } from "./reconciliation.ts";
import { reference } from "./reference.ts";
import { routing } from "./routing.ts";
import { security } from "./security.ts";
import { settings } from "./settings.ts";
import { statement } from "./statement.ts";
import { team } from "./team.ts";
import { views } from "./views.ts";

/** What all other pages say. It comes with the first of them. */
export const indonesianRest = {
  accountPage,
  activity,
  administration,
  audit,
  keys,
  logs,
  mailbox,
  models,
  oauth,
  operations,
  palette,
  playground,
  providers,
  reconciliation,
  reference,
  routing,
  security,
  settings,
  statement,
  team,
  views,
};
