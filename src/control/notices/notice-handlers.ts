/** What the dashboard tells of limits, and whether it shall. */
import type { LimitNoticeView } from "../../contract/schemas/notices.ts";
import type { Clock } from "../../kernel/clock.ts";
import { GapuraError } from "../../kernel/errors.ts";
import { usdString } from "../../kernel/money.ts";
import { windowOf } from "../../kernel/windows.ts";
import type { BoundLimit } from "../../storage/stores/bound-limits.ts";
import {
  FORECAST,
  type LimitNoticeRow,
  type LimitNoticeStore,
  type NoticeSettings,
} from "../../storage/stores/limit-notices.ts";
import type { Handlers } from "../http/handler.ts";

export interface NoticeHandlerDeps {
  notices: LimitNoticeStore;
  /** What these limits bound now; those that hold no more are left out. */
  bounds(limitIds: readonly string[]): Promise<ReadonlyMap<string, BoundLimit>>;
  clock: Clock;
}

type NoticeOperations = "listNotices" | "dismissNotice" | "getNoticeSettings" | "updateNoticeSettings";

export function noticeHandlers({ notices, bounds, clock }: NoticeHandlerDeps): Handlers<NoticeOperations> {
  const wanted = async (userId: string): Promise<NoticeSettings> => {
    const wants = (await notices.wants([userId])).get(userId);
    return wants ?? { mail: true, dashboard: true, forecast: true };
  };
  return {
    listNotices: async ({ account }) => {
      const rows = await notices.open(account.accountId);
      const bound = await bounds(rows.map((row) => row.limit_id));
      return {
        body: { notices: highest(rows).flatMap((row) => noticeView(row, bound.get(row.limit_id), clock.nowMs())) },
      };
    },
    dismissNotice: async ({ account, params }) => {
      const row = (await notices.open(account.accountId)).find(({ id }) => id === params.id);
      if (!row) throw new GapuraError("resource_not_found", { values: { what: "This notice" } });
      // Putting away what stands for a limit puts away what stood for less of it.
      const same = (await notices.open(account.accountId)).filter(({ limit_id }) => limit_id === row.limit_id);
      for (const { id, mark } of same)
        if (mark <= row.mark) await notices.dismiss(account.accountId, id, clock.nowMs());
      return { body: { done: true } };
    },
    getNoticeSettings: async ({ account }) => ({ body: await wanted(account.accountId) }),
    updateNoticeSettings: async ({ account, body }) => {
      const before = await wanted(account.accountId);
      const { mail = before.mail, dashboard = before.dashboard, forecast = before.forecast } = body;
      await notices.choose(account.accountId, { mail, dashboard, forecast });
      return { body: await wanted(account.accountId) };
    },
  };
}

/** Of several marks of one limit the highest. */
function highest(rows: readonly LimitNoticeRow[]): LimitNoticeRow[] {
  return rows.filter((row) => !rows.some((other) => other.limit_id === row.limit_id && other.mark > row.mark));
}

/** Nothing of a limit that holds no more, or whose window is over. */
function noticeView(row: LimitNoticeRow, limit: BoundLimit | undefined, nowMs: number): LimitNoticeView[] {
  if (!limit || limit.limitNano !== row.limit_nano) return [];
  const window = windowOf(limit.reset, row.created_at);
  if (window.endsAtMs !== null && window.endsAtMs <= nowMs) return [];
  const { scope, keyName, reset } = limit;
  return [
    {
      id: row.id,
      scope,
      keyName,
      reset,
      mark: row.mark === FORECAST ? null : row.mark,
      endsAt: row.ends_at,
      spentUsd: usdString(row.spent_nano),
      limitUsd: usdString(row.limit_nano),
      resetsAt: window.endsAtMs,
      createdAt: row.created_at,
    },
  ];
}
