/**
 * Where alerts are sent, beside the dashboard.
 *
 * Invariants: an address is taken only where this server would send to it; what is secret is sealed, and never shown again;
 * the secret of a webhook is made here, so that nobody chooses a weak one.
 */
import { randomBytes } from "node:crypto";
import type { AlertSettingsView } from "../../contract/schemas/alerts.ts";
import type { AlertChannel } from "../../kernel/alerts/facts.ts";
import type { Clock } from "../../kernel/clock.ts";
import { GapuraError } from "../../kernel/errors.ts";
import type { JsonObject } from "../../kernel/json.ts";
import {
  type AlertSettingStore,
  type ChannelRow,
  type ChannelTarget,
  channelOf,
} from "../../storage/stores/alert-settings.ts";
import type { AuditStore } from "../../storage/stores/audit.ts";
import { refuseIfWaiting, rules, type Throttle } from "../accounts/throttle.ts";
import { personActor } from "../audit/actor.ts";
import type { HandlerInput, Handlers, Visitor } from "../http/handler.ts";
import { fieldProblem } from "../keys/key-changes.ts";

export interface AlertSettingDeps {
  settings: AlertSettingStore;
  audit: Pick<AuditStore, "record">;
  /** Each of these makes this server look for, or write to, an address that somebody has typed. */
  throttle: Pick<Throttle, "take">;
  clock: Clock;
  /** Why nothing would be sent to an address; null where something would. */
  refusal(url: string): Promise<string | null>;
  /** Sends a test message, once. */
  test(userId: string, channel: AlertChannel): Promise<{ ok: true } | { ok: false; reason: string }>;
}

type SettingOperations =
  | "getAlertSettings"
  | "updateAlertSettings"
  | "setAlertChannel"
  | "removeAlertChannel"
  | "testAlertChannel";

const SECRET_BYTES = 32;

export function createAlertSettingHandlers(deps: AlertSettingDeps): Handlers<SettingOperations> {
  const { settings, clock } = deps;
  const shown = (userId: string) => settingsView(settings, userId);
  return {
    getAlertSettings: async ({ account }) => ({ body: await shown(account.accountId) }),
    updateAlertSettings: async ({ account: { accountId: userId, userId: actor }, body, visitor }) => {
      const before = await settings.get(userId);
      const { mail = before.mail, autoFreeze = before.autoFreeze, muted = before.muted } = body;
      await settings.set(userId, { mail, autoFreeze, muted });
      await record(deps, { userId, actor, visitor, before: plain(before), after: plain({ mail, autoFreeze, muted }) });
      return { body: await shown(userId) };
    },
    setAlertChannel: async ({ account: { accountId: userId, userId: actor }, body, visitor }) => {
      await refuseTooMany(deps, userId);
      const { target, name, secret } = await targetOf(deps, body);
      await settings.setChannel(userId, body.channel, { target, shown: name, nowMs: clock.nowMs() });
      await record(deps, { userId, actor, visitor, after: { channel: body.channel, leadsTo: name } });
      return { body: { settings: await shown(userId), secret } };
    },
    removeAlertChannel: async ({ account: { accountId: userId, userId: actor }, params: { channel }, visitor }) => {
      if (!(await settings.removeChannel(userId, channel))) throw noChannel();
      await record(deps, { userId, actor, visitor, before: { channel } });
      return { body: await shown(userId) };
    },
    testAlertChannel: async ({ account: { accountId: userId }, params: { channel } }) => {
      const isThere = (await settings.channels(userId)).some((known) => known.channel === channel);
      if (!isThere) throw noChannel();
      await refuseTooMany(deps, userId);
      const sent = await deps.test(userId, channel);
      return { body: sent.ok ? { ok: true, reason: null } : { ok: false, reason: sent.reason } };
    },
  };
}

async function refuseTooMany({ throttle }: AlertSettingDeps, userId: string): Promise<void> {
  refuseIfWaiting(await throttle.take(`alert-channel:${userId}`, rules.addressAttempts));
}

async function targetOf(
  { refusal }: AlertSettingDeps,
  body: HandlerInput<"setAlertChannel">["body"],
): Promise<{ target: ChannelTarget; name: string; secret: string | null }> {
  if (body.channel === "telegram") {
    const { token, chat } = body;
    return { target: { token, chat }, name: chat, secret: null };
  }
  const { url } = body;
  const problem = await refusal(url);
  if (problem !== null) throw fieldProblem("url", problem);
  const name = new URL(url).host;
  if (body.channel === "slack") return { target: { url }, name, secret: null };
  const secret = `whsec_${randomBytes(SECRET_BYTES).toString("base64")}`;
  return { target: { url, secret }, name, secret };
}

interface Change {
  userId: string;
  /** The person who does it. */
  actor: string;
  visitor: Visitor;
  before?: JsonObject;
  after?: JsonObject;
}

async function record({ audit }: AlertSettingDeps, { userId, actor, visitor, before, after }: Change): Promise<void> {
  const target = { kind: "account", id: userId };
  await audit.record({ actor: personActor(actor, visitor), action: "alert.settings", target, before, after });
}

function plain({
  mail,
  autoFreeze,
  muted,
}: {
  mail: boolean;
  autoFreeze: boolean;
  muted: readonly string[];
}): JsonObject {
  return { mail, autoFreeze, muted: [...muted] };
}

async function settingsView(settings: AlertSettingStore, userId: string): Promise<AlertSettingsView> {
  const { mail, autoFreeze, muted } = await settings.get(userId);
  const rows = await settings.channels(userId);
  return { mail, autoFreeze, muted: [...muted], channels: rows.flatMap(channelView) };
}

function channelView(row: ChannelRow): AlertSettingsView["channels"] {
  const channel = channelOf(row.channel);
  if (channel === undefined) return [];
  const { shown, delivered_at: deliveredAt, failed_at: failedAt, last_error: lastError } = row;
  return [{ channel, shown, deliveredAt, failedAt, lastError }];
}

function noChannel(): GapuraError {
  return new GapuraError("resource_not_found", { values: { what: "This channel" } });
}
