/** Presets: fields of a request under a name. First as OpenRouter's API has them, then as the dashboard does. */
import { z } from "zod";
import { timeMs } from "./common.ts";
import { modelName, providerWishesSchema } from "./routing.ts";

const MAX_PROMPT_LENGTH = 65_536;
export const MAX_CONFIG_LENGTH = 65_536;
const MAX_CACHE_TTL_SECONDS = 86_400;
export const PRESET_STATES = ["active", "disabled", "archived"] as const;

/** Fields that are passed on as they are. */
const PASSED_ON = [
  ...["temperature", "top_p", "top_k", "top_a", "min_p", "frequency_penalty", "presence_penalty"],
  ...["repetition_penalty", "seed", "stop", "max_tokens", "max_completion_tokens", "logit_bias", "logprobs"],
  ...["top_logprobs", "response_format", "structured_outputs", "tools", "tool_choice", "parallel_tool_calls"],
  ...["max_tool_calls", "stop_server_tools_when", "reasoning", "reasoning_effort", "include_reasoning", "verbosity"],
  ...["service_tier", "plugins", "route", "transforms", "modalities", "image_config", "web_search_options"],
  ...["cache_control", "prompt_cache_key", "prompt_cache_options"],
] as const;

/** What a preset may fill in. Whatever is null is not filled in. */
export const presetConfigSchema = z
  .strictObject({
    model: modelName.nullish(),
    models: z.array(modelName).max(10).nullish(),
    provider: providerWishesSchema.nullish(),
    /** Whether answers are kept and given again (docs/caching.md). */
    cache_enabled: z.boolean().nullish(),
    cache_ttl_seconds: z.int().min(1).max(MAX_CACHE_TTL_SECONDS).nullish(),
    ...Object.fromEntries(PASSED_ON.map((name) => [name, z.json().optional()])),
  })
  .refine(
    (config) => JSON.stringify(config).length <= MAX_CONFIG_LENGTH,
    `must have at most ${MAX_CONFIG_LENGTH} characters as JSON`,
  );

/** The names of the fields of a request that a preset may hold. */
export const PRESET_FIELDS: ReadonlySet<string> = new Set(Object.keys(presetConfigSchema.shape));

export const systemPromptInput = z
  .string()
  .max(MAX_PROMPT_LENGTH, `must have at most ${MAX_PROMPT_LENGTH} characters`)
  .refine((text) => !text.includes("\0"), "must not hold the character NUL");

export const presetSlug = z
  .string()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, "must have 1 to 64 letters, digits, dashes and underscores");
export const presetParams = z.object({ slug: presetSlug });
export const presetVersionParams = z.object({
  slug: presetSlug,
  version: z
    .string()
    .regex(/^[1-9]\d{0,8}$/, "must be the number of a version")
    .transform(Number),
});
export const presetPageQuery = z.strictObject({
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});

const isoTime = z.iso.datetime();
const apiPresetSchema = z.object({
  id: z.string(),
  slug: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  status: z.enum(PRESET_STATES),
  status_updated_at: isoTime.nullable(),
  designated_version_id: z.string().nullable(),
  creator_user_id: z.string().nullable(),
  workspace_id: z.string().nullable(),
  created_at: isoTime,
  updated_at: isoTime,
});
const apiVersionSchema = z.object({
  id: z.string(),
  preset_id: z.string(),
  version: z.int(),
  creator_id: z.string(),
  system_prompt: z.string().nullable(),
  config: z.record(z.string(), z.json()),
  created_at: isoTime,
  updated_at: isoTime,
});
export type ApiPreset = z.infer<typeof apiPresetSchema>;
export type ApiPresetVersion = z.infer<typeof apiVersionSchema>;
export const apiPresetListSchema = z.object({ data: z.array(apiPresetSchema), total_count: z.int() });
export const onePresetSchema = z.object({ data: apiPresetSchema.extend({ designated_version: apiVersionSchema }) });
export const apiVersionListSchema = z.object({ data: z.array(apiVersionSchema), total_count: z.int() });
export const oneVersionSchema = z.object({ data: apiVersionSchema });

/** The body of a call; what a preset cannot hold is passed over. */
export const presetFromCallBody = z.looseObject({ model: z.string().optional() });

const presetVersionSchema = z.object({
  number: z.int(),
  systemPrompt: z.string().nullable(),
  config: z.record(z.string(), z.json()),
  createdAt: timeMs,
});
export const presetSchema = z.object({
  id: z.string(),
  slug: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  status: z.enum(PRESET_STATES),
  createdAt: timeMs,
  updatedAt: timeMs,
  /** What the slug stands for. */
  version: presetVersionSchema,
});
export type PresetView = z.infer<typeof presetSchema>;
export type PresetVersionView = z.infer<typeof presetVersionSchema>;
export const presetListSchema = z.object({ presets: z.array(presetSchema), total: z.int() });
export const presetVersionListSchema = z.object({ versions: z.array(presetVersionSchema), total: z.int() });

const text = (most: number) =>
  z
    .string()
    .trim()
    .max(most)
    .regex(/^\P{Cc}*$/u, "must not contain control characters");
const name = text(120).min(1);
const description = text(500).nullable();

export const createPresetBody = z.strictObject({
  slug: presetSlug,
  name: name.optional(),
  description: description.optional(),
  systemPrompt: systemPromptInput.nullable().optional(),
  config: presetConfigSchema,
});
/** Only what is named changes. A system prompt or config makes a new version, which then counts. */
export const updatePresetBody = z
  .strictObject({
    name,
    description,
    status: z.enum(PRESET_STATES),
    systemPrompt: systemPromptInput.nullable(),
    config: presetConfigSchema,
    /** The number of an older version that is to count from now on. */
    version: z.int().min(1),
  })
  .partial()
  .refine((body) => Object.keys(body).length > 0, "name something to change")
  .refine(
    (body) => body.version === undefined || (body.config === undefined && body.systemPrompt === undefined),
    "takes an older version or makes a new one, not both",
  );
export const deletedPresetSchema = z.object({ deleted: z.literal(true) });
