/** Wishes about providers: those that hold for every request of an account or of the instance, and those of a preset. */
import { z } from "zod";
import { usdString } from "../../kernel/money.ts";
import { usd } from "./common.ts";
import { usdNumberInput, usdTextInput } from "./limits.ts";

const MOST_SLUGS = 256;
export const PROVIDER_SORTS = ["price", "throughput", "latency", "exacto"] as const;
export const PRICED_UNITS = ["prompt", "completion", "request", "image", "audio"] as const;
export const QUANTIZATION_LEVELS = [
  ...["int4", "int8", "fp4", "mxfp4", "nvfp4", "fp6", "fp8", "mxfp8", "fp16", "bf16", "fp32", "unknown"],
] as const;

/** A provider by its slug, or one of its endpoints by slug and tag: "deepinfra", "deepinfra/turbo". */
const providerSlug = z
  .string()
  .trim()
  .toLowerCase()
  .max(128)
  .regex(
    /^[a-z0-9][a-z0-9._-]*(\/[a-z0-9._:-]+)*$/,
    'must be a provider\'s slug, such as "openai" or "deepinfra/turbo"',
  );
const providerSlugs = z
  .array(providerSlug)
  .max(MOST_SLUGS, `must name at most ${MOST_SLUGS} providers`)
  .transform((slugs) => [...new Set(slugs)]);

export const modelName = z
  .string()
  .trim()
  .min(1)
  .max(256)
  .regex(/^\P{Cc}*$/u, "must not contain control characters");

const maxPriceSchema = z.object({
  /** Dollars for a million tokens; those of `request` and `image` for one. */
  prompt: usd.nullable(),
  completion: usd.nullable(),
  request: usd.nullable(),
  image: usd.nullable(),
  audio: usd.nullable(),
});

export const routingDefaultsSchema = z.object({
  /** Slugs of the only providers that may answer; null for all. */
  only: z.array(z.string()).nullable(),
  ignore: z.array(z.string()),
  /** True where no provider may answer that keeps prompts for training. */
  denyDataCollection: z.boolean(),
  /** True where only endpoints may answer that keep nothing. */
  zeroDataRetention: z.boolean(),
  /** Null for the balance of price and health. */
  sort: z.enum(PROVIDER_SORTS).nullable(),
  maxPrice: maxPriceSchema,
  /** For requests that name no model. */
  defaultModel: z.string().nullable(),
});
export type RoutingDefaults = z.infer<typeof routingDefaultsSchema>;

export const routingSettingsSchema = z.object({
  own: routingDefaultsSchema,
  /** What the owner has set for everybody; an account can only narrow it. */
  instance: routingDefaultsSchema,
});
export type RoutingSettings = z.infer<typeof routingSettingsSchema>;

const amount = usdTextInput.transform((nano) => usdString(nano)).nullable();

/** Only what is named changes. */
export const updateRoutingBody = z
  .strictObject({
    only: providerSlugs.nullable(),
    ignore: providerSlugs,
    denyDataCollection: z.boolean(),
    zeroDataRetention: z.boolean(),
    sort: z.enum(PROVIDER_SORTS).nullable(),
    maxPrice: z
      .strictObject({ prompt: amount, completion: amount, request: amount, image: amount, audio: amount })
      .partial(),
    defaultModel: modelName.nullable(),
  })
  .partial()
  .refine((body) => Object.keys(body).length > 0, "name something to change");

/** Dollars as numbers or as texts; kept as texts, exactly. */
const priceBound = z
  .union([usdNumberInput, usdTextInput])
  .transform((nano) => usdString(nano))
  .nullish();
const flag = z.boolean().nullish();
const percentile = z.number().positive().nullish();
const preferred = z
  .union([
    z.number().positive(),
    z.strictObject({ p50: percentile, p75: percentile, p90: percentile, p99: percentile }),
  ])
  .nullish();
const sortName = z.enum(PROVIDER_SORTS);

/** OpenRouter's `provider` object, as a request and a preset write it. */
export const providerWishesSchema = z.strictObject({
  order: providerSlugs.nullish(),
  only: providerSlugs.nullish(),
  ignore: providerSlugs.nullish(),
  allow_fallbacks: flag,
  require_parameters: flag,
  data_collection: z.enum(["allow", "deny"]).nullish(),
  zdr: flag,
  enforce_distillable_text: flag,
  quantizations: z.array(z.enum(QUANTIZATION_LEVELS)).nullish(),
  sort: z
    .union([sortName, z.strictObject({ by: sortName.nullish(), partition: z.enum(["model", "none"]).nullish() })])
    .nullish(),
  max_price: z
    .strictObject({
      prompt: priceBound,
      completion: priceBound,
      request: priceBound,
      image: priceBound,
      audio: priceBound,
    })
    .nullish(),
  preferred_min_throughput: preferred,
  preferred_max_latency: preferred,
});
