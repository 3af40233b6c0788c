/** The last thirty days of the keys that a page lists, for the small lines beside them. */
import type { KeyTrends } from "../../contract/schemas/key-trends.ts";
import type { Clock } from "../../kernel/clock.ts";
import { usdString } from "../../kernel/money.ts";
import { DAY_MS } from "../../kernel/windows.ts";
import type { KeyDayPoint, TrendQuestion } from "../../storage/stores/key-trend.ts";
import type { Handlers } from "../http/handler.ts";

const TREND_DAYS = 30;

export interface KeyTrendDeps {
  trend(asked: TrendQuestion): Promise<KeyDayPoint[]>;
  clock: Clock;
}

export function keyTrendHandlers({ trend, clock }: KeyTrendDeps): Handlers<"getKeyTrends"> {
  return {
    getKeyTrends: async ({ account: { accountId: userId, onlyBy: madeBy }, query: { ids } }) => {
      const lastDay = Math.floor(clock.nowMs() / DAY_MS);
      const firstDay = lastDay - TREND_DAYS + 1;
      return { body: trendsOf(await trend({ userId, ids, madeBy, firstDay, lastDay }), firstDay) };
    },
  };
}

function trendsOf(points: readonly KeyDayPoint[], firstDay: number): KeyTrends {
  const days = Array.from({ length: TREND_DAYS }, (_, index) => firstDay + index);
  const byKey = new Map<string, Map<number, KeyDayPoint>>();
  for (const point of points) {
    const ofKey = byKey.get(point.key_id) ?? new Map<number, KeyDayPoint>();
    byKey.set(point.key_id, ofKey.set(point.day, point));
  }
  return {
    days: days.map((day) => new Date(day * DAY_MS).toISOString().slice(0, 10)),
    keys: [...byKey].map(([id, ofKey]) => ({
      id,
      requests: days.map((day) => ofKey.get(day)?.requests ?? 0),
      spentUsd: days.map((day) => usdString(ofKey.get(day)?.cost_nano ?? 0n)),
    })),
  };
}
