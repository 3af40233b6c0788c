import { account } from "./account.ts";
import { accounts } from "./accounts.ts";
import { alerts } from "./alerts.ts";
import { budgets } from "./budgets.ts";
import { common } from "./common.ts";
import { dashboard } from "./dashboard.ts";
import { errors } from "./errors.ts";
import { landing } from "./landing.ts";
import { safety } from "./safety.ts";
import { shell } from "./shell.ts";
import { usage } from "./usage.ts";

/** What the first pages say: how one comes in, the frame of all pages, and the dashboard. */
export const englishStart = {
  account,
  accounts,
  alerts,
  budgets,
  common,
  dashboard,
  errors,
  landing,
  safety,
  shell,
  usage,
};
