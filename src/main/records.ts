/** Translations between what the data plane speaks and what the database keeps. */
import type { AllowedFrom, AttemptRecord, KeyRecord, UsageRecord } from "../gateway/ports.ts";
import { AllowedModels } from "../kernel/allowed-models.ts";
import { type Network, parseNetwork } from "../kernel/networks.ts";
import { listOf } from "../storage/list-column.ts";
import type { UsageRow } from "../storage/schema.ts";
import type { KeyWithOwner } from "../storage/stores/keys.ts";

export function keyRecordOf(row: KeyWithOwner): KeyRecord {
  return {
    id: row.id,
    hash: row.secretHash,
    userId: row.user_id,
    kind: row.kind === "management" ? "management" : "inference",
    name: row.name,
    label: row.label,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    secretEndsAt: row.secretEndsAt,
    disabledAt: row.disabled_at,
    deletedAt: row.deleted_at,
    version: row.version,
    ownerActive: row.ownerActive,
    spendLimits: row.spendLimits,
    rateCaps: { rpm: row.rpm, tpm: row.tpm, parallel: row.parallel },
    accountCaps: row.accountCaps,
    allowedFrom: allowedFrom(row),
    allowedModels: allowedModels(listOf(row.allowed_models)),
  };
}

function allowedFrom(row: KeyWithOwner): AllowedFrom | null {
  const lists = { key: listOf(row.allowed_networks), account: row.accountNetworks };
  if (lists.key === null && lists.account === null) return null;
  return { key: readNetworks(lists.key), account: readNetworks(lists.account) };
}

function allowedModels(list: readonly string[] | null): AllowedModels | null {
  return list === null ? null : new AllowedModels(list);
}

/** What cannot be read holds nobody, so it is left out of a list that stays a list. */
function readNetworks(list: readonly string[] | null): Network[] | null {
  return list === null ? null : list.map(parseNetwork).filter((network): network is Network => network !== undefined);
}

export function usageRowOf(usage: UsageRecord): UsageRow {
  return {
    id: usage.id,
    request_id: usage.requestId,
    created_at: usage.createdAt,
    user_id: usage.userId,
    key_id: usage.keyId,
    api_type: usage.apiType,
    model_requested: usage.modelRequested,
    model: usage.model,
    provider: usage.provider,
    upstream_id: usage.upstreamId,
    streamed: usage.streamed ? 1 : 0,
    cancelled: usage.cancelled ? 1 : 0,
    status: usage.status,
    error_code: usage.errorCode,
    finish_reason: usage.finishReason,
    native_finish_reason: usage.nativeFinishReason,
    prompt_tokens: usage.promptTokens,
    completion_tokens: usage.completionTokens,
    reasoning_tokens: usage.reasoningTokens,
    cached_tokens: usage.cachedTokens,
    tokens_estimated: usage.tokensEstimated ? 1 : 0,
    cost_nano: usage.costNano,
    price_version: usage.priceVersion,
    latency_ms: usage.latencyMs,
    first_token_ms: usage.firstTokenMs,
    app_referer: usage.appReferer,
    app_title: usage.appTitle,
    user_agent: usage.userAgent,
    attempts: JSON.stringify(usage.attempts.map(attemptOf)),
    provider_slug: usage.providerSlug,
    session_id: usage.sessionId,
    external_user: usage.externalUser,
    service_tier: usage.serviceTier,
    origin: usage.origin,
    app_categories: usage.appCategories.length === 0 ? null : usage.appCategories.join(","),
    generation_time_ms: usage.generationTimeMs,
    cache_write_tokens: usage.cacheWriteTokens,
    image_completion_tokens: usage.imageCompletionTokens,
    media_prompt: usage.mediaPrompt,
    audio_prompt: usage.audioPrompt,
    media_completion: usage.mediaCompletion,
    upstream_cost_nano: usage.upstreamCostNano,
    cache_discount_nano: usage.cacheDiscountNano,
    settled_as: usage.settledAs,
    billed_parts: usage.billedParts === null ? null : JSON.stringify(usage.billedParts),
    response_cache_source_id: usage.cacheSourceId,
    preset_id: usage.presetId,
    router: usage.router,
    loss_nano: 0n,
  };
}

/** JSON has no integers of 64 bits. */
function attemptOf({ costNano, ...attempt }: AttemptRecord) {
  return { ...attempt, costNano: costNano === null ? null : String(costNano) };
}
