/**
 * Use over time of all accounts, for whoever owns the instance. Read from the same sums as an account's own: never from
 * single requests, but for two hours at most. Keys and apps are told within one account.
 */
import type { INSTANCE_DIMENSIONS } from "../../contract/schemas/usage-series.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { InstanceNames } from "../../storage/stores/instance-names.ts";
import type { UsageFilter, UsageQuestion, UsageSeriesStore } from "../../storage/stores/usage-series.ts";
import type { Handlers } from "../http/handler.ts";
import { rangeOf } from "./series-view.ts";
import { type Choice, choicesBy, csvAnswer, seriesAnswer, sharedChoices } from "./usage-answers.ts";

export interface InstanceUsageDeps {
  series: UsageSeriesStore;
  names: InstanceNames;
  clock: Clock;
}

interface Asked extends Omit<UsageFilter, "member"> {
  from: number;
  to: number;
  account?: string | undefined;
}

type InstanceUsageOperations = "getInstanceUsage" | "exportInstanceUsage" | "getInstanceUsageChoices";

export function instanceUsageHandlers({ series, names, clock }: InstanceUsageDeps): Handlers<InstanceUsageOperations> {
  const questionOf = ({ from, to, account, model, provider, key, app }: Asked): UsageQuestion => ({
    userId: account ?? null,
    ...rangeOf({ from, to }, clock.nowMs(), account === undefined),
    filter: { model, provider, key, app },
  });
  const namesOf = async (by: (typeof INSTANCE_DIMENSIONS)[number], parts: readonly string[]) => {
    if (by === "account") return names.accounts(parts);
    return by === "key" ? names.keys(parts) : new Map<string, string>();
  };
  return {
    getInstanceUsage: ({ query }) => {
      const { by, metric } = query;
      return seriesAnswer(series, questionOf(query), { by, metric, namesOf });
    },
    exportInstanceUsage: ({ query }) => csvAnswer(series, questionOf(query), { by: query.by, namesOf }),
    getInstanceUsageChoices: async ({ query }) => {
      const range = questionOf({ from: query.from, to: query.to });
      const accounts = choicesBy(await series.parts(range, "account"), ({ user_id }) => user_id);
      const isOne = query.account !== undefined;
      const parts = await (isOne ? series.parts(questionOf(query)) : series.parts(range, "model"));
      const keys = isOne ? choicesBy(parts, ({ key_id }) => key_id) : [];
      const shared = sharedChoices(parts);
      return {
        body: {
          ...shared,
          app: isOne ? shared.app : [],
          account: withNames(accounts, await names.accounts(accounts.map(({ id }) => id))),
          key: withNames(keys, await names.keys(keys.map(({ id }) => id))),
        },
      };
    },
  };
}

function withNames(choices: readonly Choice[], names: ReadonlyMap<string, string>): Choice[] {
  return choices.map((choice) => ({ ...choice, name: names.get(choice.id) ?? choice.id }));
}
