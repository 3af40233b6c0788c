/** Use over time of the signed-in account: as a chart, as a table, and what it can be narrowed down to. */
import type { Clock } from "../../kernel/clock.ts";
import type { KeyStore } from "../../storage/stores/keys.ts";
import type { TeamStore } from "../../storage/stores/teams.ts";
import type { Dimension, UsageFilter, UsagePart, UsageSeriesStore } from "../../storage/stores/usage-series.ts";
import type { Handlers, SignedIn } from "../http/handler.ts";
import { memberFilter } from "../http/member-filter.ts";
import { rangeOf } from "./series-view.ts";
import { choicesBy, csvAnswer, seriesAnswer, sharedChoices } from "./usage-answers.ts";

export interface UsageHandlerDeps {
  series: UsageSeriesStore;
  /** The names of an account's keys by id, deleted ones included. */
  keyNames(accountId: string): Promise<ReadonlyMap<string, string>>;
  /** Who made the keys of an account. */
  makers(accountId: string): Promise<KeyMakers>;
  clock: Clock;
}

export interface KeyMakers {
  /** The person, by the id of the key. */
  byKey: ReadonlyMap<string, string>;
  /** Names, by the id of the person. */
  names: ReadonlyMap<string, string>;
}

/** Reads both from the stores of keys and of teams. */
export function keyMakers(keys: Pick<KeyStore, "makers">, teams: Pick<TeamStore, "makers">) {
  return async (accountId: string): Promise<KeyMakers> => ({
    byKey: await keys.makers(accountId),
    names: await teams.makers(accountId),
  });
}

interface Asked extends UsageFilter {
  from: number;
  to: number;
}

export function usageHandlers(deps: UsageHandlerDeps): Handlers<"getUsageSeries" | "exportUsage" | "getUsageChoices"> {
  const { series, clock } = deps;
  const questionOf = ({ accountId, onlyBy }: SignedIn, { from, to, model, provider, key, app, member }: Asked) => ({
    userId: accountId,
    ...rangeOf({ from, to }, clock.nowMs()),
    filter: { model, provider, key, app, member: memberFilter(member, onlyBy) },
  });
  const namesIn = (accountId: string) => async (by: Dimension) => {
    if (by === "key") return deps.keyNames(accountId);
    return by === "member" ? (await deps.makers(accountId)).names : new Map<string, string>();
  };
  return {
    getUsageSeries: ({ account, query }) => {
      const { by, metric } = query;
      return seriesAnswer(series, questionOf(account, query), { by, metric, namesOf: namesIn(account.accountId) });
    },
    exportUsage: ({ account, query }) =>
      csvAnswer(series, questionOf(account, query), { by: query.by, namesOf: namesIn(account.accountId) }),
    getUsageChoices: async ({ account, query }) => {
      const parts = await series.parts(questionOf(account, query));
      const [keys, makers] = [await deps.keyNames(account.accountId), await deps.makers(account.accountId)];
      const makerOf = ({ key_id }: UsagePart) => makers.byKey.get(key_id) ?? "";
      return {
        body: {
          ...sharedChoices(parts),
          key: choicesBy(
            parts,
            ({ key_id }) => key_id,
            ({ key_id }) => keys.get(key_id) ?? key_id,
          ),
          member: choicesBy(parts, makerOf, (part) => makers.names.get(makerOf(part)) ?? makerOf(part)),
        },
      };
    },
  };
}
