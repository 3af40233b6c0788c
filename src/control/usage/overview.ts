/** The start page: thirty days, what they were like beside the thirty before, and who used most. */
import type { Overview } from "../../contract/schemas/activity.ts";
import type { Clock } from "../../kernel/clock.ts";
import { type NanoUsd, usdString } from "../../kernel/money.ts";
import { DAY_MS } from "../../kernel/windows.ts";
import type { KeyStore } from "../../storage/stores/keys.ts";
import type { UsageQuestion } from "../../storage/stores/usage-series.ts";
import type { Handlers } from "../http/handler.ts";
import { figuresOf, rangeBefore, timesOf } from "./series-view.ts";
import type { UsageHandlerDeps } from "./usage-handlers.ts";

const OVERVIEW_DAYS = 30;
const TOP = 5;

export function overviewHandlers(deps: UsageHandlerDeps & { keys: KeyStore; clock: Clock }): Handlers<"getOverview"> {
  const { series, clock } = deps;
  return {
    getOverview: async ({ account: { accountId: userId, onlyBy } }) => {
      const nowMs = clock.nowMs();
      const toMs = (Math.floor(nowMs / DAY_MS) + 1) * DAY_MS;
      const filter = { member: onlyBy ?? undefined };
      const asked: UsageQuestion = { userId, step: "day", fromMs: toMs - OVERVIEW_DAYS * DAY_MS, toMs, filter };
      const [total, before] = [await series.total(asked), await series.total({ ...asked, ...rangeBefore(asked) })];
      const names = await deps.keyNames(userId);
      const body: Overview = {
        days: await daysOf(deps, asked),
        keys: await deps.keys.count(userId, nowMs, onlyBy),
        total: figuresOf(total),
        before: figuresOf(before),
        topKeys: await topOf(deps, asked, { by: "key", nameOf: (id) => names.get(id) ?? id }),
        topModels: await topOf(deps, asked, { by: "model", nameOf: (id) => id }),
      };
      return { body };
    },
  };
}

async function daysOf({ series }: UsageHandlerDeps, asked: UsageQuestion): Promise<Overview["days"]> {
  const points = new Map((await series.points(asked, null)).map((point) => [point.at, point]));
  return timesOf(asked).map((at) => {
    const point = points.get(at);
    return {
      day: new Date(at).toISOString().slice(0, 10),
      requests: point?.requests ?? 0,
      errors: point?.errors ?? 0,
      promptTokens: point?.prompt_tokens ?? 0,
      completionTokens: point?.completion_tokens ?? 0,
      spentUsd: usdString(point?.cost_nano ?? 0n),
    };
  });
}

/** Who spent most, and of those that spent the same who asked most. Requests that reached no model have none. */
async function topOf(
  { series }: UsageHandlerDeps,
  asked: UsageQuestion,
  { by, nameOf }: { by: "key" | "model"; nameOf(id: string): string },
): Promise<Overview["topKeys"]> {
  const times = timesOf(asked);
  const parts = new Map<string, { requests: number; nano: NanoUsd; daily: number[] }>();
  for (const { at, part, requests, cost_nano } of await series.points(asked, by)) {
    if (part === "" || part === null) continue;
    const found = parts.get(part) ?? { requests: 0, nano: 0n, daily: times.map(() => 0) };
    found.requests += requests;
    found.nano += cost_nano;
    found.daily[Math.round((at - asked.fromMs) / DAY_MS)] = requests;
    parts.set(part, found);
  }
  return [...parts]
    .sort(([, a], [, b]) => (a.nano === b.nano ? b.requests - a.requests : a.nano < b.nano ? 1 : -1))
    .slice(0, TOP)
    .map(([id, { requests, nano, daily }]) => ({
      id,
      name: nameOf(id),
      requests,
      spentUsd: usdString(nano),
      dailyRequests: daily,
    }));
}
