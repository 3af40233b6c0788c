/** Anthropic's Messages, as its clients send and expect them, with OpenRouter's additions. */
import { z } from "zod";

const block = z.looseObject({ type: z.string() });

/** Only what routing needs is checked; every other field is passed on as it came. */
export const countTokensBody = z.looseObject({
  model: z.string(),
  messages: z
    .array(
      z.looseObject({ role: z.enum(["user", "assistant", "system"]), content: z.union([z.string(), z.array(block)]) }),
    )
    .min(1),
});

export const messageBody = countTokensBody.extend({
  max_tokens: z.int().min(1).nullish(),
  stream: z.boolean().nullish(),
  /** Models to try after `model`; cannot be combined with `models`. */
  fallbacks: z
    .array(z.strictObject({ model: z.string().min(1) }))
    .max(3)
    .nullish(),
});

export const messageSchema = z.looseObject({
  id: z.string(),
  type: z.literal("message"),
  role: z.literal("assistant"),
  model: z.string(),
  /** The display name of who answered. */
  provider: z.string(),
  content: z.array(block),
  stop_reason: z.string().nullable(),
  stop_sequence: z.string().nullable(),
  usage: z.looseObject({
    input_tokens: z.number().int(),
    output_tokens: z.number().int(),
    /** USD charged; null when no price is known. */
    cost: z.number().nullable(),
  }),
});

export const tokenCountSchema = z.looseObject({
  input_tokens: z.number().int(),
  /** True where no provider could be asked. */
  estimated: z.boolean().optional(),
});
