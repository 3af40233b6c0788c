/**
 * How people are told of alerts: which kinds, by mail or not, and where else. Addresses of channels and their secrets are
 * sealed under the instance's secret, bound to the account and the channel.
 *
 * Failure modes: a target that was sealed under another secret does not open; it is null, and can be typed again.
 */
import type { Selectable } from "kysely";
import { ALERT_CHANNELS, ALERT_KINDS, type AlertChannel, type AlertKind } from "../../kernel/alerts/facts.ts";
import { isJsonObject, parseJson } from "../../kernel/json.ts";
import type { AlertChannelTable, AlertSettingTable } from "../alert-tables.ts";
import type { Db } from "../open.ts";
import type { Sealer } from "./sealed-text.ts";

export interface AlertSettings {
  mail: boolean;
  /** Whether a key that is surely used by somebody else is frozen before its owner has answered. */
  autoFreeze: boolean;
  /** Kinds that stand on the dashboard alone. */
  muted: readonly AlertKind[];
}

/** Where a channel leads: an address, a secret, or a token and a chat, by their names. */
export type ChannelTarget = Readonly<Record<string, string>>;
export type ChannelRow = Selectable<AlertChannelTable>;

const USUAL: AlertSettings = { mail: true, autoFreeze: false, muted: [] };

export type AlertSettingStore = ReturnType<typeof createAlertSettingStore>;

export function createAlertSettingStore(db: Db, sealer: Sealer) {
  return { ...settings(db), ...channels(db, sealer) };
}

function settings(db: Db) {
  return {
    async get(userId: string): Promise<AlertSettings> {
      const row = await db.selectFrom("alert_setting").selectAll().where("user_id", "=", userId).executeTakeFirst();
      return row ? settingsOf(row) : USUAL;
    },

    async set(userId: string, { mail, autoFreeze, muted }: AlertSettings): Promise<void> {
      const values = { mail: Number(mail), auto_freeze: Number(autoFreeze), muted: muted.join(",") };
      await db
        .insertInto("alert_setting")
        .values({ user_id: userId, ...values })
        .onConflict((conflict) => conflict.column("user_id").doUpdateSet(values))
        .execute();
    },
  };
}

function channels(db: Db, sealer: Sealer) {
  const nameOf = (userId: string, channel: string) => `${userId}/${channel}`;
  const one = (userId: string, channel: AlertChannel) =>
    db.selectFrom("alert_channel").selectAll().where("user_id", "=", userId).where("channel", "=", channel);
  const note = (userId: string, channel: AlertChannel, values: Partial<ChannelRow>) =>
    db.updateTable("alert_channel").set(values).where("user_id", "=", userId).where("channel", "=", channel).execute();
  return {
    channels: (userId: string): Promise<ChannelRow[]> =>
      db.selectFrom("alert_channel").selectAll().where("user_id", "=", userId).orderBy("channel").execute(),

    /** Where it leads; null where there is none, or it does not open. */
    async target(userId: string, channel: AlertChannel): Promise<ChannelTarget | null> {
      const row = await one(userId, channel).executeTakeFirst();
      const text = row && sealer.open(Buffer.from(row.sealed, "base64"), nameOf(userId, channel));
      return text ? targetOf(text) : null;
    },

    async setChannel(
      userId: string,
      channel: AlertChannel,
      { target, shown, nowMs }: { target: ChannelTarget; shown: string; nowMs: number },
    ): Promise<void> {
      const sealed = Buffer.from(sealer.seal(JSON.stringify(target), nameOf(userId, channel))).toString("base64");
      const values = { shown, sealed, updated_at: nowMs, delivered_at: null, failed_at: null, last_error: null };
      await db
        .insertInto("alert_channel")
        .values({ user_id: userId, channel, ...values })
        .onConflict((conflict) => conflict.columns(["user_id", "channel"]).doUpdateSet(values))
        .execute();
    },

    async removeChannel(userId: string, channel: AlertChannel): Promise<boolean> {
      const row = await db
        .deleteFrom("alert_channel")
        .where("user_id", "=", userId)
        .where("channel", "=", channel)
        .returning("channel")
        .executeTakeFirst();
      await db.deleteFrom("alert_delivery").where("user_id", "=", userId).where("channel", "=", channel).execute();
      return row !== undefined;
    },

    delivered: (userId: string, channel: AlertChannel, nowMs: number) =>
      note(userId, channel, { delivered_at: nowMs, last_error: null }),
    failed: (userId: string, channel: AlertChannel, { nowMs, reason }: { nowMs: number; reason: string }) =>
      note(userId, channel, { failed_at: nowMs, last_error: reason.slice(0, 300) }),
  };
}

export function channelOf(name: string): AlertChannel | undefined {
  return ALERT_CHANNELS.find((known) => known === name);
}

function settingsOf({ mail, auto_freeze, muted }: Selectable<AlertSettingTable>): AlertSettings {
  const names = muted.split(",");
  return { mail: mail === 1, autoFreeze: auto_freeze === 1, muted: ALERT_KINDS.filter((kind) => names.includes(kind)) };
}

function targetOf(text: string): ChannelTarget {
  const parsed = parseJson(text);
  const entries = parsed.ok && isJsonObject(parsed.value) ? Object.entries(parsed.value) : [];
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}
