/** Everything that the pages of use ask, by the handlers that answer them, for the largest account and for all of them. */
import { activityHandlers } from "../../src/control/activity/activity-handlers.ts";
import { instanceActivityHandlers } from "../../src/control/activity/instance-activity.ts";
import type { HandlerInput } from "../../src/control/http/handler.ts";
import { keyTrendHandlers } from "../../src/control/keys/key-trends.ts";
import { instanceUsageHandlers } from "../../src/control/usage/instance-usage.ts";
import { overviewHandlers } from "../../src/control/usage/overview.ts";
import { keyMakers, usageHandlers } from "../../src/control/usage/usage-handlers.ts";
import { systemClock } from "../../src/kernel/clock.ts";
import { asChecked } from "../../src/kernel/json.ts";
import type { Storage } from "../../src/storage/open.ts";
import { createFeedbackStore } from "../../src/storage/stores/feedback.ts";
import { createInstanceNames } from "../../src/storage/stores/instance-names.ts";
import { keyTrend } from "../../src/storage/stores/key-trend.ts";
import { createKeyStore } from "../../src/storage/stores/keys.ts";
import { createTeamStore } from "../../src/storage/stores/teams.ts";
import { createUsageStore } from "../../src/storage/stores/usage.ts";
import { createUsageSeriesStore } from "../../src/storage/stores/usage-series.ts";
import { percentile } from "../support/statistics.ts";

const DAY_MS = 86_400_000;

export interface Answered {
  page: string;
  question: string;
  p95Ms: number;
  n: number;
}

export async function askPages(
  storage: Storage,
  userId: string,
  { rounds, note }: { rounds: number; note(line: string): void },
): Promise<Answered[]> {
  const answered: Answered[] = [];
  for (const { page, question, ask } of questionsOf(storage, userId)) {
    const times: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      const beganMs = performance.now();
      await ask();
      // The first one reads what the others then find in memory.
      if (round > 0) times.push(performance.now() - beganMs);
    }
    const p95Ms = percentile(times, 0.95);
    note(`${storage.engine}: ${page}, ${question}: ${p95Ms.toFixed(1)} ms`);
    answered.push({ page, question, p95Ms, n: rounds });
  }
  return answered;
}

function questionsOf({ db, engine }: Storage, userId: string) {
  const keys = createKeyStore(db);
  const makers = keyMakers(keys, createTeamStore(db, engine));
  const clock = systemClock;
  const deps = { series: createUsageSeriesStore(db), clock, keyNames: (id: string) => keys.names(id), keys, makers };
  const usage = createUsageStore(db);
  const isStillMember = async () => true;
  const rest = { feedback: createFeedbackStore(db), payloads: null, sleep: Bun.sleep, isEnding: () => false };
  const { getOverview } = overviewHandlers(deps);
  const { getUsageSeries, getUsageChoices } = usageHandlers(deps);
  const { listActivity } = activityHandlers({ usage, clock, isStillMember, ...rest });
  const { getKeyTrends } = keyTrendHandlers({ trend: (asked) => keyTrend(db, asked), clock });
  const keysOfPage = async () => {
    const page = await keys.list(userId, { limit: 50, order: "spent", nowMs: Date.now() });
    return getKeyTrends(asChecked({ ...input({ ids: page.keys.map(({ id }) => id) }) }));
  };
  const input = <Id extends "getOverview">(query: object) =>
    asChecked<HandlerInput<Id>>({ account: { userId, accountId: userId, onlyBy: null }, query });
  const since = (days: number) => ({ from: Date.now() - days * DAY_MS, to: Date.now() });
  const series = (query: object) => () => getUsageSeries(asChecked({ ...input(query) }));
  const list = (query: object) => () => listActivity(asChecked({ ...input({ outcome: "all", limit: 50, ...query }) }));
  const names = createInstanceNames(db);
  const { getInstanceUsage, getInstanceUsageChoices } = instanceUsageHandlers({ ...deps, names });
  const { listInstanceActivity } = instanceActivityHandlers({ usage, names });
  const all = (query: object) => () => getInstanceUsage(asChecked({ ...input(query) }));
  const listAll = (query: object) => () =>
    listInstanceActivity(asChecked({ ...input({ outcome: "all", limit: 50, ...query }) }));
  const one = (page: string, question: string, ask: () => Promise<unknown>) => ({ page, question, ask });
  return [
    one("dashboard", "overview", () => getOverview(input({}))),
    one("activity", "year_by_model", series({ ...since(365), by: "model", metric: "spend" })),
    one("activity", "year_by_app", series({ ...since(365), by: "app", metric: "tokens" })),
    one("activity", "week_by_key", series({ ...since(7), by: "key", metric: "requests" })),
    one("activity", "year_by_member", series({ ...since(365), by: "member", metric: "spend" })),
    one("activity", "hour_by_minute", series({ ...since(1 / 24), by: "model", metric: "requests" })),
    one("activity", "choices_of_a_year", () => getUsageChoices(asChecked({ ...input(since(365)) }))),
    one("keys", "most_spent_and_their_lines", keysOfPage),
    one("logs", "newest", list({})),
    one("logs", "month_that_failed", list({ ...since(30), outcome: "error" })),
    one("logs", "year_old", list({ to: Date.now() - 350 * DAY_MS })),
    one("logs", "nothing_that_fits", list({ model: "nobody/knows" })),
    one("logs", "part_of_an_id", list({ id: "req_zzzz" })),
    one("all_accounts", "year_by_account", all({ ...since(365), by: "account", metric: "spend" })),
    one("all_accounts", "year_by_provider", all({ ...since(365), by: "provider", metric: "spend" })),
    one(
      "all_accounts",
      "year_of_a_model_by_account",
      all({ ...since(365), by: "account", metric: "spend", model: "openai/gpt-4o" }),
    ),
    one("all_accounts", "day_by_account", all({ ...since(1), by: "account", metric: "errors" })),
    one("all_accounts", "hour_by_minute", all({ ...since(1 / 24), by: "account", metric: "requests" })),
    one("all_accounts", "choices_of_a_year", () => getInstanceUsageChoices(asChecked({ ...input(since(365)) }))),
    one("all_accounts_logs", "newest", listAll({})),
    one("all_accounts_logs", "year_that_failed", listAll({ ...since(365), outcome: "error" })),
    one("all_accounts_logs", "nothing_that_fits", listAll({ model: "nobody/knows" })),
  ];
}
