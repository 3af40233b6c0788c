/** The shapes of what pages show of requests and of use over time. */
import { z } from "zod";
import * as activity from "../schemas/activity.ts";
import { idParams } from "../schemas/common.ts";
import * as trends from "../schemas/key-trends.ts";
import * as usage from "../schemas/usage-series.ts";
import type { RouteShapes } from "./route-shapes.ts";

export const usageShapes = {
  getOverview: { summary: "Thirty days of requests and spend", status: 200, response: activity.overviewSchema },
  getKeyTrends: {
    summary: "Thirty days of requests and spend of each of some keys",
    status: 200,
    response: trends.keyTrendsSchema,
    query: trends.keyTrendsQuery,
  },
  listActivity: {
    summary: "Own requests, newest first",
    status: 200,
    response: activity.activityListSchema,
    query: activity.activityQuery,
  },
  exportActivity: {
    summary: "Own requests as CSV",
    status: 200,
    response: z.string(),
    media: "text/csv",
    query: activity.activityExportQuery,
  },
  followActivity: {
    summary: "Own requests as they end, as server-sent events",
    status: 200,
    response: z.string(),
    media: "text/event-stream",
    query: activity.followQuery,
  },
  followChanges: {
    summary: "That requests, alerts or keys are others than before, as server-sent events",
    status: 200,
    response: z.string(),
    media: "text/event-stream",
  },
  getUsageSeries: {
    summary: "Spend, requests, tokens or errors over time",
    status: 200,
    response: usage.usageSeriesSchema,
    query: usage.usageSeriesQuery,
  },
  exportUsage: {
    summary: "Use over time as CSV",
    status: 200,
    response: z.string(),
    media: "text/csv",
    query: usage.usageExportQuery,
  },
  getUsageChoices: {
    summary: "Models, providers, keys and apps that were used",
    status: 200,
    response: usage.usageChoicesSchema,
    query: usage.usageRangeQuery,
  },
  getActivity: {
    summary: "One request with its attempts, costs and times",
    status: 200,
    response: activity.activityDetailSchema,
    params: idParams,
  },
} as const satisfies Record<string, RouteShapes>;
