import { z } from "zod";
import { timeMs, usd } from "./common.ts";

/** What sums can be split by. A member is who made the key. */
export const USAGE_DIMENSIONS = ["model", "provider", "key", "app", "member"] as const;
/** The same over all accounts. */
export const INSTANCE_DIMENSIONS = ["account", "model", "provider", "key", "app"] as const;
export const USAGE_METRICS = ["spend", "requests", "tokens", "errors"] as const;

const name = z.string().max(1_000).optional();

/** Narrows down what is counted; an empty text stands for requests that never reached such a thing. */
export const usageFilters = { model: name, provider: name, key: name, app: name, member: name };

/** Ten years. */
const LONGEST_MS = 3_660 * 86_400_000;

const range = {
  from: z.coerce.number().int().min(0).max(8e15),
  to: z.coerce.number().int().min(0).max(8e15),
};
const inOrder = ({ from, to }: { from: number; to: number }) => to > from && to - from <= LONGEST_MS;
const order = { message: "must be later than from, by ten years at most", path: ["to"] };

export const usageRangeQuery = z.object(range).refine(inOrder, order);
const asked = z.object({ ...range, ...usageFilters, by: z.enum(USAGE_DIMENSIONS).optional() });
export const usageExportQuery = asked.refine(inOrder, order);
const metric = z.enum(USAGE_METRICS).default("spend");
export const usageSeriesQuery = asked.extend({ metric }).refine(inOrder, order);

const { member: _, ...instanceFilters } = { ...usageFilters, account: name };
const instanceAsked = z.object({ ...range, ...instanceFilters, by: z.enum(INSTANCE_DIMENSIONS).optional() });
type Split = Pick<z.infer<typeof instanceAsked>, "account" | "key" | "app" | "by">;
/** Sums over all accounts know no keys and apps: there would be as many as in all accounts together. */
const withinAccount = ({ account, key, app, by }: Split) =>
  account !== undefined || (key === undefined && app === undefined && by !== "key" && by !== "app");
const account = { message: "must be named for keys and apps, which are told account by account", path: ["account"] };
export const instanceUsageExportQuery = instanceAsked.refine(inOrder, order).refine(withinAccount, account);
export const instanceUsageQuery = instanceAsked
  .extend({ metric })
  .refine(inOrder, order)
  .refine(withinAccount, account);
export const instanceChoicesQuery = z.object({ ...range, account: name }).refine(inOrder, order);

export const usageFiguresSchema = z.object({
  requests: z.number().int(),
  errors: z.number().int(),
  /** Answered, but of no known price: what they cost is not in spentUsd. */
  unpriced: z.number().int(),
  promptTokens: z.number().int(),
  completionTokens: z.number().int(),
  cachedTokens: z.number().int(),
  spentUsd: usd,
  /** Half, and nineteen of twenty, streamed answers began within this; null without any. */
  firstTokenP50Ms: z.number().int().nullable(),
  firstTokenP95Ms: z.number().int().nullable(),
});
export type UsageFigures = z.infer<typeof usageFiguresSchema>;

export const usageSeriesSchema = z.object({
  step: z.enum(["minute", "hour", "day"]),
  /** The range as it was widened to whole steps; the end is not included. Days are UTC days. */
  fromMs: timeMs,
  toMs: timeMs,
  /** When each step begins. */
  times: z.array(timeMs),
  /** The largest parts first; what is left is the last one, whose part is null. */
  series: z.array(
    z.object({
      part: z.string().nullable(),
      /** For people; the same as the part where there is no other. */
      name: z.string(),
      /** Exact decimal strings, one for each time. */
      values: z.array(z.string()),
      total: z.string(),
    }),
  ),
  total: usageFiguresSchema,
  /** The same for the time of equal length before. */
  before: usageFiguresSchema,
});
export type UsageSeries = z.infer<typeof usageSeriesSchema>;

const choice = z.object({ id: z.string(), name: z.string(), requests: z.number().int() });
export const usageChoicesSchema = z.object({
  model: z.array(choice),
  provider: z.array(choice),
  key: z.array(choice),
  app: z.array(choice),
  member: z.array(choice),
});
export type UsageChoices = z.infer<typeof usageChoicesSchema>;
export const instanceUsageChoicesSchema = usageChoicesSchema
  .omit({ member: true })
  .extend({ account: z.array(choice) });
export type InstanceUsageChoices = z.infer<typeof instanceUsageChoicesSchema>;
