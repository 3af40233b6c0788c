/**
 * OpenRouter's API for keys and credits.
 *
 * Invariants: a management key acts for its own account alone, and neither sees nor changes management keys, itself
 * included; the whole key stands in the answer that made it and nowhere else; every change reaches the data plane
 * before it is answered.
 */
import { DEFAULT_WORKSPACE_ID } from "../../contract/schemas/key-api.ts";
import { createApiKey } from "../../kernel/api-key.ts";
import type { Clock } from "../../kernel/clock.ts";
import { NANO_PER_USD, type NanoUsd, usdNumber } from "../../kernel/money.ts";
import type { CreditState } from "../../storage/ledger/credits.ts";
import { type KeyWithUsage, UNUSED } from "../../storage/stores/key-usage.ts";
import type { KeyStore } from "../../storage/stores/keys.ts";
import type { UsageStore } from "../../storage/stores/usage.ts";
import { keyActor } from "../audit/actor.ts";
import type { AdmittedKey, AuthenticatedKey, HandlerInput, Handlers } from "../http/handler.ts";
import { type Models, meantModels, unmatchedModels } from "./allowed-models.ts";
import type { KeyAdministration } from "./key-administration.ts";
import { fieldProblem, keyNotFound, namedCaps, requireFuture } from "./key-changes.ts";
import { administeredKey, capsOf, isoTime, spendOf } from "./key-view.ts";

/** What a prepaid account has; null for one that is not metered in advance. */
export interface AccountCredits {
  of(userId: string): Promise<Pick<CreditState, "boughtNano" | "spentNano"> | null>;
}

export interface KeyApiDeps {
  /** Whether somebody belongs to an account. */
  isMember(accountId: string, userId: string): Promise<boolean>;
  keys: KeyStore;
  usage: Pick<UsageStore, "spentByPerson">;
  administration: KeyAdministration;
  credits: AccountCredits;
  models: Models;
  clock: Clock;
}

type KeyApiOperations =
  | "getCurrentKey"
  | "getAuthKey"
  | "listApiKeys"
  | "createApiKey"
  | "getApiKey"
  | "updateApiKey"
  | "deleteApiKey"
  | "getCredits";

const PAGE_SIZE = 100;

/**
 * Who is not metered in advance buys no credits, and clients stop calling when usage has reached them: so they always stay
 * this far above (docs/decisions/0006-credits-without-prepayment.md).
 */
const CREDITS_AHEAD_NANO: NanoUsd = 1_000_000n * NANO_PER_USD;

export function keyApiHandlers(deps: KeyApiDeps): Handlers<KeyApiOperations> {
  const { keys, administration, clock } = deps;
  const find = async (userId: string, hash: string): Promise<KeyWithUsage> => {
    const key = await keys.getAdministered(userId, hash, clock.nowMs());
    if (key === null) throw keyNotFound();
    return key;
  };
  const one = (key: KeyWithUsage) => {
    const data = administeredKey(key);
    return { data, unmatched_models: unmatchedModels(deps.models, data.allowed_models) };
  };
  const current = async ({ key }: { key: AuthenticatedKey }) => ({ body: { data: await currentKey(deps, key) } });
  return {
    getCurrentKey: current,
    getAuthKey: current,
    listApiKeys: async ({ key, query }) => {
      const found = await keys.listAdministered(key.userId, {
        offset: Number(query.offset ?? 0),
        limit: PAGE_SIZE,
        includeDisabled: query.include_disabled === "true",
        includeExpired: query.include_expired === "true",
        nowMs: clock.nowMs(),
      });
      return { body: { data: found.map(administeredKey) } };
    },
    createApiKey: async ({ key, body, visitor }) => {
      const { userId } = key;
      const nowMs = clock.nowMs();
      const createdBy = await creatorOf(deps, key, body.creator_user_id ?? null);
      const owner = {
        userId,
        createdBy,
        name: body.name,
        expiresAt: requireFuture("expires_at", body.expires_at ?? null, nowMs),
        externalUser: body.external?.user,
        ...boundsIn(deps, body),
      };
      const made = createApiKey("inference");
      const row = await administration.create(keyActor(key.id, visitor), made, owner);
      return { body: { ...one({ ...row, ...UNUSED }), key: made.key } };
    },
    getApiKey: async ({ key, params }) => ({ body: one(await find(key.userId, params.hash)) }),
    updateApiKey: async ({ key, params, body, visitor }) => {
      const { userId } = key;
      const { id } = await find(userId, params.hash);
      const { name, disabled } = body;
      const changes = { name, disabled, ...boundsIn(deps, body) };
      await administration.change(keyActor(key.id, visitor), { userId, id }, changes);
      return { body: one(await find(userId, params.hash)) };
    },
    deleteApiKey: async ({ key, params, visitor }) => {
      const { userId } = key;
      const { id } = await find(userId, params.hash);
      await administration.delete(keyActor(key.id, visitor), { userId, id });
      return { body: { deleted: true } };
    },
    getCredits: async ({ key }) => ({ body: { data: await creditsOf(deps, key.userId) } }),
  };
}

async function creditsOf({ credits, usage }: KeyApiDeps, accountId: string) {
  const credit = await credits.of(accountId);
  const spentNano = credit === null ? await usage.spentByPerson(accountId) : credit.spentNano;
  const boughtNano = credit === null ? spentNano + CREDITS_AHEAD_NANO : credit.boughtNano;
  return { total_credits: usdNumber(boughtNano), total_usage: usdNumber(spentNano) };
}

/** What bounds a key, as it was named; what was not named stays undefined. */
function boundsIn({ models }: KeyApiDeps, body: HandlerInput<"updateApiKey">["body"]) {
  return {
    limitNano: body.limit,
    limitReset: body.limit_reset,
    includeByokInLimit: body.include_byok_in_limit,
    rateCaps: namedCaps({ rpm: body.rpm_limit, tpm: body.tpm_limit, parallel: body.max_parallel_requests }),
    allowedNetworks: body.allowed_addresses,
    allowedModels: meantModels(models, "allowed_models", body.allowed_models),
  };
}

/** For whom a key is made: who belongs to the account, else whoever made the key that calls. */
async function creatorOf({ isMember }: KeyApiDeps, key: AdmittedKey, wished: string | null): Promise<string | null> {
  if (wished === null || wished === key.createdBy) return key.createdBy;
  if (await isMember(key.userId, wished)) return wished;
  throw fieldProblem("creator_user_id", "must be somebody who belongs to this account; leave it out for yourself");
}

async function currentKey({ keys, clock }: KeyApiDeps, { id, userId, kind }: AuthenticatedKey) {
  const key = await keys.get(userId, id, clock.nowMs());
  if (key === null) throw keyNotFound();
  const isManagement = kind === "management";
  return {
    ...NOBODYS_PLAN,
    ...spendOf(key),
    ...capsOf(key),
    label: key.label,
    name: key.name,
    is_management_key: isManagement,
    is_provisioning_key: isManagement,
    creator_user_id: key.created_by ?? userId,
    expires_at: key.expires_at === null ? null : isoTime(key.expires_at),
  };
}

/** Fields that clients insist on and that say nothing here. */
const NOBODYS_PLAN = {
  is_free_tier: false,
  organization_id: null,
  workspace_id: DEFAULT_WORKSPACE_ID,
  allowed_data_regions: ["global"],
  free_model_daily_requests: { limit: 0, used: 0, remaining: 0 },
  rate_limit: { requests: -1, interval: "10s", note: "This field is kept for old clients and limits nothing." },
};
