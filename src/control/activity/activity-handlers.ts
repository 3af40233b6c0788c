/** What the signed-in person's keys were used for. */
import type { ActivityDetail, ActivityRow } from "../../contract/schemas/activity.ts";
import type { Clock } from "../../kernel/clock.ts";
import { GapuraError } from "../../kernel/errors.ts";
import { type NanoUsd, parseUsd, usdString } from "../../kernel/money.ts";
import type { Feedback, FeedbackStore } from "../../storage/stores/feedback.ts";
import type { PayloadStore } from "../../storage/stores/payloads.ts";
import type { UsageEntry, UsageStore } from "../../storage/stores/usage.ts";
import type { UsagePageFilter } from "../../storage/stores/usage-page.ts";
import { readAttempts } from "../generations/attempts.ts";
import { contentView } from "../generations/content-view.ts";
import type { Handlers, SignedIn } from "../http/handler.ts";
import { memberFilter } from "../http/member-filter.ts";
import { activityCsv } from "./activity-csv.ts";
import { followRequests } from "./follow-requests.ts";

export function activityHandlers(deps: {
  usage: UsageStore;
  feedback: FeedbackStore;
  /** Null while payload logging is off. */
  payloads: PayloadStore | null;
  clock: Clock;
  /** Resolves after so many milliseconds. */
  sleep(ms: number): Promise<void>;
  /** Whether the session is still there, and its person in the account with the role that they had, and not suspended. */
  isStillMember(account: SignedIn): Promise<boolean>;
  /** Whether the server is about to stop. */
  isEnding(): boolean;
}): Handlers<"listActivity" | "getActivity" | "exportActivity" | "followActivity"> {
  return {
    listActivity: async ({ account, query }) => {
      const { cursor, limit, ...filter } = query;
      const page = await deps.usage.page(account.accountId, { ...filterOf(filter, account), cursor, limit });
      return { body: { ...page, rows: page.rows.map(activityRow) } };
    },
    getActivity: async ({ account: { accountId, onlyBy }, params: { id } }) => {
      const row = await deps.usage.find(accountId, id, onlyBy);
      if (row === null) throw new GapuraError("resource_not_found", { values: { what: "This request" } });
      const payload = (await deps.payloads?.find(accountId, id)) ?? null;
      const feedback = await deps.feedback.of(accountId, id);
      const content = payload === null ? null : contentView(row, payload);
      return { body: { ...activityRow(row), ...activityDetail(row), feedback: feedback.map(feedbackRow), content } };
    },
    exportActivity: async ({ account, query }) => ({
      body: "",
      headers: new Headers({ "content-disposition": 'attachment; filename="gapura-requests.csv"' }),
      streamed: {
        type: "text/csv; charset=utf-8",
        portions: activityCsv(deps.usage, account.accountId, filterOf(query, account)),
      },
    }),
    followActivity: async ({ account, query, request }) => ({
      body: "",
      headers: new Headers({ "x-accel-buffering": "no" }),
      streamed: {
        type: "text/event-stream; charset=utf-8",
        portions: followRequests(
          { usage: deps.usage, view: activityRow, sleep: deps.sleep, isEnding: deps.isEnding, clock: deps.clock },
          {
            ...{ userId: account.accountId, keyId: query.keyId, member: account.onlyBy ?? undefined },
            ...{ gone: request.signal, isStillAllowed: () => deps.isStillMember(account) },
          },
        ),
      },
    }),
  };
}

/** What the query of a page or of an export asks for, in the words of the store. */
function filterOf(
  { from, to, minCostUsd, ...rest }: ActivityFilter,
  { onlyBy }: Pick<SignedIn, "onlyBy">,
): UsagePageFilter {
  const minCostNano = minCostUsd === undefined ? undefined : parseUsd(minCostUsd);
  return { ...rest, member: memberFilter(rest.member, onlyBy), fromMs: from, toMs: to, minCostNano };
}

interface ActivityFilter extends Omit<UsagePageFilter, "fromMs" | "toMs" | "minCostNano"> {
  from?: number | undefined;
  to?: number | undefined;
  minCostUsd?: string | undefined;
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
