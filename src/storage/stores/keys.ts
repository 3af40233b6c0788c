/**
 * API keys. Every change is one conditional update that also raises the row's version, so that two changes at once
 * cannot undo each other and a cache can tell old from new. Whoever asks names the owner; a key of somebody else is
 * simply not there.
 */
import { sql } from "kysely";
import type { NewApiKey } from "../../kernel/api-key.ts";
import type { NanoUsd } from "../../kernel/money.ts";
import type { SpendLimit } from "../../kernel/spend-limit.ts";
import type { LimitReset } from "../../kernel/windows.ts";
import { limitsOf } from "../ledger/load.ts";
import { listColumn, listOf } from "../list-column.ts";
import type { Db } from "../open.ts";
import type { ApiKeyRecord } from "../schema.ts";
import type { AccountCaps } from "./account-caps.ts";
import { keyList } from "./key-list.ts";
import { keyOfSecret, keySecrets } from "./key-secrets.ts";
import { type KeyWithUsage, withUsage } from "./key-usage.ts";

/** Whose a new key is, and what it may. What is left out is not bounded. */
export interface NewKeyOwner {
  userId: string;
  name: string;
  expiresAt: number | null;
  limitNano?: NanoUsd | null | undefined;
  limitReset?: LimitReset | null | undefined;
  rateCaps?: Partial<RateCaps> | undefined;
  includeByokInLimit?: boolean | undefined;
  externalUser?: string | null | undefined;
  appOrigin?: string | null | undefined;
  /** From where it may be called; null for anywhere, empty for nowhere. */
  allowedNetworks?: readonly string[] | null | undefined;
  /** Which models it may call; null for all, empty for none. */
  allowedModels?: readonly string[] | null | undefined;
  /** The person who makes it, where that is not the account's own. */
  createdBy?: string | null | undefined;
}

/** What of a key can be changed. What is left out stays. */
export interface KeyChanges {
  name?: string | undefined;
  disabled?: boolean | undefined;
  limitNano?: NanoUsd | null | undefined;
  limitReset?: LimitReset | null | undefined;
  rateCaps?: Partial<RateCaps> | undefined;
  includeByokInLimit?: boolean | undefined;
  expiresAt?: number | null | undefined;
  allowedNetworks?: readonly string[] | null | undefined;
  allowedModels?: readonly string[] | null | undefined;
}

/** The most requests, and tokens, in any minute, and calls at the same time; null for no cap. */
export interface RateCaps {
  rpm: number | null;
  tpm: number | null;
  parallel: number | null;
}

/** A key with the state of its owner: what the data plane needs to admit a caller. */
export interface KeyWithOwner extends ApiKeyRecord {
  ownerActive: boolean;
  /** Every limit that binds the key but the instance's, in the order of SPEND_SCOPES. */
  spendLimits: SpendLimit[];
  /** How fast all keys of the account together may call. */
  accountCaps: AccountCaps;
  /** From where all keys of the account may be called. */
  accountNetworks: string[] | null;
  /** SHA-256 of the secret that was asked for: one of the key's. */
  secretHash: string;
  /** When that secret ends, where it is a former one; null for the current. */
  secretEndsAt: number | null;
}

export interface ListAdministeredOptions {
  offset: number;
  limit: number;
  includeDisabled: boolean;
  includeExpired: boolean;
  nowMs: number;
}

/**
 * How far back `changedSince` looks behind the asked time: rows carry the writer's clock and become visible when their
 * transaction commits, so a change may appear a little later than its stamp.
 */
const CHANGE_OVERLAP_MS = 10_000;

export type KeyStore = ReturnType<typeof createKeyStore>;

export function createKeyStore(db: Db) {
  return { ...changes(db), ...keySecrets(db), ...keyList(db), ...administered(db), ...lookups(db) };
}

/** Whose key, which one, the new values, and when. */
type Change<Values> = [userId: string, id: string, values: Values, nowMs: number];

function ownedBy(userId: string, db: Db) {
  return db.selectFrom("api_key").where("user_id", "=", userId).where("deleted_at", "is", null);
}

function changes(db: Db) {
  async function change(...[userId, id, values, nowMs]: Change<Partial<ApiKeyRecord>>): Promise<ApiKeyRecord | null> {
    const row = await db
      .updateTable("api_key")
      .set((eb) => ({ ...values, updated_at: nowMs, version: eb("version", "+", 1) }))
      .where("id", "=", id)
      .where("user_id", "=", userId)
      .where("deleted_at", "is", null)
      .returningAll()
      .executeTakeFirst();
    return row ?? null;
  }

  return {
    /** Keeps a new key: its hash, never the key. */
    async create(key: NewApiKey, owner: NewKeyOwner, nowMs: number): Promise<ApiKeyRecord> {
      const row = newRow(key, owner, nowMs);
      await db.insertInto("api_key").values(row).execute();
      return row;
    },

    /** The row as it is, which nobody else changes until the transaction ends. */
    async lock(userId: string, id: string): Promise<ApiKeyRecord | null> {
      const row = await db
        .updateTable("api_key")
        .set((eb) => ({ version: eb.ref("version") }))
        .where("id", "=", id)
        .where("user_id", "=", userId)
        .where("deleted_at", "is", null)
        .returningAll()
        .executeTakeFirst();
      return row ?? null;
    },

    /** The changed row, or null when there is no such key of this person. */
    update: (...[userId, id, changes, nowMs]: Change<KeyChanges>) =>
      change(userId, id, changedColumns(changes, nowMs), nowMs),
    /** Disables a key for a reason; null when it was disabled or deleted already. */
    async freeze(
      userId: string,
      id: string,
      { reason, nowMs }: { reason: string; nowMs: number },
    ): Promise<ApiKeyRecord | null> {
      const row = await db
        .updateTable("api_key")
        .set((eb) => ({
          disabled_at: nowMs,
          disabled_reason: reason,
          updated_at: nowMs,
          version: eb("version", "+", 1),
        }))
        .where("id", "=", id)
        .where("user_id", "=", userId)
        .where("deleted_at", "is", null)
        .where("disabled_at", "is", null)
        .returningAll()
        .executeTakeFirst();
      return row ?? null;
    },
    /** Leaves a tombstone: the id and hash can never be used again. */
    delete: (userId: string, id: string, nowMs: number) => change(userId, id, { deleted_at: nowMs }, nowMs),
  };
}

export function newRow(key: NewApiKey, owner: NewKeyOwner, nowMs: number): ApiKeyRecord {
  return {
    id: key.publicId,
    hash: key.hash,
    kind: key.kind,
    user_id: owner.userId,
    name: owner.name,
    label: key.label,
    created_at: nowMs,
    updated_at: nowMs,
    expires_at: owner.expiresAt,
    disabled_at: null,
    deleted_at: null,
    version: 1,
    limit_nano: owner.limitNano ?? null,
    limit_reset: owner.limitReset ?? null,
    include_byok_in_limit: owner.includeByokInLimit === true ? 1 : 0,
    external_user: owner.externalUser ?? null,
    app_origin: owner.appOrigin ?? null,
    rpm: owner.rateCaps?.rpm ?? null,
    tpm: owner.rateCaps?.tpm ?? null,
    parallel: owner.rateCaps?.parallel ?? null,
    allowed_networks: listColumn(owner.allowedNetworks ?? null),
    allowed_models: listColumn(owner.allowedModels ?? null),
    disabled_reason: null,
    rotated_at: null,
    created_by: owner.createdBy ?? owner.userId,
  };
}

function changedColumns(changes: KeyChanges, nowMs: number): Partial<ApiKeyRecord> {
  const { name, disabled, limitNano, limitReset, rateCaps, includeByokInLimit, expiresAt } = changes;
  const { allowedNetworks, allowedModels } = changes;
  return {
    ...(name === undefined ? {} : { name }),
    ...(disabled === undefined ? {} : { disabled_at: disabled ? nowMs : null, disabled_reason: null }),
    ...(limitNano === undefined ? {} : { limit_nano: limitNano }),
    ...(limitReset === undefined ? {} : { limit_reset: limitReset }),
    ...(expiresAt === undefined ? {} : { expires_at: expiresAt }),
    ...(includeByokInLimit === undefined ? {} : { include_byok_in_limit: includeByokInLimit ? 1 : 0 }),
    ...rateCaps,
    ...(allowedNetworks === undefined ? {} : { allowed_networks: listColumn(allowedNetworks) }),
    ...(allowedModels === undefined ? {} : { allowed_models: listColumn(allowedModels) }),
  };
}

/** What a management key sees: the inference keys of its own account, never another management key. */
function administered(db: Db) {
  const inferenceKeys = (userId: string) => ownedBy(userId, db).where("kind", "=", "inference");
  return {
    /** Newest first, without the keys that apps got through the OAuth flow. */
    async listAdministered(userId: string, options: ListAdministeredOptions): Promise<KeyWithUsage[]> {
      const { offset, limit, nowMs } = options;
      let keys = inferenceKeys(userId).where("app_origin", "is", null);
      if (!options.includeDisabled) keys = keys.where("disabled_at", "is", null);
      if (!options.includeExpired) {
        keys = keys.where((eb) => eb.or([eb("expires_at", "is", null), eb("expires_at", ">", nowMs)]));
      }
      const rows = await keys
        .selectAll()
        .orderBy("created_at", "desc")
        .orderBy("id", "desc")
        .limit(limit)
        .offset(offset)
        .execute();
      return withUsage(db, rows, nowMs);
    },

    /** By the hash of any of its secrets, former ones included: whoever noted the address of a key finds it. */
    async getAdministered(userId: string, hash: string, nowMs: number): Promise<KeyWithUsage | null> {
      const row = await inferenceKeys(userId)
        .where("api_key.id", "=", keyOfSecret(hash))
        .selectAll()
        .executeTakeFirst();
      return row ? ((await withUsage(db, [row], nowMs))[0] ?? null) : null;
    },
  };
}

function lookups(db: Db) {
  return {
    /** For admitting a caller: the row of the hash of any of its secrets, deleted ones included. */
    async findByHash(hash: string): Promise<KeyWithOwner | null> {
      const row = await db
        .selectFrom("api_key")
        .innerJoin("user", "user.id", "api_key.user_id")
        .leftJoin("billing", "billing.user_id", "api_key.user_id")
        .leftJoin("spend_limit as credit", (join) =>
          join.on("credit.id", "=", sql<string>`'credit/' || api_key.user_id || '/total/-1'`),
        )
        .leftJoin("account_caps", "account_caps.user_id", "api_key.user_id")
        .selectAll("api_key")
        .select(["user.suspended_at", "user.email_verified", "user.allowed_networks as account_networks"])
        .select(["account_caps.rpm as account_rpm", "account_caps.tpm as account_tpm"])
        .select("account_caps.parallel as account_parallel")
        .select(["billing.mode", "credit.lim_nano as credit_nano"])
        .select((eb) =>
          eb.selectFrom("key_secret").select("key_secret.ends_at").where("key_secret.hash", "=", hash).as("ends_at"),
        )
        .where("api_key.id", "=", keyOfSecret(hash))
        .executeTakeFirst();
      if (!row) return null;
      const { suspended_at, email_verified, account_networks, mode, credit_nano, ...rest } = row;
      const { account_rpm: rpm, account_tpm: tpm, account_parallel: parallel, ends_at, ...key } = rest;
      const budgets = await db
        .selectFrom("budget")
        .select((eb) => ["scope", "owner_id", "reset", eb.fn.min<NanoUsd>("limit_nano").as("limit_nano")])
        .where("scope", "=", "account")
        .where("owner_id", "=", key.user_id)
        .groupBy(["scope", "owner_id", "reset"])
        .orderBy("reset")
        .execute();
      const spendLimits = limitsOf({ ...key, mode, credit_nano }, budgets);
      const ownerActive = suspended_at === null && Boolean(email_verified);
      const accountCaps = { rpm, tpm, parallel };
      const secret = { secretHash: hash, secretEndsAt: ends_at };
      return {
        ...key,
        ...secret,
        ownerActive,
        accountNetworks: listOf(account_networks),
        accountCaps,
        spendLimits,
      };
    },

    /** Keys that changed since then, for caches of other processes. May name a change twice, never leaves one out. */
    changedSince(sinceMs: number): Promise<Pick<ApiKeyRecord, "id" | "hash" | "version" | "updated_at">[]> {
      return db
        .selectFrom("api_key")
        .select(["id", "hash", "version", "updated_at"])
        .where("updated_at", ">=", sinceMs - CHANGE_OVERLAP_MS)
        .execute();
    },
  };
}
