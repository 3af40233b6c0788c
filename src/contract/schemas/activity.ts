import { z } from "zod";
import { pageQuery, timeMs, usd } from "./common.ts";

export const activityRowSchema = z.object({
  /** The generation id, `gen-…`: the same as in the answer and in X-Generation-Id. */
  id: z.string(),
  requestId: z.string(),
  createdAt: timeMs,
  keyId: z.string(),
  keyName: z.string(),
  modelRequested: z.string(),
  /** What answered; null when no model was reached. */
  model: z.string().nullable(),
  provider: z.string().nullable(),
  streamed: z.boolean(),
  /** HTTP status the client saw. */
  status: z.number().int(),
  errorCode: z.string().nullable(),
  finishReason: z.string().nullable(),
  cancelled: z.boolean(),
  promptTokens: z.number().int(),
  completionTokens: z.number().int(),
  /** True when the provider reported no usage and the tokens were counted from what was streamed. */
  tokensEstimated: z.boolean(),
  /** Null when no price is known: an unknown price is never shown as zero. */
  costUsd: usd.nullable(),
  latencyMs: z.number(),
  firstTokenMs: z.number().nullable(),
});
export type ActivityRow = z.infer<typeof activityRowSchema>;

export const activityQuery = pageQuery.extend({
  keyId: z.string().max(64).optional(),
  outcome: z.enum(["all", "ok", "error"]).default("all"),
});
export const activityListSchema = z.object({ rows: z.array(activityRowSchema), nextCursor: z.string().nullable() });

export const overviewSchema = z.object({
  /** The last 30 UTC days, oldest first, days without requests included. */
  days: z.array(
    z.object({
      /** YYYY-MM-DD, UTC. */
      day: z.string(),
      requests: z.number().int(),
      errors: z.number().int(),
      promptTokens: z.number().int(),
      completionTokens: z.number().int(),
      spentUsd: usd,
    }),
  ),
  keys: z.object({ active: z.number().int(), total: z.number().int() }),
});
export type Overview = z.infer<typeof overviewSchema>;
