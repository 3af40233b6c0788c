/** The ends of keys: reminders, and what the instance demands. */
import { z } from "zod";
import { MOST_LIFETIME_DAYS } from "../../kernel/key-life.ts";
import { timeMs } from "./common.ts";

export const keyRemindersSchema = z.object({
  reminders: z.array(z.object({ keyId: z.string(), keyName: z.string(), label: z.string(), expiresAt: timeMs })),
});

export const keyPolicySchema = z.object({
  /** How many days the secret of a key may live; null for no bound. Its last day counts whole. */
  maxLifetimeDays: z.number().int().nullable(),
});

export const keyPolicyBody = z.strictObject({
  maxLifetimeDays: z
    .int("must be a whole number of days")
    .min(1, "must be one day at least")
    .max(MOST_LIFETIME_DAYS, `must be ${MOST_LIFETIME_DAYS} days at most`)
    .nullable(),
});
