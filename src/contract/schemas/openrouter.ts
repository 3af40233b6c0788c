/** The part of OpenRouter's API that programs call: shapes as its clients expect them. */
import { z } from "zod";

/** Only what routing needs is checked; every other field is passed on as it came. */
export const chatCompletionBody = z.looseObject({
  model: z.string(),
  messages: z.array(z.looseObject({ role: z.string() })).min(1),
  stream: z.boolean().nullish(),
});

const usageSchema = z.looseObject({
  prompt_tokens: z.number().int(),
  completion_tokens: z.number().int(),
  total_tokens: z.number().int(),
  /** USD charged; null when no price is known. */
  cost: z.number().nullable(),
});

export const chatCompletionSchema = z.looseObject({
  id: z.string(),
  object: z.literal("chat.completion"),
  created: z.number().int(),
  model: z.string(),
  /** The display name of who answered, for example "OpenAI" or "Sandbox". */
  provider: z.string(),
  system_fingerprint: z.string().nullable(),
  choices: z.array(
    z.looseObject({
      index: z.number().int(),
      finish_reason: z.string().nullable(),
      native_finish_reason: z.string().nullable(),
      message: z.looseObject({ role: z.literal("assistant"), content: z.string().nullable() }),
    }),
  ),
  usage: usageSchema,
});

export const textCompletionBody = z.looseObject({
  model: z.string(),
  prompt: z.union([z.string(), z.array(z.unknown()).min(1)]),
  stream: z.boolean().nullish(),
});
export const textCompletionSchema = z.looseObject({
  id: z.string(),
  object: z.literal("text_completion"),
  created: z.number().int(),
  model: z.string(),
  provider: z.string(),
  choices: z.array(
    z.looseObject({
      text: z.string(),
      index: z.number().int(),
      finish_reason: z.string().nullable(),
      native_finish_reason: z.string().nullable(),
    }),
  ),
  usage: usageSchema,
});

const embeddingInput = z.union([
  z.string().min(1),
  z.array(z.string().min(1)).min(1),
  z.array(z.int().min(0)).min(1),
  z.array(z.array(z.int().min(0)).min(1)).min(1),
  z.array(z.looseObject({ content: z.array(z.looseObject({ type: z.string() })).min(1) })).min(1),
]);
export const embeddingsBody = z.looseObject({
  model: z.string(),
  input: embeddingInput,
  dimensions: z.int().min(1).nullish(),
  encoding_format: z.enum(["float", "base64"]).nullish(),
  input_type: z.string().nullish(),
});
export const embeddingsSchema = z.looseObject({
  id: z.string(),
  object: z.literal("list"),
  model: z.string(),
  provider: z.string(),
  data: z.array(
    z.looseObject({
      object: z.literal("embedding"),
      index: z.number().int(),
      /** A list of numbers, or base64 of 32-bit floats. */
      embedding: z.union([z.array(z.number()), z.string()]),
    }),
  ),
  usage: z.looseObject({
    prompt_tokens: z.number().int(),
    total_tokens: z.number().int(),
    cost: z.number().optional(),
  }),
});

const rerankDocument = z.looseObject({ text: z.string().nullish(), image: z.string().nullish() });
export const rerankBody = z.looseObject({
  model: z.string(),
  query: z.string().min(1),
  documents: z.array(z.union([z.string(), rerankDocument])).min(1),
  top_n: z.int().min(1).nullish(),
});
export const rerankSchema = z.looseObject({
  id: z.string(),
  model: z.string(),
  provider: z.string(),
  results: z.array(z.object({ index: z.number().int(), relevance_score: z.number(), document: rerankDocument })),
  usage: z.looseObject({ total_tokens: z.number().optional(), cost: z.number().optional() }),
});

export const currentKeySchema = z.object({
  data: z.object({
    label: z.string(),
    name: z.string(),
    limit: z.number().nullable(),
    limit_remaining: z.number().nullable(),
    limit_reset: z.enum(["daily", "weekly", "monthly"]).nullable(),
    include_byok_in_limit: z.boolean(),
    usage: z.number(),
    usage_daily: z.number(),
    usage_weekly: z.number(),
    usage_monthly: z.number(),
    byok_usage: z.number(),
    byok_usage_daily: z.number(),
    byok_usage_weekly: z.number(),
    byok_usage_monthly: z.number(),
    rpm_limit: z.number().int().nullable(),
    tpm_limit: z.number().int().nullable(),
    max_parallel_requests: z.number().int().nullable(),
    is_free_tier: z.boolean(),
    is_management_key: z.boolean(),
    is_provisioning_key: z.boolean(),
    creator_user_id: z.string().nullable(),
    expires_at: z.string().nullable(),
    organization_id: z.string().nullable(),
    workspace_id: z.string().nullable(),
    allowed_data_regions: z.array(z.string()),
    free_model_daily_requests: z.object({ limit: z.number(), used: z.number(), remaining: z.number() }),
    rate_limit: z.object({ requests: z.number(), interval: z.string(), note: z.string() }),
  }),
});
