/** Requests as the dashboard shows them, whosever they are. Pure. */
import type { ActivityDetail, ActivityRow } from "../../contract/schemas/activity.ts";
import { type NanoUsd, parseUsd, usdString } from "../../kernel/money.ts";
import type { Feedback } from "../../storage/stores/feedback.ts";
import type { UsageEntry } from "../../storage/stores/usage.ts";
import type { UsagePageFilter } from "../../storage/stores/usage-page.ts";
import { readAttempts } from "../generations/attempts.ts";

interface ActivityFilter extends Omit<UsagePageFilter, "fromMs" | "toMs" | "minCostNano"> {
  from?: number | undefined;
  to?: number | undefined;
  minCostUsd?: string | undefined;
}

/** What the query of a page or of an export asks for, in the words of the store. */
export function pageFilter({ from, to, minCostUsd, ...rest }: ActivityFilter): UsagePageFilter {
  return { ...rest, fromMs: from, toMs: to, minCostNano: minCostUsd === undefined ? undefined : parseUsd(minCostUsd) };
}

export function activityRow(row: UsageEntry): ActivityRow {
  return {
    id: row.id,
    requestId: row.request_id,
    createdAt: row.created_at,
    keyId: row.key_id,
    keyName: row.key_name ?? "",
    modelRequested: row.model_requested,
    model: row.model,
    provider: row.provider,
    providerSlug: row.provider_slug,
    app: row.app_title || row.app_referer || "",
    streamed: row.streamed === 1,
    status: row.status,
    errorCode: row.error_code,
    finishReason: row.finish_reason,
    cancelled: row.cancelled === 1,
    promptTokens: row.prompt_tokens,
    completionTokens: row.completion_tokens,
    tokensEstimated: row.tokens_estimated === 1,
    costUsd: usdOrNull(row.cost_nano),
    latencyMs: row.latency_ms,
    firstTokenMs: row.first_token_ms,
  };
}

export function activityDetail(row: UsageEntry): Omit<ActivityDetail, keyof ActivityRow | "feedback" | "content"> {
  return {
    apiType: row.api_type,
    upstreamId: row.upstream_id,
    nativeFinishReason: row.native_finish_reason,
    serviceTier: row.service_tier,
    reasoningTokens: row.reasoning_tokens,
    cachedTokens: row.cached_tokens,
    cacheWriteTokens: row.cache_write_tokens,
    imageTokens: row.image_completion_tokens,
    mediaIn: row.media_prompt,
    mediaOut: row.media_completion,
    priceVersion: row.price_version,
    upstreamCostUsd: usdOrNull(row.upstream_cost_nano),
    cacheSavedUsd: usdOrNull(row.cache_discount_nano),
    generationTimeMs: row.generation_time_ms,
    sessionId: row.session_id,
    externalUser: row.external_user,
    appTitle: row.app_title,
    appReferer: row.app_referer,
    appCategories: row.app_categories?.split(",") ?? [],
    userAgent: row.user_agent,
    cacheSourceId: row.response_cache_source_id,
    attempts: readAttempts(row.attempts).map(({ provider: _, providerName: provider, ...attempt }) => ({
      provider,
      ...attempt,
    })),
  };
}

export function feedbackRow({ category, comment, updated_at }: Feedback): ActivityDetail["feedback"][number] {
  return { category, comment, updatedAt: updated_at };
}

function usdOrNull(nano: NanoUsd | null): string | null {
  return nano === null ? null : usdString(nano);
}
