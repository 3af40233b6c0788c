import { z } from "zod";
import { MOST_OVERLAP_SECONDS } from "../../kernel/key-life.ts";
import { modelEntries, modelEntriesInput } from "./allowed-models.ts";
import { pageQuery, timeMs, usd } from "./common.ts";
import { capInput, keyNameInput, limitResetSchema, usdTextInput } from "./limits.ts";
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
  /** The person who made it; null where nobody in the account did. */
  createdBy: z.string().nullable(),
  expiresAt: timeMs.nullable(),
  lastUsedAt: timeMs.nullable(),
  requests: z.number().int(),
  spentUsd: usd,
  /** What it may spend in one window; null for no limit. */
  limitUsd: usd.nullable(),
  limitReset: limitResetSchema.nullable(),
  /** What was spent in the window that the limit counts; null without a limit. */
  windowSpentUsd: usd.nullable(),
  /** What of the limit is set aside for calls that are running; null without a limit. */
  heldUsd: usd.nullable(),
  /** What is left of the limit in the running window, less what is held. */
  remainingUsd: usd.nullable(),
  /** When the limit begins anew; null for never. */
  resetsAt: timeMs.nullable(),
  /** The most requests, and tokens, in any minute, and calls at the same time; null for no cap. */
  rpm: z.number().int().nullable(),
  tpm: z.number().int().nullable(),
  parallel: z.number().int().nullable(),
  /** Where the app is that got the key through the OAuth flow; null for every other key. */
  appOrigin: z.string().nullable(),
  /** From where it may be called; null for anywhere, empty for nowhere. The account may have a list as well. */
  allowedAddresses: networkList,
  /** Which models it may call, by id or pattern; null for all, empty for none. */
  allowedModels: modelEntries,
  /** When its secret was made, where that is not its first. */
  rotatedAt: timeMs.nullable(),
  /** The secret before the current one, while it still works. */
  formerSecret: z.object({ label: z.string(), endsAt: timeMs }).nullable(),
});
export type ApiKeyRow = z.infer<typeof keySchema>;

/** Newest first, by name, who spent most, who is nearest to the limit, who was used last. */
export const KEY_SORTS = ["newest", "name", "spent", "limit", "used"] as const;
export type KeySort = (typeof KEY_SORTS)[number];

/** Works, was disabled, has ended; and of the disabled ones those that an alert stopped. */
export const KEY_STATES = ["active", "disabled", "expired", "frozen"] as const;
export type KeyStateFilter = (typeof KEY_STATES)[number];

export const listKeysQuery = pageQuery.extend({
  q: z.string().max(200).optional(),
  sort: z.enum(KEY_SORTS).optional(),
  state: z.enum(KEY_STATES).optional(),
  /** Only keys that this person made. */
  member: z.string().max(64).optional(),
});
export const keyListSchema = z.object({
  keys: z.array(keySchema),
  nextCursor: z.string().nullable(),
  total: z.number().int(),
});
/** What only makes sense for a key that calls models. */
export const BOUNDS = ["limitUsd", "rpm", "tpm", "parallel", "allowedModels"] as const;
export const UNBOUNDED = "a management key calls no models, so it has no limits";
export const createKeyBody = z
  .strictObject({
    name: keyNameInput,
    kind: z.enum(["inference", "management"]).default("inference"),
    limitUsd: usdTextInput.nullish(),
    limitReset: limitResetSchema.nullish(),
    expiresAt: timeMs.nullish(),
    allowedAddresses: networkListInput.optional(),
    allowedModels: modelEntriesInput.optional(),
    rpm: capInput.nullish(),
    tpm: capInput.nullish(),
    parallel: capInput.nullish(),
  })
  .superRefine(({ kind, ...bounds }, context) => {
    for (const field of BOUNDS) {
      if (kind === "inference" || bounds[field] == null) continue;
      context.addIssue({ code: "custom", path: [field], message: UNBOUNDED, input: bounds[field] });
    }
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
    allowedModels: modelEntriesInput,
    rpm: capInput.nullable(),
    tpm: capInput.nullable(),
    parallel: capInput.nullable(),
  })
  .partial()
  .refine((body) => Object.keys(body).length > 0, "name a field to change");
export const overlapSeconds = z
  .int("must be a whole number of seconds")
  .min(0, "must not be negative")
  .max(MOST_OVERLAP_SECONDS, "must be 604800 seconds, seven days, at most");
export const rotateKeyBody = z.strictObject({
  /** How long the secret that is replaced goes on working; 0 for not at all. */
  overlapSeconds,
  /** When the key itself ends from now on; null for never. Left out, that stays as it is. */
  expiresAt: timeMs.nullish(),
});
export const deletedKeySchema = z.object({ deleted: z.literal(true) });
