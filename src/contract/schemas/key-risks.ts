/** Which keys are risky, why, and what is done about many at once. */
import { z } from "zod";
import { KEY_RISKS, RISK_LEVELS } from "../../kernel/key-risk.ts";
import { timeMs } from "./common.ts";
import { keySchema } from "./keys.ts";
import { limitResetSchema, usdTextInput } from "./limits.ts";

const risk = z.enum(KEY_RISKS);

export const keyRisksQuery = z.object({
  /** Only keys with this risk. */
  risk: risk.optional(),
  /** Only this key, by its public id. */
  key: z.string().max(64).optional(),
  cursor: z.string().max(20).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export const riskyKeySchema = z.object({
  key: keySchema,
  risks: z.array(risk),
  /** The sum of the points of its risks. */
  score: z.number().int(),
  level: z.enum(RISK_LEVELS),
  /** In how many networks it was used lately; null where that is not known. */
  networks: z.number().int().nullable(),
});
export type RiskyKey = z.infer<typeof riskyKeySchema>;

export const keyRisksSchema = z.object({
  /** The riskiest first; keys without a risk are left out. */
  keys: z.array(riskyKeySchema),
  nextCursor: z.string().nullable(),
  /** Of all keys that work, or of the one that is asked about: how many there are, and how many have each risk. */
  working: z.number().int(),
  counts: z.record(risk, z.number().int()),
});

const MOST_AT_ONCE = 200;

export const bulkKeysBody = z.strictObject({
  ids: z
    .array(z.string().min(1).max(64))
    .min(1, "name a key")
    .max(MOST_AT_ONCE, `${MOST_AT_ONCE} keys at most`)
    .refine((ids) => new Set(ids).size === ids.length, "a key is named twice"),
  action: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("expiry"), expiresAt: timeMs.nullable() }),
    z.strictObject({
      kind: z.literal("limit"),
      limitUsd: usdTextInput.nullable(),
      limitReset: limitResetSchema.nullable(),
    }),
    z.strictObject({ kind: z.literal("disable") }),
    z.strictObject({ kind: z.literal("enable") }),
    z.strictObject({ kind: z.literal("delete") }),
  ]),
});

export const bulkResultSchema = z.object({
  /** One for each key, in the order in which they were named. */
  results: z.array(
    z.object({
      id: z.string(),
      ok: z.boolean(),
      /** The code of the error, and its sentence; null where all went well. */
      code: z.string().nullable(),
      message: z.string().nullable(),
    }),
  ),
});
export type BulkResult = z.infer<typeof bulkResultSchema>;
