import { z } from "zod";
import { usd } from "./common.ts";

/** As many as a page of keys holds. */
const MOST_KEYS = 100;

export const keyTrendsQuery = z.object({
  /** Public ids of keys with commas between them. One that is not the caller's to see is left out of the answer. */
  ids: z
    .string()
    .max(MOST_KEYS * 65)
    .transform((text) => text.split(","))
    .pipe(z.array(z.string().min(1).max(64)).max(MOST_KEYS, `${MOST_KEYS} keys at most`)),
});

export const keyTrendsSchema = z.object({
  /** UTC days as YYYY-MM-DD, the oldest first; the last one is today. */
  days: z.array(z.string()),
  /** Only keys that were used on one of these days. */
  keys: z.array(
    z.object({
      id: z.string(),
      /** One for each day, as are the amounts. */
      requests: z.array(z.number().int()),
      spentUsd: z.array(usd),
    }),
  ),
});
export type KeyTrends = z.infer<typeof keyTrendsSchema>;
