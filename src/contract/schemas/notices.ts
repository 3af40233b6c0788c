/** What the dashboard tells of limits that are nearly or wholly used, and whether it shall. */
import { z } from "zod";
import { timeMs, usd } from "./common.ts";
import { limitResetSchema } from "./limits.ts";

export const noticeSchema = z.object({
  id: z.string(),
  scope: z.enum(["key", "account", "credit", "instance"]),
  /** The key's description; null for everything else, and for a key that is gone. */
  keyName: z.string().nullable(),
  reset: limitResetSchema.nullable(),
  /** How much was used, in percent; null for a forecast. */
  mark: z.number().int().nullable(),
  /** When nothing will be left at the present pace; null where something was used. */
  endsAt: timeMs.nullable(),
  spentUsd: usd,
  limitUsd: usd,
  resetsAt: timeMs.nullable(),
  createdAt: timeMs,
});
export type LimitNoticeView = z.infer<typeof noticeSchema>;
export const noticeListSchema = z.object({ notices: z.array(noticeSchema) });

export const noticeSettingsSchema = z.object({
  mail: z.boolean(),
  dashboard: z.boolean(),
  /** Also say when the money ends at the present pace. */
  forecast: z.boolean(),
});
export type NoticeSettings = z.infer<typeof noticeSettingsSchema>;
export const updateNoticeSettingsBody = noticeSettingsSchema
  .strict()
  .partial()
  .refine((body) => Object.keys(body).length > 0, "name a field to change");
