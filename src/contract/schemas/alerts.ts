/** Alerts about keys and the account, the answers to them, and where they are sent. */
import { z } from "zod";
import {
  ALERT_ANSWERS,
  ALERT_CHANNELS,
  ALERT_KINDS,
  ALERT_LEVELS,
  type AlertFacts,
} from "../../kernel/alerts/facts.ts";
import { pageQuery, timeMs, usd } from "./common.ts";
import { aboveZero, limitResetSchema, usdTextInput } from "./limits.ts";

const names = z.array(z.string());
const counted = { points: z.number(), usual: z.number(), now: z.number() };
const spent = { points: z.number(), usualUsd: z.number(), nowUsd: z.number() };
const named = { points: z.number(), names, share: z.number(), usual: names };

const evidenceSchema = z.discriminatedUnion("what", [
  z.object({ what: z.literal("day-spend"), ...spent }),
  z.object({ what: z.literal("hour-spend"), ...spent }),
  z.object({ what: z.literal("hour-calls"), ...counted }),
  z.object({ what: z.literal("new-network"), ...named }),
  z.object({ what: z.literal("new-program"), ...named }),
  z.object({ what: z.literal("new-model"), ...named }),
  z.object({ what: z.literal("many-networks"), ...counted }),
  z.object({ what: z.literal("odd-hours"), points: z.number(), share: z.number() }),
]);

const change = z.object({ field: z.string(), before: z.string().nullable(), after: z.string().nullable() });

/** What happened, as parts: each reader's language makes its sentences of them. */
export const alertFactsSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("unusual_use"),
    score: z.number(),
    evidence: z.array(evidenceSchema),
    isFrozen: z.boolean(),
    limitLastsMinutes: z.number().optional(),
  }),
  z.object({
    kind: z.literal("refused_burst"),
    count: z.number(),
    minutes: z.number(),
    code: z.string(),
    networks: names,
  }),
  z.object({ kind: z.literal("dormant_key"), idleDays: z.number(), network: z.string().nullable() }),
  z.object({ kind: z.literal("address_refused"), address: z.string().nullable(), list: z.enum(["key", "account"]) }),
  z.object({ kind: z.literal("leak_report"), foundAt: z.string().nullable() }),
  z.object({ kind: z.literal("new_device"), address: z.string().nullable(), isNewDevice: z.boolean() }),
  z.object({ kind: z.literal("limits_changed"), by: z.enum(["owner", "management_key"]), changes: z.array(change) }),
]) satisfies z.ZodType<AlertFacts>;

export const alertSchema = z.object({
  id: z.string(),
  level: z.enum(ALERT_LEVELS),
  facts: alertFactsSchema,
  /** Null for what concerns the account, and for a key that is gone. */
  key: z.object({ id: z.string(), name: z.string(), label: z.string(), isDisabled: z.boolean() }).nullable(),
  isOpen: z.boolean(),
  /** How often it has happened. */
  times: z.number().int(),
  createdAt: timeMs,
  happenedAt: timeMs,
  answer: z.enum(ALERT_ANSWERS).nullable(),
  answeredAt: timeMs.nullable(),
});
export type Alert = z.infer<typeof alertSchema>;

export const listAlertsQuery = pageQuery.extend({
  state: z.enum(["open", "closed", "all"]).default("open"),
  kind: z.enum(ALERT_KINDS).optional(),
  keyId: z.string().max(64).optional(),
});
export const alertListSchema = z.object({
  alerts: z.array(alertSchema),
  nextCursor: z.string().nullable(),
  /** All open ones, whatever is listed. */
  open: z.number().int(),
  /** Keys of which there are alerts, whatever is listed, those with the newest first. */
  keys: z.array(z.object({ id: z.string(), name: z.string() })),
});

export const alertDetailsSchema = z.object({
  alert: alertSchema,
  /** What the key spent on each of the last 28 days, oldest first, today last; empty without a key. */
  days: z.array(z.object({ day: z.string(), spentUsd: usd, requests: z.number().int() })),
  /** A daily limit that leaves room for what is usual; null without a key, or where it has spent next to nothing. */
  suggestedDailyUsd: usd.nullable(),
});
export type AlertDetails = z.infer<typeof alertDetailsSchema>;

/**
 * `me`: it was you, and counts as usual from now on. `freeze`: the key is disabled. `rotate`: you replace it. `limit`: it
 * gets this limit.
 */
export const answerAlertBody = z.discriminatedUnion("answer", [
  z.strictObject({ answer: z.literal("me") }),
  z.strictObject({ answer: z.literal("freeze") }),
  z.strictObject({ answer: z.literal("rotate") }),
  z.strictObject({
    answer: z.literal("limit"),
    limitUsd: usdTextInput.refine(...aboveZero),
    limitReset: limitResetSchema.nullable(),
  }),
]);

export const alertChannelSchema = z.object({
  channel: z.enum(ALERT_CHANNELS),
  /** A host, or the id of a chat. Addresses and secrets are never shown again. */
  shown: z.string(),
  deliveredAt: timeMs.nullable(),
  failedAt: timeMs.nullable(),
  /** A code: `status_` with the status that was answered, or why there was no answer. */
  lastError: z.string().nullable(),
});
export const alertSettingsSchema = z.object({
  mail: z.boolean(),
  /** Whether a key is frozen by itself when somebody else surely uses it. */
  autoFreeze: z.boolean(),
  /** Kinds that stand on the dashboard alone. */
  muted: z.array(z.enum(ALERT_KINDS)),
  channels: z.array(alertChannelSchema),
});
export type AlertSettingsView = z.infer<typeof alertSettingsSchema>;
export const updateAlertSettingsBody = z
  .strictObject({ mail: z.boolean(), autoFreeze: z.boolean(), muted: z.array(z.enum(ALERT_KINDS)).max(20) })
  .partial()
  .refine((body) => Object.keys(body).length > 0, "name a field to change");

const address = z.url({ protocol: /^https?$/, error: "must be a web address" }).max(2_000);
export const setAlertChannelBody = z.discriminatedUnion("channel", [
  z.strictObject({ channel: z.literal("webhook"), url: address }),
  z.strictObject({ channel: z.literal("slack"), url: address }),
  z.strictObject({
    channel: z.literal("telegram"),
    token: z.string().regex(/^\d{5,20}:[\w-]{20,100}$/, "must be the token of a bot, as BotFather gives it"),
    chat: z.string().regex(/^(?:-?\d{1,20}|@\w{3,64})$/, "must be the id of a chat, or the @name of a channel"),
  }),
]);
/** `secret` is what a webhook is signed with, shown this once; null for the other channels. */
export const setAlertChannelSchema = z.object({ settings: alertSettingsSchema, secret: z.string().nullable() });
export const channelParams = z.object({ channel: z.enum(ALERT_CHANNELS) });
export const testedChannelSchema = z.object({
  ok: z.boolean(),
  /** Why it did not arrive, as in lastError; null where it did. */
  reason: z.string().nullable(),
});
