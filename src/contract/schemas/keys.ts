import { z } from "zod";
import { pageQuery, timeMs, usd } from "./common.ts";
import { keyNameInput, limitResetSchema, usdTextInput } from "./limits.ts";
import { networkList, networkListInput } from "./networks.ts";

export const keySchema = z.object({
  /** The public id: eight characters of the key itself. */
  id: z.string(),
  /** SHA-256 of the key, the `hash` of OpenRouter's key API. */
  hash: z.string(),
  /** "inference" calls models; "management" administers keys and calls none. */
  kind: z.enum(["inference", "management"]),
  name: z.string(),
  /** The masked key, for example `gpr_Ab3dE5g7...x9Z`. */
  label: z.string(),
  state: z.enum(["active", "disabled", "expired"]),
  createdAt: timeMs,
  expiresAt: timeMs.nullable(),
  lastUsedAt: timeMs.nullable(),
  requests: z.number().int(),
  spentUsd: usd,
  /** What it may spend in one window; null for no limit. */
  limitUsd: usd.nullable(),
  limitReset: limitResetSchema.nullable(),
  /** What was spent in the window that the limit counts; null without a limit. */
  windowSpentUsd: usd.nullable(),
  /** What is left of the limit in the running window. */
  remainingUsd: usd.nullable(),
  /** When the limit begins anew; null for never. */
  resetsAt: timeMs.nullable(),
  /** Where the app is that got the key through the OAuth flow; null for every other key. */
  appOrigin: z.string().nullable(),
  /** From where it may be called; null for anywhere, empty for nowhere. The account may have a list as well. */
  allowedAddresses: networkList,
});
export type ApiKeyRow = z.infer<typeof keySchema>;

export const listKeysQuery = pageQuery.extend({ q: z.string().max(200).optional() });
export const keyListSchema = z.object({
  keys: z.array(keySchema),
  nextCursor: z.string().nullable(),
  total: z.number().int(),
});
export const createKeyBody = z
  .strictObject({
    name: keyNameInput,
    kind: z.enum(["inference", "management"]).default("inference"),
    limitUsd: usdTextInput.nullish(),
    limitReset: limitResetSchema.nullish(),
    expiresAt: timeMs.nullish(),
    allowedAddresses: networkListInput.optional(),
  })
  .refine(({ kind, limitUsd }) => kind === "inference" || limitUsd == null, {
    path: ["limitUsd"],
    error: "a management key spends nothing, so it has no limit",
  });
/** The only answer that ever holds the whole key. */
export const createdKeySchema = z.object({ key: keySchema, secret: z.string() });
export type CreatedKey = z.infer<typeof createdKeySchema>;
export const updateKeyBody = z
  .strictObject({
    name: keyNameInput,
    disabled: z.boolean(),
    limitUsd: usdTextInput.nullable(),
    limitReset: limitResetSchema.nullable(),
    expiresAt: timeMs.nullable(),
    allowedAddresses: networkListInput,
  })
  .partial()
  .refine((body) => Object.keys(body).length > 0, "name a field to change");
export const deletedKeySchema = z.object({ deleted: z.literal(true) });
