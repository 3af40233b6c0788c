/** API keys of the signed-in person, and the view that a key has of itself. */

import type { ApiKeyRow } from "../../contract/schemas/keys.ts";
import { createApiKey } from "../../kernel/api-key.ts";
import type { Clock } from "../../kernel/clock.ts";
import { GapuraError } from "../../kernel/errors.ts";
import { usdNumber, usdString } from "../../kernel/money.ts";
import type { ApiKeyRecord } from "../../storage/schema.ts";
import type { KeyStore, KeyWithUsage } from "../../storage/stores/keys.ts";
import type { UsageStore } from "../../storage/stores/usage.ts";
import type { Handlers } from "../http/handler.ts";

export interface KeyHandlerDeps {
  keys: KeyStore;
  usage: UsageStore;
  clock: Clock;
  /** Tells the data plane at once; the change is durable already. */
  onKeyChanged(change: Pick<ApiKeyRecord, "id" | "hash" | "version">): void;
}

type KeyOperations = "listKeys" | "createKey" | "getKey" | "updateKey" | "deleteKey" | "getCurrentKey";

export function keyHandlers(deps: KeyHandlerDeps): Handlers<KeyOperations> {
  const { keys, clock } = deps;
  const changed = <Row extends ApiKeyRecord>(row: Row | null): Row => {
    if (row === null) throw notThere();
    deps.onKeyChanged(row);
    return row;
  };
  const shown = async (userId: string, id: string): Promise<ApiKeyRow> => {
    const key = await keys.get(userId, id);
    if (key === null) throw notThere();
    return keyRow(key, clock.nowMs());
  };
  return {
    listKeys: async ({ account, query }) => {
      const page = await keys.list(account.userId, { search: query.q, cursor: query.cursor, limit: query.limit });
      const nowMs = clock.nowMs();
      return {
        body: { keys: page.keys.map((key) => keyRow(key, nowMs)), nextCursor: page.nextCursor, total: page.total },
      };
    },
    createKey: async ({ account, body }) => {
      const made = createApiKey("inference");
      const owner = { userId: account.userId, name: body.name, expiresAt: null };
      const row = await keys.create(made, owner, clock.nowMs());
      deps.onKeyChanged(row);
      return { body: { key: keyRow({ ...row, ...UNUSED }, clock.nowMs()), secret: made.key } };
    },
    getKey: async ({ account, params }) => ({ body: await shown(account.userId, params.id) }),
    updateKey: async ({ account, params, body }) => {
      const nowMs = clock.nowMs();
      if (body.name !== undefined) changed(await keys.rename(account.userId, params.id, body.name, nowMs));
      if (body.disabled !== undefined) changed(await keys.setDisabled(account.userId, params.id, body.disabled, nowMs));
      return { body: await shown(account.userId, params.id) };
    },
    deleteKey: async ({ account, params }) => {
      changed(await keys.delete(account.userId, params.id, clock.nowMs()));
      return { body: { deleted: true } };
    },
    getCurrentKey: async ({ key }) => {
      const spend = await deps.usage.spendOfKey(key.id, clock.nowMs());
      const isManagement = key.kind === "management";
      return {
        body: {
          data: {
            ...NO_LIMITS,
            label: key.label,
            name: key.name,
            usage: usdNumber(spend.total_nano),
            usage_daily: usdNumber(spend.today_nano),
            usage_weekly: usdNumber(spend.week_nano),
            usage_monthly: usdNumber(spend.month_nano),
            is_management_key: isManagement,
            is_provisioning_key: isManagement,
            creator_user_id: key.userId,
            expires_at: key.expiresAt === null ? null : new Date(key.expiresAt).toISOString(),
          },
        },
      };
    },
  };
}

const UNUSED = { last_used_at: null, requests: 0, spent_nano: 0n };

/** A key has no limit of its own yet, and nobody's plan: the fields that clients insist on say so. */
const NO_LIMITS = {
  limit: null,
  limit_remaining: null,
  limit_reset: null,
  include_byok_in_limit: false,
  byok_usage: 0,
  byok_usage_daily: 0,
  byok_usage_weekly: 0,
  byok_usage_monthly: 0,
  is_free_tier: false,
  organization_id: null,
  workspace_id: null,
  allowed_data_regions: ["global"],
  free_model_daily_requests: { limit: 0, used: 0, remaining: 0 },
  rate_limit: { requests: -1, interval: "10s", note: "This field is kept for old clients and limits nothing." },
};

function notThere(): GapuraError {
  return new GapuraError("resource_not_found", { values: { what: "This API key" } });
}

function keyRow(key: KeyWithUsage, nowMs: number): ApiKeyRow {
  const expired = key.expires_at !== null && key.expires_at <= nowMs;
  return {
    id: key.id,
    hash: key.hash,
    name: key.name,
    label: key.label,
    state: key.disabled_at !== null ? "disabled" : expired ? "expired" : "active",
    createdAt: key.created_at,
    expiresAt: key.expires_at,
    lastUsedAt: key.last_used_at,
    requests: key.requests,
    spentUsd: usdString(key.spent_nano),
  };
}
