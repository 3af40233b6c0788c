/** Models, their endpoints and their providers: OpenRouter's shapes. */
import { z } from "zod";

export const MODALITIES_IN = ["text", "image", "file", "audio", "video"] as const;
export const MODALITIES_OUT = [
  "text",
  "image",
  "audio",
  "video",
  "embeddings",
  "rerank",
  "speech",
  "transcription",
] as const;
export const CATEGORIES = [
  "programming",
  "roleplay",
  "marketing",
  "marketing/seo",
  "technology",
  "science",
  "translation",
  "legal",
  "finance",
  "health",
  "trivia",
  "academia",
] as const;
export const REGIONS = ["eu", "us"] as const;
export const MODEL_SORTS = [
  "most-popular",
  "newest",
  "top-weekly",
  "pricing-low-to-high",
  "pricing-high-to-low",
  "context-high-to-low",
  "throughput-high-to-low",
  "latency-low-to-high",
  "intelligence-high-to-low",
  "coding-high-to-low",
  "agentic-high-to-low",
  "design-arena-elo-high-to-low",
] as const;
export type ModelSort = (typeof MODEL_SORTS)[number];

const MAX_LIST_LENGTH = 1000;
const number = z.string().regex(/^\d{1,9}(?:\.\d{1,9})?$/, "write a number that is not negative, for example 2.5");
const whole = z
  .string()
  .regex(/^\d{1,9}$/, "write a whole number that is not negative")
  .transform(Number);
const commaList = z
  .string()
  .max(MAX_LIST_LENGTH)
  .transform((text) =>
    text
      .split(",")
      .map((word) => word.trim().toLowerCase())
      .filter(Boolean),
  );
const trueOrFalse = z.enum(["true", "false"]);

function oneOfEach(known: readonly string[]) {
  return commaList.refine((words) => words.every((word) => known.includes(word)), `write some of ${known.join(", ")}`);
}

const paging = {
  offset: whole.optional(),
  limit: whole.refine((value) => value >= 1 && value <= 1000, "write a number from 1 to 1000").optional(),
};
const outputModalities = oneOfEach([...MODALITIES_OUT, "all"]).optional();

export const pagedModelsQuery = z.object(paging);
export const countModelsQuery = z.object({ output_modalities: outputModalities });
export const listModelsQuery = z.object({
  ...paging,
  q: z.string().max(200).optional(),
  category: z.enum(CATEGORIES).optional(),
  supported_parameters: commaList.optional(),
  input_modalities: oneOfEach(MODALITIES_IN).optional(),
  output_modalities: outputModalities,
  /** Tokens, at least. */
  context: whole.optional(),
  /** Dollars for a million prompt tokens; the next two for a million completion tokens. */
  min_price: number.optional(),
  max_price: number.optional(),
  min_output_price: number.optional(),
  max_output_price: number.optional(),
  arch: z.string().max(64).optional(),
  model_authors: commaList.optional(),
  providers: commaList.optional(),
  distillable: trueOrFalse.optional(),
  zdr: z.enum(["true"]).optional(),
  region: z.enum(REGIONS).optional(),
  min_age_days: whole.optional(),
  max_age_days: whole.optional(),
  min_intelligence_index: number.optional(),
  max_intelligence_index: number.optional(),
  min_coding_index: number.optional(),
  max_coding_index: number.optional(),
  min_agentic_index: number.optional(),
  max_agentic_index: number.optional(),
  min_tool_success_rate: number.optional(),
  max_tool_success_rate: number.optional(),
  use_rss: trueOrFalse.optional(),
  use_rss_chat_links: trueOrFalse.optional(),
  sort: z.enum(MODEL_SORTS).optional(),
});
export type ListModelsQuery = z.output<typeof listModelsQuery>;

export const modelParams = z.object({ author: z.string().min(1).max(128), slug: z.string().min(1).max(256) });

/** USD per unit as decimal strings. What has no known price has "-1" for prompt and completion, never "0". */
const pricingOverrideSchema = z.object({
  /** The entry holds for prompts longer than this. */
  min_prompt_tokens: z.number().int().optional(),
  /** From this time of the UTC day until before that one, as hours × 100 + minutes. */
  utc_start: z.number().int().optional(),
  utc_end: z.number().int().optional(),
  utc_days: z.array(z.string()).optional(),
  prompt: z.string().optional(),
  completion: z.string().optional(),
  audio: z.string().optional(),
  input_audio_cache: z.string().optional(),
  input_cache_read: z.string().optional(),
  input_cache_write: z.string().optional(),
  input_cache_write_1h: z.string().optional(),
});
export const pricingSchema = z.object({
  prompt: z.string(),
  completion: z.string(),
  request: z.string().optional(),
  image_token: z.string().optional(),
  audio: z.string().optional(),
  audio_output: z.string().optional(),
  image_output: z.string().optional(),
  input_audio_cache: z.string().optional(),
  input_cache_read: z.string().optional(),
  input_cache_write: z.string().optional(),
  input_cache_write_1h: z.string().optional(),
  internal_reasoning: z.string().optional(),
  web_search: z.string().optional(),
  overrides: z.array(pricingOverrideSchema).optional(),
});
export type Pricing = z.infer<typeof pricingSchema>;
export type PricingOverride = z.infer<typeof pricingOverrideSchema>;

const architectureSchema = z.object({
  modality: z.string().nullable(),
  input_modalities: z.array(z.string()),
  output_modalities: z.array(z.string()),
  tokenizer: z.string(),
  instruct_type: z.string().nullable(),
});
export type Architecture = z.infer<typeof architectureSchema>;

export const modelSchema = z.object({
  id: z.string(),
  /** These two are OpenAI's; typed clients of its API read no list without them. */
  object: z.literal("model"),
  owned_by: z.string(),
  canonical_slug: z.string(),
  name: z.string(),
  /** Epoch seconds; 0 when nobody knows. */
  created: z.number().int(),
  description: z.string(),
  context_length: z.number().int().nullable(),
  architecture: architectureSchema,
  pricing: pricingSchema,
  top_provider: z.object({
    context_length: z.number().int().nullable(),
    max_completion_tokens: z.number().int().nullable(),
    is_moderated: z.boolean(),
  }),
  per_request_limits: z.null(),
  supported_parameters: z.array(z.string()),
  default_parameters: z.null(),
  supported_voices: z.null(),
  links: z.object({ details: z.string() }),
  /** The model that a name such as `~anthropic/claude-opus-latest` means at present. */
  alias_target: z.object({ slug: z.string(), name: z.string() }).optional(),
});
export type Model = z.infer<typeof modelSchema>;

export const modelListSchema = z.object({
  /** OpenAI's word for it. */
  object: z.literal("list"),
  data: z.array(modelSchema),
  total_count: z.number().int(),
  /** The path of the next page; null on the last one, and when all models stand on one page. */
  links: z.object({ next: z.string().nullable() }),
});
export type ModelList = z.infer<typeof modelListSchema>;
export const modelCountSchema = z.object({ data: z.object({ count: z.number().int() }) });
export const oneModelSchema = z.object({ data: modelSchema });

const percentilesSchema = z.object({ p50: z.number(), p75: z.number(), p90: z.number(), p99: z.number() }).nullable();

export const endpointSchema = z.object({
  name: z.string(),
  model_id: z.string(),
  model_name: z.string(),
  /** 0 when nobody knows: the shape has no place for that. */
  context_length: z.number().int(),
  pricing: pricingSchema,
  provider_name: z.string(),
  /** The provider's slug, by which routing names it. */
  tag: z.string(),
  quantization: z.string().nullable(),
  max_completion_tokens: z.number().int().nullable(),
  max_prompt_tokens: z.number().int().nullable(),
  supported_parameters: z.array(z.string()),
  status: z.number().int(),
  uptime_last_5m: z.number().nullable(),
  uptime_last_30m: z.number().nullable(),
  uptime_last_1d: z.number().nullable(),
  latency_last_30m: percentilesSchema,
  throughput_last_30m: percentilesSchema,
  supports_implicit_caching: z.boolean(),
  supports_voice_cloning: z.boolean(),
  supports_tool_choice: z.object({
    auto: z.boolean(),
    function: z.boolean(),
    none: z.boolean(),
    required: z.boolean(),
  }),
});
export type PublicEndpoint = z.infer<typeof endpointSchema>;
export const endpointListSchema = z.object({ data: z.array(endpointSchema) });
export const modelEndpointsSchema = z.object({
  data: z.object({
    id: z.string(),
    name: z.string(),
    created: z.number().int(),
    description: z.string(),
    architecture: architectureSchema,
    endpoints: z.array(endpointSchema),
  }),
});

/** Addresses and places are null where nobody has said them. */
export const publicProviderSchema = z.object({
  name: z.string(),
  slug: z.string(),
  privacy_policy_url: z.string().nullable(),
  terms_of_service_url: z.string().nullable(),
  status_page_url: z.string().nullable(),
  headquarters: z.string().nullable(),
  datacenters: z.array(z.string()).nullable(),
});
export const publicProviderListSchema = z.object({ data: z.array(publicProviderSchema) });

/** For the dashboard: every model of every kind, with who serves it, and how old the prices are. */
const catalogModelSchema = modelSchema.extend({
  providers: z.array(z.object({ slug: z.string(), name: z.string() })),
});
export type CatalogModel = z.infer<typeof catalogModelSchema>;
/** For the page of one model: what the public list says of each endpoint, and what is kept of requests there. */
export const catalogModelPageSchema = z.object({
  model: catalogModelSchema,
  endpoints: z.array(
    endpointSchema.extend({
      /** Null where nobody has said it. */
      keeps_for_training: z.boolean().nullable(),
      keeps_nothing: z.boolean().nullable(),
    }),
  ),
});
export type CatalogModelPage = z.infer<typeof catalogModelPageSchema>;
export const catalogSchema = z.object({
  models: z.array(catalogModelSchema),
  prices: z.object({ bundled: z.string(), refreshed: z.string().nullable() }),
});
