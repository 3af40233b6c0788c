import { z } from "zod";
import { pageQuery, timeMs, usd } from "./common.ts";
import { whySchema } from "./dry-run.ts";
import { generationContentSchema } from "./records.ts";
import { usageFiguresSchema } from "./usage-series.ts";

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
  providerSlug: z.string().nullable(),
  /** What the app calls itself, else its address, else empty. */
  app: z.string(),
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

/** Everything that is known of one request. */
export const activityDetailSchema = activityRowSchema.extend({
  apiType: z.string(),
  upstreamId: z.string().nullable(),
  nativeFinishReason: z.string().nullable(),
  serviceTier: z.string().nullable(),
  reasoningTokens: z.number().int(),
  /** Parts of promptTokens. */
  cachedTokens: z.number().int(),
  cacheWriteTokens: z.number().int(),
  /** Part of completionTokens. */
  imageTokens: z.number().int(),
  mediaIn: z.number().int(),
  mediaOut: z.number().int(),
  priceVersion: z.string().nullable(),
  /** What the provider says that it charged. */
  upstreamCostUsd: usd.nullable(),
  /** Negative where writing to the provider's cache cost more than reading from it saved. */
  cacheSavedUsd: usd.nullable(),
  /** From asking the provider that answered until the end. */
  generationTimeMs: z.number().nullable(),
  sessionId: z.string().nullable(),
  externalUser: z.string().nullable(),
  appTitle: z.string().nullable(),
  appReferer: z.string().nullable(),
  appCategories: z.array(z.string()),
  userAgent: z.string().nullable(),
  /** The request whose answer was given again out of the response cache. */
  cacheSourceId: z.string().nullable(),
  attempts: z.array(
    z.object({
      provider: z.string(),
      model: z.string(),
      /** HTTP status, 0 when there was no answer. */
      status: z.number().int(),
      latencyMs: z.number(),
      /** Since the beginning of the request. */
      startedMs: z.number(),
      /** The router's, in English. */
      reason: z.string(),
      /** The same in words for programs; null in older records. */
      why: whySchema.nullable(),
      errorCode: z.string().nullable(),
      /** Begun because the one before it was slow. */
      hedged: z.boolean(),
    }),
  ),
  feedback: z.array(z.object({ category: z.string(), comment: z.string().nullable(), updatedAt: timeMs })),
  /** Null when it is not kept. */
  content: generationContentSchema.shape.data.nullable(),
});
export type ActivityDetail = z.infer<typeof activityDetailSchema>;

const activityFilters = {
  keyId: z.string().max(64).optional(),
  /** Through keys that this person made. */
  member: z.string().max(64).optional(),
  outcome: z.enum(["all", "ok", "error"]).default("all"),
  model: z.string().max(1_000).optional(),
  provider: z.string().max(1_000).optional(),
  app: z.string().max(1_000).optional(),
  /** The HTTP status that the client saw. */
  status: z.coerce.number().int().min(100).max(599).optional(),
  from: z.coerce.number().int().min(0).max(8e15).optional(),
  /** Not included. */
  to: z.coerce.number().int().min(0).max(8e15).optional(),
  minCostUsd: usd.optional(),
  /** How a generation id or request id begins. */
  id: z.string().max(64).optional(),
};
export const activityQuery = pageQuery.extend(activityFilters);
export const activityExportQuery = z.object(activityFilters);
export const activityListSchema = z.object({
  rows: z.array(activityRowSchema),
  /** There is more, even where this page is empty: rare things are looked for in portions. */
  nextCursor: z.string().nullable(),
  /** How far back has been looked; null at the end. */
  searchedToMs: timeMs.nullable(),
});

/** The same of every account, for whoever owns the instance: what was asked and answered, and by whom, is left out. */
const instanceRowSchema = activityRowSchema.extend({
  accountId: z.string(),
  /** The address of a person, the name of a team. */
  account: z.string(),
});
export type InstanceActivityRow = z.infer<typeof instanceRowSchema>;
export const instanceActivityDetailSchema = activityDetailSchema.extend(instanceRowSchema.shape);
export type InstanceActivityDetail = z.infer<typeof instanceActivityDetailSchema>;
export const instanceActivityListSchema = activityListSchema.extend({ rows: z.array(instanceRowSchema) });
const { member: _, ...sharedFilters } = activityFilters;
const instanceFilters = { ...sharedFilters, account: z.string().max(64).optional() };
export const instanceActivityQuery = pageQuery.extend(instanceFilters);
export const instanceActivityExportQuery = z.object(instanceFilters);

export const followQuery = z.object({ keyId: z.string().max(64).optional() });

const overviewPartSchema = z.object({
  id: z.string(),
  name: z.string(),
  requests: z.number().int(),
  spentUsd: usd,
  /** One for each day. */
  dailyRequests: z.array(z.number().int()),
});

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
  total: usageFiguresSchema,
  /** The thirty days before. */
  before: usageFiguresSchema,
  /** Who spent most in these days. */
  topKeys: z.array(overviewPartSchema),
  topModels: z.array(overviewPartSchema),
});
export type Overview = z.infer<typeof overviewSchema>;
