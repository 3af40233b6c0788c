/** The records API of OpenRouter: one generation, feedback on it, and sums per day. Shapes as its clients expect them. */
import { z } from "zod";

const MAX_COMMENT_LENGTH = 1000;

const WHERE_IDS_ARE = "it is the answer's id, and the header X-Generation-Id of every answer";

/** Whatever cannot be an id of ours is told so, instead of being looked for. */
const generationId = z
  .string(`is missing; name a generation by its id: ${WHERE_IDS_ARE}`)
  .regex(
    /^gen-[\w-]{1,80}$/,
    `is not the id of a generation, such as gen-1790000000-Ab12Cd34Ef56Gh78Ij90: ${WHERE_IDS_ARE}`,
  );

export const generationQuery = z.strictObject({ id: generationId });

const count = z.number().int();

/** One attempt at a provider. */
const providerResponseSchema = z.object({
  /** The provider's own id of its answer. */
  id: z.string().optional(),
  endpoint_id: z.string(),
  provider_name: z.string(),
  model_permaslug: z.string(),
  is_byok: z.boolean(),
  /** Milliseconds until it began to answer, or failed. */
  latency: z.number(),
  /** Null when there was no answer. */
  status: count.nullable(),
});

export const generationSchema = z.object({
  data: z.object({
    id: z.string(),
    request_id: z.string(),
    upstream_id: z.string().nullable(),
    created_at: z.iso.datetime(),
    model: z.string(),
    provider_name: z.string().nullable(),
    api_type: z.enum(["completions", "embeddings", "rerank"]),
    router: z.string().nullable(),
    preset_id: z.string().nullable(),
    session_id: z.string().nullable(),
    workspace_id: z.string().nullable(),
    app_id: count.nullable(),
    origin: z.string(),
    http_referer: z.string().nullable(),
    user_agent: z.string().nullable(),
    external_user: z.string().nullable(),
    streamed: z.boolean(),
    cancelled: z.boolean(),
    finish_reason: z.string().nullable(),
    native_finish_reason: z.string().nullable(),
    /** Milliseconds until the first token. */
    latency: z.number().nullable(),
    /** Milliseconds that the provider which answered took, first to last. */
    generation_time: z.number().nullable(),
    moderation_latency: z.number().nullable(),
    tokens_prompt: count,
    tokens_completion: count,
    native_tokens_prompt: count,
    native_tokens_completion: count,
    native_tokens_completion_images: count,
    native_tokens_reasoning: count,
    native_tokens_cached: count,
    native_tokens_cache_write: count,
    num_media_prompt: count,
    num_input_audio_prompt: count,
    num_media_completion: count,
    num_search_results: count.nullable(),
    num_fetches: count.nullable(),
    web_search_engine: z.string().nullable(),
    /** USD. 0 with `is_cost_known: false` when no price is known. */
    usage: z.number(),
    total_cost: z.number(),
    is_cost_known: z.boolean(),
    /** USD, what the provider says that it charged. */
    upstream_inference_cost: z.number().nullable(),
    /** USD that the provider's cache saved; negative where writing to it cost more. */
    cache_discount: z.number().nullable(),
    is_byok: z.boolean(),
    service_tier: z.string().nullable(),
    data_region: z.enum(["global", "europe", "us"]),
    response_cache_source_id: z.string().nullable(),
    provider_responses: z.array(providerResponseSchema),
    /** HTTP status that the client saw. */
    status: count,
    /** The row of docs/errors.md, when it failed. */
    error_code: z.string().nullable(),
    app_title: z.string().nullable(),
    app_categories: z.array(z.string()),
  }),
});
export type Generation = z.infer<typeof generationSchema>["data"];
export type ProviderResponse = z.infer<typeof providerResponseSchema>;

const failedAttemptSchema = z.object({
  code: count,
  message: z.string(),
  provider_name: z.string().nullable(),
  raw: z.string().nullable(),
});

export const generationContentSchema = z.object({
  data: z.object({
    input: z.union([z.object({ prompt: z.string() }), z.object({ messages: z.array(z.json()) })]),
    output: z.object({
      completion: z.string().nullable(),
      reasoning: z.string().nullable(),
      tool_calls: z.array(z.object({ id: z.string(), name: z.string(), arguments: z.string() })),
    }),
    error: z
      .object({
        status: count.nullable(),
        message: z.string().nullable(),
        provider_name: z.string().nullable(),
        raw: z.string().nullable(),
        previous_errors: z.array(failedAttemptSchema),
      })
      .nullable(),
    /** True when something was longer than what is kept; a mark stands where it is missing. */
    truncated: z.boolean(),
  }),
});
export type GenerationContent = z.infer<typeof generationContentSchema>["data"];

export const feedbackBody = z.strictObject({
  generation_id: generationId,
  category: z.enum(["latency", "incoherence", "incorrect_response", "formatting", "billing", "api_error", "other"]),
  comment: z
    .string()
    .max(MAX_COMMENT_LENGTH, `must have at most ${MAX_COMMENT_LENGTH} characters`)
    .refine((text) => !text.includes("\0"), "must not hold the character NUL")
    .optional(),
});
export const feedbackSchema = z.object({ data: z.object({ success: z.literal(true) }) });

export const userActivityQuery = z.strictObject({
  date: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/, "must be a day such as 2026-11-24")
    .refine((text) => new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true, "is no day of the calendar")
    .optional(),
  api_key_hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/i, "must be the hash of a key as the keys API shows it: 64 hexadecimal digits")
    .optional(),
  user_id: z.string().min(1).max(100).optional(),
  workspace_id: z.string().min(1).max(100).optional(),
  group_by: z.enum(["workspace"]).optional(),
});

export const userActivitySchema = z.object({
  data: z.array(
    z.object({
      /** YYYY-MM-DD, UTC. */
      date: z.string(),
      model: z.string(),
      model_permaslug: z.string(),
      endpoint_id: z.string(),
      provider_name: z.string(),
      /** USD. */
      usage: z.number(),
      byok_usage_inference: z.number(),
      requests: count,
      prompt_tokens: count,
      completion_tokens: count,
      reasoning_tokens: count,
      /** Those of the requests whose price is unknown, so that `usage` leaves them out. */
      unpriced_requests: count,
      workspace_id: z.string().optional(),
    }),
  ),
});
export type UserActivityRow = z.infer<typeof userActivitySchema>["data"][number];
