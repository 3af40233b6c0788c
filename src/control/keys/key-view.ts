/** A key as the dashboard and as OpenRouter's clients want to see it. */
import {
  type AdministeredKey,
  type CapFields,
  DEFAULT_WORKSPACE_ID,
  type SpendFields,
} from "../../contract/schemas/key-api.ts";
import type { ApiKeyRow } from "../../contract/schemas/keys.ts";
import { type NanoUsd, usdNumber, usdString } from "../../kernel/money.ts";
import { limitResetOf, windowOf } from "../../kernel/windows.ts";
import { listOf } from "../../storage/list-column.ts";
import type { KeyWithUsage } from "../../storage/stores/key-usage.ts";

export function dashboardKey(key: KeyWithUsage, nowMs: number): ApiKeyRow {
  const expired = key.expires_at !== null && key.expires_at <= nowMs;
  const remaining = remainingNano(key);
  return {
    id: key.id,
    hash: key.hash,
    kind: key.kind === "management" ? "management" : "inference",
    name: key.name,
    label: key.label,
    state: key.disabled_at !== null ? "disabled" : expired ? "expired" : "active",
    createdAt: key.created_at,
    createdBy: key.created_by,
    expiresAt: key.expires_at,
    lastUsedAt: key.last_used_at,
    requests: key.requests,
    spentUsd: usdString(key.spent_nano),
    limitUsd: key.limit_nano === null ? null : usdString(key.limit_nano),
    limitReset: limitResetOf(key.limit_reset),
    windowSpentUsd: key.limit_nano === null ? null : usdString(spentInWindow(key)),
    heldUsd: key.limit_nano === null ? null : usdString(key.held_nano),
    remainingUsd: remaining === null ? null : usdString(remaining),
    resetsAt: windowOf(limitResetOf(key.limit_reset), nowMs).endsAtMs,
    rpm: key.rpm,
    tpm: key.tpm,
    parallel: key.parallel,
    appOrigin: key.app_origin,
    allowedAddresses: listOf(key.allowed_networks),
    allowedModels: listOf(key.allowed_models),
    rotatedAt: key.rotated_at,
    formerSecret: key.former,
  };
}

export function administeredKey(key: KeyWithUsage): AdministeredKey {
  return {
    hash: key.hash,
    name: key.name,
    label: key.label,
    disabled: key.disabled_at !== null,
    ...spendOf(key),
    ...capsOf(key),
    created_at: isoTime(key.created_at),
    updated_at: key.version === 1 ? null : isoTime(key.updated_at),
    expires_at: key.expires_at === null ? null : isoTime(key.expires_at),
    last_used_at: key.last_used_at === null ? null : isoTime(key.last_used_at),
    creator_user_id: key.created_by ?? key.user_id,
    external_user: key.external_user,
    workspace_id: DEFAULT_WORKSPACE_ID,
    allowed_addresses: listOf(key.allowed_networks),
    allowed_models: listOf(key.allowed_models),
    rotated_at: key.rotated_at === null ? null : isoTime(key.rotated_at),
    former_secret: key.former && { label: key.former.label, ends_at: isoTime(key.former.endsAt) },
  };
}

/** Limit and usage of a key. Nobody brings provider keys of their own, so nothing is spent on such. */
export function spendOf(key: KeyWithUsage): SpendFields {
  const remaining = remainingNano(key);
  return {
    limit: key.limit_nano === null ? null : usdNumber(key.limit_nano),
    limit_remaining: remaining === null ? null : usdNumber(remaining),
    limit_reset: limitResetOf(key.limit_reset),
    include_byok_in_limit: key.include_byok_in_limit === 1,
    usage: usdNumber(key.spent_nano),
    usage_daily: usdNumber(key.today_nano),
    usage_weekly: usdNumber(key.week_nano),
    usage_monthly: usdNumber(key.month_nano),
    byok_usage: 0,
    byok_usage_daily: 0,
    byok_usage_weekly: 0,
    byok_usage_monthly: 0,
  };
}

export function capsOf({ rpm, tpm, parallel }: Pick<KeyWithUsage, "rpm" | "tpm" | "parallel">): CapFields {
  return { rpm_limit: rpm, tpm_limit: tpm, max_parallel_requests: parallel };
}

export function isoTime(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

/** What is left in the running window for another call, never below zero; null without a limit. */
function remainingNano(key: KeyWithUsage): NanoUsd | null {
  if (key.limit_nano === null) return null;
  const left = key.limit_nano - spentInWindow(key) - key.held_nano;
  return left < 0n ? 0n : left;
}

function spentInWindow(key: KeyWithUsage): NanoUsd {
  switch (limitResetOf(key.limit_reset)) {
    case "daily":
      return key.today_nano;
    case "weekly":
      return key.week_nano;
    case "monthly":
      return key.month_nano;
    case null:
      return key.spent_nano;
  }
}
