import { z } from "zod";
import { LOCALES } from "../../kernel/locale.ts";

/** The error body of every operation: OpenRouter's envelope. `code` equals the HTTP status. */
export const errorSchema = z.object({
  error: z.object({
    code: z.number().int(),
    message: z.string(),
    metadata: z
      .object({ error_type: z.string(), error_code: z.string(), request_id: z.string() })
      .catchall(z.unknown())
      .optional(),
  }),
});

/** The one workspace that every key and request is in. Clients insist on an id of this form. */
export const DEFAULT_WORKSPACE_ID = "00000000-0000-0000-0000-000000000000";

/** Epoch milliseconds. */
export const timeMs = z.number().int();

/** Dollars as an exact decimal string: "0.0015". */
export const usd = z.string().regex(/^-?\d+(\.\d{1,9})?$/);

export const pageQuery = z.object({
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});

export const idParams = z.object({ id: z.string().min(1).max(64) });

/** "en" or "id": the two languages of everything that a person reads. */
export const localeSchema = z.enum(LOCALES);
