/** OpenAI's Responses API as it stands here: what routing needs of a request, and what every answer has. */
import { z } from "zod";

const nothing = z.literal(false).nullish();

/** Nothing is stored, so that what points at something stored is refused. Every other field is passed on as it came. */
export const responseBody = z.looseObject({
  model: z.string(),
  input: z.union([z.string().min(1), z.array(z.looseObject({ type: z.string().optional() })).min(1)]),
  instructions: z.string().nullish(),
  stream: z.boolean().nullish(),
  store: nothing,
  background: nothing,
  previous_response_id: z.null().optional(),
});

export const responseSchema = z.looseObject({
  id: z.string(),
  object: z.literal("response"),
  created_at: z.number().int(),
  completed_at: z.number().int().nullable(),
  status: z.string(),
  error: z.looseObject({ code: z.string(), message: z.string() }).nullable(),
  incomplete_details: z.looseObject({ reason: z.string() }).nullable(),
  model: z.string(),
  /** The display name of who answered, for example "OpenAI" or "Sandbox". */
  provider: z.string(),
  output: z.array(z.looseObject({ type: z.string() })),
  usage: z
    .looseObject({
      input_tokens: z.number().int(),
      output_tokens: z.number().int(),
      total_tokens: z.number().int(),
      /** USD charged; null when no price is known. */
      cost: z.number().nullable(),
    })
    .nullable(),
});
