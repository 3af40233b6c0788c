/** What the owner of the instance sees and does about the instance itself. */
import { z } from "zod";
import * as account from "../schemas/account.ts";
import * as activity from "../schemas/activity.ts";
import * as administration from "../schemas/administration.ts";
import { idParams } from "../schemas/common.ts";
import * as usage from "../schemas/usage-series.ts";
import type { RouteShapes } from "./route-shapes.ts";

export const administrationShapes = {
  listPeople: {
    summary: "Everybody with an account, in the order of their addresses",
    status: 200,
    response: administration.peoplePageSchema,
    query: administration.peopleQuery,
  },
  suspendPerson: {
    summary: "Suspend an account: its sessions end, its keys are refused, what runs with them ends",
    status: 200,
    response: account.doneSchema,
    params: idParams,
  },
  readmitPerson: {
    summary: "Let a suspended account in again",
    status: 200,
    response: account.doneSchema,
    params: idParams,
  },
  getInstanceUsage: {
    summary: "Spend, requests, tokens or errors of all accounts over time",
    status: 200,
    response: usage.usageSeriesSchema,
    query: usage.instanceUsageQuery,
  },
  exportInstanceUsage: {
    summary: "Use of all accounts over time as CSV",
    status: 200,
    response: z.string(),
    media: "text/csv",
    query: usage.instanceUsageExportQuery,
  },
  getInstanceUsageChoices: {
    summary: "Accounts, models, providers, keys and apps of all accounts that were used",
    status: 200,
    response: usage.instanceUsageChoicesSchema,
    query: usage.instanceChoicesQuery,
  },
  listInstanceActivity: {
    summary: "Requests of all accounts, newest first, without what was said",
    status: 200,
    response: activity.instanceActivityListSchema,
    query: activity.instanceActivityQuery,
  },
  exportInstanceActivity: {
    summary: "Requests of all accounts as CSV",
    status: 200,
    response: z.string(),
    media: "text/csv",
    query: activity.instanceActivityExportQuery,
  },
  getInstanceActivity: {
    summary: "One request of any account with its attempts, costs and times, without what was said",
    status: 200,
    response: activity.instanceActivityDetailSchema,
    params: idParams,
  },
  getSystem: { summary: "How the server does", status: 200, response: administration.systemSchema },
  getConfiguration: {
    summary: "Every setting in force and where it comes from, without secrets",
    status: 200,
    response: administration.configurationSchema,
  },
  getMailState: { summary: "Where mails go, and how many wait", status: 200, response: administration.mailStateSchema },
  testMail: {
    summary: "Send a test mail to oneself, and hear what the mail server says",
    status: 200,
    response: administration.mailTestSchema,
  },
  createBackup: {
    summary: "Make a checked copy of the embedded database, to be downloaded once",
    status: 201,
    response: administration.backupSchema,
  },
  downloadBackup: {
    summary: "The copy; it is gone from the server afterwards",
    status: 200,
    response: z.string(),
    media: "application/vnd.sqlite3",
    params: administration.backupParams,
  },
} as const satisfies Record<string, RouteShapes>;
