/** The shapes of everything about alerts. */
import * as alerts from "../schemas/alerts.ts";
import { idParams } from "../schemas/common.ts";
import type { RouteShapes } from "./route-shapes.ts";

export const alertShapes = {
  listAlerts: {
    summary: "What was noticed about the account and its keys, newest first",
    status: 200,
    response: alerts.alertListSchema,
    query: alerts.listAlertsQuery,
  },
  getAlert: {
    summary: "One alert, with what its key has spent",
    status: 200,
    response: alerts.alertDetailsSchema,
    params: idParams,
  },
  answerAlert: {
    summary: "Answer an alert: it was me, freeze, rotate, or lower the limit",
    status: 200,
    response: alerts.alertDetailsSchema,
    params: idParams,
    body: alerts.answerAlertBody,
  },
  getAlertSettings: {
    summary: "Which alerts are sent, and where to",
    status: 200,
    response: alerts.alertSettingsSchema,
  },
  updateAlertSettings: {
    summary: "Choose which alerts are sent",
    status: 200,
    response: alerts.alertSettingsSchema,
    body: alerts.updateAlertSettingsBody,
  },
  setAlertChannel: {
    summary: "Have alerts sent to a webhook, to Slack or to Telegram",
    status: 200,
    response: alerts.setAlertChannelSchema,
    body: alerts.setAlertChannelBody,
  },
  removeAlertChannel: {
    summary: "Send no more alerts there",
    status: 200,
    response: alerts.alertSettingsSchema,
    params: alerts.channelParams,
  },
  testAlertChannel: {
    summary: "Send a test message to a channel",
    status: 200,
    response: alerts.testedChannelSchema,
    params: alerts.channelParams,
  },
} as const satisfies Record<string, RouteShapes>;
