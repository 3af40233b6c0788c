/** What the signed-in person's keys were used for. */
import type { ActivityDetail, ActivityRow } from "../../contract/schemas/activity.ts";
import type { Clock } from "../../kernel/clock.ts";
import { GapuraError } from "../../kernel/errors.ts";
import { type NanoUsd, usdString } from "../../kernel/money.ts";
import { DAY_MS } from "../../kernel/windows.ts";
import type { Feedback, FeedbackStore } from "../../storage/stores/feedback.ts";
import type { KeyStore } from "../../storage/stores/keys.ts";
import type { PayloadStore } from "../../storage/stores/payloads.ts";
import type { UsageEntry, UsageStore } from "../../storage/stores/usage.ts";
import { readAttempts } from "../generations/attempts.ts";
import { contentView } from "../generations/content-view.ts";
import type { Handlers } from "../http/handler.ts";

const OVERVIEW_DAYS = 30;

export function activityHandlers(deps: {
  usage: UsageStore;
  keys: KeyStore;
  feedback: FeedbackStore;
  /** Null while payload logging is off. */
  payloads: PayloadStore | null;
  clock: Clock;
}): Handlers<"listActivity" | "getActivity" | "getOverview"> {
  return {
    listActivity: async ({ account, query }) => {
      const page = await deps.usage.page(account.userId, query);
      return { body: { rows: page.rows.map(activityRow), nextCursor: page.nextCursor } };
    },
    getActivity: async ({ account: { userId }, params: { id } }) => {
      const row = await deps.usage.find(userId, id);
      if (row === null) throw new GapuraError("resource_not_found", { values: { what: "This request" } });
      const payload = (await deps.payloads?.find(userId, id)) ?? null;
      const feedback = await deps.feedback.of(userId, id);
      const content = payload === null ? null : contentView(row, payload);
      return { body: { ...activityRow(row), ...activityDetail(row), feedback: feedback.map(feedbackRow), content } };
    },
    getOverview: async ({ account }) => {
      const nowMs = deps.clock.nowMs();
      const today = Math.floor(nowMs / DAY_MS);
      const firstDay = today - OVERVIEW_DAYS + 1;
      const sums = new Map((await deps.usage.days(account.userId, firstDay)).map((sum) => [sum.day, sum]));
      const days = Array.from({ length: OVERVIEW_DAYS }, (_, index) => {
        const sum = sums.get(firstDay + index);
        return {
          day: new Date((firstDay + index) * DAY_MS).toISOString().slice(0, 10),
          requests: sum?.requests ?? 0,
          errors: sum?.errors ?? 0,
          promptTokens: sum?.prompt_tokens ?? 0,
          completionTokens: sum?.completion_tokens ?? 0,
          spentUsd: usdString(sum?.cost_nano ?? 0n),
        };
      });
      return { body: { days, keys: await deps.keys.count(account.userId, nowMs) } };
    },
  };
}

function activityRow(row: UsageEntry): ActivityRow {
  return {
    id: row.id,
    requestId: row.request_id,
    createdAt: row.created_at,
    keyId: row.key_id,
    keyName: row.key_name ?? "",
    modelRequested: row.model_requested,
    model: row.model,
    provider: row.provider,
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

function activityDetail(row: UsageEntry): Omit<ActivityDetail, keyof ActivityRow | "feedback" | "content"> {
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

function feedbackRow({ category, comment, updated_at }: Feedback): ActivityDetail["feedback"][number] {
  return { category, comment, updatedAt: updated_at };
}

function usdOrNull(nano: NanoUsd | null): string | null {
  return nano === null ? null : usdString(nano);
}
