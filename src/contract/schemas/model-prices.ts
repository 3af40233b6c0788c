/** Prices of a provider's models, and those that the operator sets in their place. All amounts are dollars. */
import { z } from "zod";
import { NANO_PER_USD } from "../../kernel/money.ts";
import { usd } from "./common.ts";
import { usdTextInput } from "./limits.ts";

export const MOST_PRICE_USD = 1_000_000n;

/** For a million tokens each, and `request` for each request. Null: such tokens cost what others of their side cost. */
const ratesSchema = z.object({
  prompt: usd,
  completion: usd,
  cacheRead: usd.nullable(),
  cacheWrite: usd.nullable(),
  request: usd.nullable(),
});
export type OwnRates = z.infer<typeof ratesSchema>;

export const modelPriceSchema = z.object({
  model: z.string(),
  name: z.string(),
  /** What calls are charged by; null while it is unknown. */
  price: ratesSchema.nullable(),
  /** bundled: comes with Gapura. provider: its own list. refreshed: was fetched since. file: the configuration file. */
  source: z.enum(["bundled", "provider", "refreshed", "dashboard", "file"]).nullable(),
  /** What charges record of it: the source and a digest of the figures. */
  version: z.string().nullable(),
  /** Whether it has more than these five: other rates under a condition, for sound, pictures or searches. */
  hasMore: z.boolean(),
  /** False for a model of which a price was set and which the provider does not list at present. */
  isOffered: z.boolean(),
});
export type ModelPriceView = z.infer<typeof modelPriceSchema>;
export const modelPriceListSchema = z.object({ models: z.array(modelPriceSchema) });

export const modelPricesQuery = z.object({ provider: z.string().min(1).max(64) });

const amount = usdTextInput.refine(
  (nano) => nano <= MOST_PRICE_USD * NANO_PER_USD,
  `must not be more than ${MOST_PRICE_USD}`,
);

/** Null takes the price back. */
export const setModelPriceBody = z.strictObject({
  provider: z.string().min(1).max(64),
  model: z.string().min(1).max(256),
  price: z
    .strictObject({
      prompt: amount,
      completion: amount,
      cacheRead: amount.nullable().optional(),
      cacheWrite: amount.nullable().optional(),
      request: amount.nullable().optional(),
    })
    .nullable(),
});
