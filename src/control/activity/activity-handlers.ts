/** What the signed-in person's keys were used for. */
import type { ActivityRow } from "../../contract/schemas/activity.ts";
import type { Clock } from "../../kernel/clock.ts";
import { usdString } from "../../kernel/money.ts";
import type { KeyStore } from "../../storage/stores/keys.ts";
import { DAY_MS, type UsageEntry, type UsageStore } from "../../storage/stores/usage.ts";
import type { Handlers } from "../http/handler.ts";

const OVERVIEW_DAYS = 30;

export function activityHandlers(deps: {
  usage: UsageStore;
  keys: KeyStore;
  clock: Clock;
}): Handlers<"listActivity" | "getOverview"> {
  return {
    listActivity: async ({ account, query }) => {
      const page = await deps.usage.page(account.userId, query);
      return { body: { rows: page.rows.map(activityRow), nextCursor: page.nextCursor } };
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
    costUsd: row.cost_nano === null ? null : usdString(row.cost_nano),
    latencyMs: row.latency_ms,
    firstTokenMs: row.first_token_ms,
  };
}
