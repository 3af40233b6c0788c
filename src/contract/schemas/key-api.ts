/** OpenRouter's API for keys and credits, as its clients speak it. */
import { z } from "zod";
import { modelEntries, modelEntriesInput } from "./allowed-models.ts";
import { overlapSeconds } from "./keys.ts";
import { capInput, keyNameInput, limitResetSchema, usdNumberInput, utcTimeInput } from "./limits.ts";
import { networkList, networkListInput } from "./networks.ts";

/** The one workspace that every key is in. Clients insist on an id of this form. */
export const DEFAULT_WORKSPACE_ID = "00000000-0000-0000-0000-000000000000";

const workspaceId = z.literal([DEFAULT_WORKSPACE_ID, "default"], {
  error: `this instance has one workspace; leave it out, or name ${DEFAULT_WORKSPACE_ID}`,
});

/** Caps on the rate of a key: Gapura's own addition, which other clients leave alone. */
const capFields = {
  /** The most requests in any minute; null for no cap. */
  rpm_limit: z.number().int().nullable(),
  /** The most tokens in any minute. */
  tpm_limit: z.number().int().nullable(),
  /** The most calls at the same time. */
  max_parallel_requests: z.number().int().nullable(),
};
export type CapFields = z.infer<z.ZodObject<typeof capFields>>;

const spendFields = {
  limit: z.number().nullable(),
  /** What is left in the running window, less what is set aside for running calls; null without a limit. */
  limit_remaining: z.number().nullable(),
  limit_reset: limitResetSchema.nullable(),
  include_byok_in_limit: z.boolean(),
  usage: z.number(),
  usage_daily: z.number(),
  usage_weekly: z.number(),
  usage_monthly: z.number(),
  byok_usage: z.number(),
  byok_usage_daily: z.number(),
  byok_usage_weekly: z.number(),
  byok_usage_monthly: z.number(),
};

export const apiKeySchema = z.object({
  /** SHA-256 of the key as it was made: its id in addresses, which stays when it is rotated. */
  hash: z.string(),
  name: z.string(),
  /** The masked key, for example `gpr_Ab3dE5g7...x9Z`. */
  label: z.string(),
  disabled: z.boolean(),
  ...spendFields,
  ...capFields,
  created_at: z.string(),
  updated_at: z.string().nullable(),
  expires_at: z.string().nullable(),
  last_used_at: z.string().nullable(),
  creator_user_id: z.string().nullable(),
  external_user: z.string().nullable(),
  workspace_id: z.string(),
  /** From where it may be called; null for anywhere. A field of Gapura's own. */
  allowed_addresses: networkList,
  /** Which models it may call, by id or pattern; null for all, empty for none. A field of Gapura's own on keys. */
  allowed_models: modelEntries,
  /** When its secret was made, where that is not its first. A field of Gapura's own, like the next. */
  rotated_at: z.string().nullable(),
  /** The secret before the current one, while it still works. */
  former_secret: z.object({ label: z.string(), ends_at: z.string() }).nullable(),
});
export type AdministeredKey = z.infer<typeof apiKeySchema>;
export type SpendFields = Pick<AdministeredKey, keyof typeof spendFields>;

export const oneApiKeySchema = z.object({ data: apiKeySchema });
/** Entries of `allowed_models` that hold no model that can be called at present. */
const unmatched = { unmatched_models: z.array(z.string()) };
export const readApiKeySchema = z.object({ data: apiKeySchema, ...unmatched });
export const apiKeyListSchema = z.object({ data: z.array(apiKeySchema) });
/** The only answers that ever hold the whole key. */
export const createdApiKeySchema = z.object({ data: apiKeySchema, ...unmatched, key: z.string() });
export const rotatedApiKeySchema = z.object({ data: apiKeySchema, key: z.string() });

export const hashParams = z.object({ hash: z.string().min(1).max(200) });

const flag = z.enum(["true", "false"]).optional();
export const listApiKeysQuery = z.object({
  offset: z
    .string()
    .regex(/^\d{0,9}$/, "must be a whole number, 0 or more")
    .optional(),
  include_disabled: flag,
  include_expired: flag,
  workspace_id: workspaceId.optional(),
});

const external = z.strictObject({
  user: z.string().trim().min(1).max(200),
  api_key: z.never("a key of one's own cannot be brought along; leave it out and use the key in the answer").optional(),
});

const capInputs = {
  rpm_limit: capInput.nullish(),
  tpm_limit: capInput.nullish(),
  max_parallel_requests: capInput.nullish(),
};

export const createApiKeyBody = z.strictObject({
  name: keyNameInput,
  limit: usdNumberInput.nullish(),
  limit_reset: limitResetSchema.nullish(),
  include_byok_in_limit: z.boolean().optional(),
  expires_at: utcTimeInput.nullish(),
  creator_user_id: z.string().min(1).nullish(),
  workspace_id: workspaceId.optional(),
  external: external.optional(),
  allowed_addresses: networkListInput.optional(),
  allowed_models: modelEntriesInput.optional(),
  ...capInputs,
});

export const updateApiKeyBody = z
  .strictObject({
    name: keyNameInput,
    disabled: z.boolean(),
    limit: usdNumberInput.nullable(),
    limit_reset: limitResetSchema.nullable(),
    include_byok_in_limit: z.boolean(),
    allowed_addresses: networkListInput,
    allowed_models: modelEntriesInput,
    ...capInputs,
  })
  .partial()
  .refine((body) => Object.keys(body).length > 0, "name a field to change");

export const rotateApiKeyBody = z.strictObject({
  /** How long the secret that is replaced goes on working; 0 for not at all. */
  overlap_seconds: overlapSeconds,
  /** When the key itself ends from now on; null for never. Left out, that stays as it is. */
  expires_at: utcTimeInput.nullish(),
});

export const creditsSchema = z.object({ data: z.object({ total_credits: z.number(), total_usage: z.number() }) });
