/** Use over time of the signed-in account: as a chart, as a table, and what it can be narrowed down to. */
import type { UsageChoices } from "../../contract/schemas/usage-series.ts";
import type { Clock } from "../../kernel/clock.ts";
import { usdString } from "../../kernel/money.ts";
import type { KeyStore } from "../../storage/stores/keys.ts";
import type { TeamStore } from "../../storage/stores/teams.ts";
import type { Dimension, UsageFilter, UsagePart, UsageSeriesStore } from "../../storage/stores/usage-series.ts";
import type { Handlers, SignedIn } from "../http/handler.ts";
import { memberFilter } from "../http/member-filter.ts";
import { isoTime } from "../keys/key-view.ts";
import { csvLine } from "../statement/csv.ts";
import { figuresOf, rangeBefore, rangeOf, seriesOf } from "./series-view.ts";

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
  by?: Dimension | undefined;
}

export function usageHandlers(deps: UsageHandlerDeps): Handlers<"getUsageSeries" | "exportUsage" | "getUsageChoices"> {
  const { series, clock } = deps;
  const questionOf = ({ accountId, onlyBy }: SignedIn, { from, to, model, provider, key, app, member }: Asked) => ({
    userId: accountId,
    ...rangeOf({ from, to }, clock.nowMs()),
    filter: { model, provider, key, app, member: memberFilter(member, onlyBy) },
  });
  return {
    getUsageSeries: async ({ account, query }) => {
      const asked = questionOf(account, query);
      const nameOf = await namesOf(deps, account.accountId, query.by);
      const points = await series.points(asked, query.by ?? null);
      const drawn = seriesOf(points, { range: asked, metric: query.metric, nameOf });
      const total = figuresOf(await series.total(asked));
      const before = figuresOf(await series.total({ ...asked, ...rangeBefore(asked) }));
      const { step, fromMs, toMs } = asked;
      return { body: { step, fromMs, toMs, ...drawn, total, before } };
    },
    exportUsage: async ({ account, query }) => {
      const asked = questionOf(account, query);
      const nameOf = await namesOf(deps, account.accountId, query.by);
      const points = await series.points(asked, query.by ?? null);
      const by = query.by === undefined ? [] : [query.by];
      const heading = csvLine(["time", ...by, ...COUNTED]);
      const lines = points.map((point) => {
        const part = query.by === undefined ? [] : [nameOf(point.part)];
        const { requests, errors, unpriced, prompt_tokens, completion_tokens, cached_tokens } = point;
        const counts = [
          requests,
          errors,
          prompt_tokens,
          completion_tokens,
          cached_tokens,
          usdString(point.cost_nano),
          unpriced,
        ];
        return csvLine([isoTime(point.at), ...part, ...counts]);
      });
      return {
        body: "",
        headers: new Headers({ "content-disposition": 'attachment; filename="gapura-usage.csv"' }),
        rendered: { type: "text/csv; charset=utf-8", text: heading + lines.join("") },
      };
    },
    getUsageChoices: async ({ account, query }) => {
      const parts = await series.parts(questionOf(account, query));
      const names = { keys: await deps.keyNames(account.accountId), makers: await deps.makers(account.accountId) };
      return { body: choicesOf(parts, names) };
    },
  };
}

/** More than that nobody looks through. */
const MOST_CHOICES = 500;

const COUNTED = [
  "requests",
  "errors",
  "prompt_tokens",
  "completion_tokens",
  "cached_tokens",
  "spent_usd",
  "unpriced_requests",
];

async function namesOf(
  deps: UsageHandlerDeps,
  accountId: string,
  by: Dimension | undefined,
): Promise<(part: string) => string> {
  if (by !== "key" && by !== "member") return (part) => part;
  const names = by === "key" ? await deps.keyNames(accountId) : (await deps.makers(accountId)).names;
  return (part) => names.get(part) ?? part;
}

function choicesOf(
  parts: readonly UsagePart[],
  { keys, makers }: { keys: ReadonlyMap<string, string>; makers: KeyMakers },
): UsageChoices {
  const makerOf = ({ key_id }: UsagePart) => makers.byKey.get(key_id) ?? "";
  const group = (idOf: (part: UsagePart) => string, nameOf: (part: UsagePart) => string) => {
    const found = new Map<string, { id: string; name: string; requests: number }>();
    for (const part of parts) {
      const id = idOf(part);
      const choice = found.get(id) ?? { id, name: nameOf(part), requests: 0 };
      found.set(id, { ...choice, requests: choice.requests + part.requests });
    }
    return [...found.values()].sort((a, b) => b.requests - a.requests).slice(0, MOST_CHOICES);
  };
  return {
    model: group(
      ({ model }) => model,
      ({ model }) => model,
    ),
    provider: group(
      ({ provider_slug }) => provider_slug,
      ({ provider }) => provider,
    ),
    key: group(
      ({ key_id }) => key_id,
      ({ key_id }) => keys.get(key_id) ?? key_id,
    ),
    app: group(
      ({ app }) => app,
      ({ app }) => app,
    ),
    member: group(makerOf, (part) => makers.names.get(makerOf(part)) ?? makerOf(part)),
  };
}
