import { z } from "zod";
import { pageQuery, timeMs, usd } from "./common.ts";

const keyName = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^\P{Cc}*$/u, "must not contain control characters");

export const keySchema = z.object({
  /** The public id: eight characters of the key itself. */
  id: z.string(),
  /** SHA-256 of the key, the `hash` of OpenRouter's key API. */
  hash: z.string(),
  name: z.string(),
  /** The masked key, for example `gpr_Ab3dE5g7...x9Z`. */
  label: z.string(),
  state: z.enum(["active", "disabled", "expired"]),
  createdAt: timeMs,
  expiresAt: timeMs.nullable(),
  lastUsedAt: timeMs.nullable(),
  requests: z.number().int(),
  spentUsd: usd,
});
export type ApiKeyRow = z.infer<typeof keySchema>;

export const listKeysQuery = pageQuery.extend({ q: z.string().max(200).optional() });
export const keyListSchema = z.object({
  keys: z.array(keySchema),
  nextCursor: z.string().nullable(),
  total: z.number().int(),
});
export const createKeyBody = z.strictObject({ name: keyName });
/** The only answer that ever holds the whole key. */
export const createdKeySchema = z.object({ key: keySchema, secret: z.string() });
export type CreatedKey = z.infer<typeof createdKeySchema>;
export const updateKeyBody = z
  .strictObject({ name: keyName, disabled: z.boolean() })
  .partial()
  .refine((body) => Object.keys(body).length > 0, "name a field to change");
export const deletedKeySchema = z.object({ deleted: z.literal(true) });
