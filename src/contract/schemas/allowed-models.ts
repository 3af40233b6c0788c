/** Which models a key may call, as programs and forms send it. */
import { z } from "zod";
import { LONGEST_ALLOWED_MODEL, MOST_ALLOWED_MODELS } from "../../kernel/allowed-models.ts";

const SHAPE = 'must be a model such as "openai/gpt-4o", or a pattern such as "openai/*"';

const modelEntry = z
  .string(SHAPE)
  .trim()
  .max(LONGEST_ALLOWED_MODEL, `must not have more than ${LONGEST_ALLOWED_MODEL} characters`)
  .regex(/^[^\s\p{Cc},]+$/u, SHAPE)
  .regex(/^(?!~)/, "is the newest of a family, and so another model from time to time: name a model, or a pattern")
  .transform((entry) => entry.toLowerCase());

/** Null for all; empty for none. Nothing stands twice in what comes out. */
export const modelEntriesInput = z
  .array(modelEntry)
  .max(MOST_ALLOWED_MODELS, `must not have more than ${MOST_ALLOWED_MODELS} entries`)
  .transform((entries) => [...new Set(entries)])
  .nullable();

export const modelEntries = z.array(z.string()).nullable();
