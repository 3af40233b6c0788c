/** `GET /activity`: what an account used on each of the last 30 completed UTC days, per model and provider. */
import { DEFAULT_WORKSPACE_ID } from "../../contract/schemas/common.ts";
import type { UserActivityRow } from "../../contract/schemas/records.ts";
import type { Clock } from "../../kernel/clock.ts";
import { GapuraError } from "../../kernel/errors.ts";
import { usdNumber } from "../../kernel/money.ts";
import { DAY_MS } from "../../kernel/windows.ts";
import type { ActivityStore, ActivitySumRow } from "../../storage/stores/activity.ts";
import type { KeyStore } from "../../storage/stores/keys.ts";
import { endpointId } from "../generations/attempts.ts";
import type { Handlers } from "../http/handler.ts";

const ACTIVITY_DAYS = 30;

export function userActivityHandlers(deps: {
  activity: ActivityStore;
  keys: KeyStore;
  /** Whether somebody belongs to an account, or did. */
  isMember(accountId: string, userId: string): Promise<boolean>;
  clock: Clock;
}): Handlers<"getUserActivity"> {
  /** Deleted keys are found too: what they used stays in the sums. */
  const keyIdOf = async (userId: string, hash: string): Promise<string> => {
    const key = await deps.keys.findByHash(hash.toLowerCase());
    if (key?.user_id !== userId) throw notThere("A key with this hash");
    return key.id;
  };
  return {
    getUserActivity: async ({ key, query }) => {
      const { userId } = key;
      const member = query.user_id === undefined || query.user_id === userId ? undefined : query.user_id;
      if (member !== undefined && !(await deps.isMember(userId, member))) throw notThere(`The member ${member}`);
      if (![undefined, "default", DEFAULT_WORKSPACE_ID].includes(query.workspace_id)) {
        throw notThere(`The workspace ${query.workspace_id}`);
      }
      const days = daysAsked(query.date, deps.clock.nowMs());
      const keyId = query.api_key_hash === undefined ? undefined : await keyIdOf(userId, query.api_key_hash);
      const sums = await deps.activity.sums({ userId, ...days, keyId, member });
      const split = query.group_by === "workspace" ? { workspace_id: DEFAULT_WORKSPACE_ID } : {};
      return { body: { data: sums.map((sum) => ({ ...activityRow(sum), ...split })) } };
    },
  };
}

/** Days since 1970-01-01 UTC, both included. Throws invalid_field for a day out of reach. */
function daysAsked(date: string | undefined, nowMs: number): { firstDay: number; lastDay: number } {
  const today = Math.floor(nowMs / DAY_MS);
  const firstDay = today - ACTIVITY_DAYS;
  const lastDay = today - 1;
  if (date === undefined) return { firstDay, lastDay };
  const day = Date.parse(`${date}T00:00:00Z`) / DAY_MS;
  if (day >= firstDay && day <= lastDay) return { firstDay: day, lastDay: day };
  const reason = `must be one of the last ${ACTIVITY_DAYS} completed UTC days, ${dayName(firstDay)} to ${dayName(lastDay)}`;
  throw new GapuraError("invalid_field", { values: { field: "date", reason }, metadata: { field: "date" } });
}

function activityRow(sum: ActivitySumRow): UserActivityRow {
  return {
    date: dayName(sum.day),
    model: sum.model,
    model_permaslug: sum.model,
    endpoint_id: endpointId(sum.provider_slug, sum.model),
    provider_name: sum.provider,
    usage: usdNumber(sum.cost_nano),
    byok_usage_inference: 0,
    requests: sum.requests,
    prompt_tokens: sum.prompt_tokens,
    completion_tokens: sum.completion_tokens,
    reasoning_tokens: sum.reasoning_tokens,
    unpriced_requests: sum.unpriced,
  };
}

function dayName(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

function notThere(what: string): GapuraError {
  return new GapuraError("resource_not_found", { values: { what } });
}
