/**
 * The one way in which keys are made, changed and deleted, whoever asks for it: the dashboard, the key API, an app, the
 * command line.
 *
 * Invariants: a change and its entry in the audit log are durable together or not at all; the data plane is told after
 * that and before the caller; the entry holds what changed and never the key or its hash.
 */

import type { NewApiKey } from "../../kernel/api-key.ts";
import { type AuditActor, changedFacts } from "../../kernel/audit.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { JsonObject } from "../../kernel/json.ts";
import { usdString } from "../../kernel/money.ts";
import { listOf } from "../../storage/list-column.ts";
import type { ApiKeyRecord } from "../../storage/schema.ts";
import type { AuditStore } from "../../storage/stores/audit.ts";
import type { Rotation } from "../../storage/stores/key-secrets.ts";
import { createKeyStore, type KeyChanges, type NewKeyOwner } from "../../storage/stores/keys.ts";
import { keyNotFound, type OnKeyChanged, refuseBounds } from "./key-changes.ts";
import { requirePolicy } from "./key-policy.ts";
import { isoTime } from "./key-view.ts";
import { noFormerSecret, refuseSecondOverlap } from "./rotation.ts";

export interface KeyAdministrationDeps {
  audit: AuditStore;
  clock: Clock;
  onKeyChanged: OnKeyChanged;
}

/** Whose key, and which one. */
export interface KeyPlace {
  userId: string;
  id: string;
}

/** Why a key is frozen. */
export type FreezeReason =
  /** With the web address at which it was found. */
  | { reason: "leak_report"; foundAt: string | null }
  /** Its owner's answer to an alert. */
  | { reason: "alert" }
  /** By itself, because its owner has chosen that. */
  | { reason: "unusual_use" };

export type KeyAdministration = ReturnType<typeof createKeyAdministration>;

export function createKeyAdministration({ audit, clock, onKeyChanged }: KeyAdministrationDeps) {
  const announced = (row: ApiKeyRecord): ApiKeyRecord => {
    onKeyChanged(row);
    return row;
  };
  return {
    ...rotations({ audit, clock }, announced),

    async create(actor: AuditActor, key: NewApiKey, owner: NewKeyOwner): Promise<ApiKeyRecord> {
      const made = await audit.together(async (db, record) => {
        await requirePolicy(db, { secretMadeAt: clock.nowMs(), expiresAt: owner.expiresAt });
        const row = await createKeyStore(db).create(key, owner, clock.nowMs());
        await record({ actor, action: "key.create", target: keyTarget(row), after: keyFacts(row) });
        return row;
      });
      return announced(made);
    },

    /**
     * Throws resource_not_found when this person has no such key, invalid_field for a limit of a management key, and
     * key_lifetime_too_long as `create` does.
     */
    async change(actor: AuditActor, { userId, id }: KeyPlace, changes: KeyChanges): Promise<ApiKeyRecord> {
      const changed = await audit.together(async (db, record) => {
        const keys = createKeyStore(db);
        const before = await keys.lock(userId, id);
        if (before?.kind === "management") refuseBounds(changes);
        if (before && changes.expiresAt !== undefined) {
          const secretMadeAt = before.rotated_at ?? before.created_at;
          await requirePolicy(db, { secretMadeAt, expiresAt: changes.expiresAt });
        }
        const after = before && (await keys.update(userId, id, changes, clock.nowMs()));
        if (!before || !after) throw keyNotFound();
        const facts = changedFacts(keyFacts(before), keyFacts(after));
        const isSame = Object.keys(facts.after).length === 0;
        if (!isSame) await record({ actor, action: "key.change", target: keyTarget(after), ...facts });
        return after;
      });
      return announced(changed);
    },

    /**
     * Disables a key in its owner's stead; the owner can enable it again. Null when it is disabled or deleted already, so
     * that of many reports at once only one does anything.
     */
    async freeze(actor: AuditActor, { userId, id }: KeyPlace, why: FreezeReason): Promise<ApiKeyRecord | null> {
      const frozen = await audit.together(async (db, record) => {
        const row = await createKeyStore(db).freeze(userId, id, { reason: why.reason, nowMs: clock.nowMs() });
        if (row) await record({ actor, action: "key.freeze", target: keyTarget(row), after: { ...why } });
        return row;
      });
      return frozen && announced(frozen);
    },

    /** For good. Throws resource_not_found when this person has no such key. */
    async delete(actor: AuditActor, { userId, id }: KeyPlace): Promise<ApiKeyRecord> {
      const deleted = await audit.together(async (db, record) => {
        const row = await createKeyStore(db).delete(userId, id, clock.nowMs());
        if (!row) throw keyNotFound();
        await record({ actor, action: "key.delete", target: keyTarget(row), before: keyFacts(row) });
        return row;
      });
      return announced(deleted);
    },
  };
}

/** What changes the secrets of a key and nothing else. */
function rotations(
  { audit, clock }: Pick<KeyAdministrationDeps, "audit" | "clock">,
  announced: (row: ApiKeyRecord) => ApiKeyRecord,
) {
  return {
    /**
     * Gives a key a new secret; the current one works until `formerEndsAt`, or ends at once where the key is disabled: then
     * it serves nobody who would need an overlap, and somebody else may have its secret. Resolves to when it ends. Throws
     * resource_not_found, and invalid_field where another former secret still works and this one is to work as well.
     */
    async rotate(actor: AuditActor, { userId, id }: KeyPlace, wish: Rotation): Promise<Pick<Rotation, "formerEndsAt">> {
      const nowMs = clock.nowMs();
      const [rotated, formerEndsAt] = await audit.together(async (db, record) => {
        const keys = createKeyStore(db);
        const before = await keys.lock(userId, id);
        if (!before) throw keyNotFound();
        // Judged under the lock: a key that is frozen at this moment must not keep what it is frozen for.
        const rotation = before.disabled_at === null ? wish : { ...wish, formerEndsAt: nowMs };
        const former = (await keys.formerSecrets([id], nowMs)).get(id) ?? null;
        refuseSecondOverlap(former, rotation.formerEndsAt, nowMs);
        const expiresAt = rotation.expiresAt === undefined ? before.expires_at : rotation.expiresAt;
        await requirePolicy(db, { secretMadeAt: nowMs, expiresAt });
        const after = await keys.rotate(before, rotation, nowMs);
        const facts = changedFacts(
          { ...keyFacts(before), formerEndsAt: former && isoTime(former.endsAt) },
          { ...keyFacts(after), formerEndsAt: isoTime(rotation.formerEndsAt) },
        );
        await record({ actor, action: "key.rotate", target: keyTarget(after), ...facts });
        return [after, rotation.formerEndsAt] as const;
      });
      announced(rotated);
      return { formerEndsAt };
    },

    /** Ends the former secret before its time. Throws resource_not_found where there is no such key, or no such secret. */
    async endFormer(actor: AuditActor, { userId, id }: KeyPlace): Promise<ApiKeyRecord> {
      const nowMs = clock.nowMs();
      const changed = await audit.together(async (db, record) => {
        const keys = createKeyStore(db);
        const before = await keys.lock(userId, id);
        if (!before) throw keyNotFound();
        const former = (await keys.formerSecrets([id], nowMs)).get(id);
        const after = await keys.endFormerSecret(before, nowMs);
        if (!former || !after) throw noFormerSecret();
        const { label, endsAt } = former;
        const facts = { before: { label, endsAt: isoTime(endsAt) }, after: { label, endsAt: isoTime(nowMs) } };
        await record({ actor, action: "key.end_former", target: keyTarget(after), ...facts });
        return after;
      });
      return announced(changed);
    },
  };
}

export function keyTarget({ id }: Pick<ApiKeyRecord, "id">) {
  return { kind: "key", id };
}

/** What the audit log says of a key. */
export function keyFacts(row: ApiKeyRecord): JsonObject {
  const { rpm, tpm, parallel } = row;
  return {
    name: row.name,
    label: row.label,
    kind: row.kind,
    account: row.user_id,
    disabled: row.disabled_at !== null,
    disabledReason: row.disabled_reason,
    expiresAt: row.expires_at === null ? null : isoTime(row.expires_at),
    limitUsd: row.limit_nano === null ? null : usdString(row.limit_nano),
    limitReset: row.limit_reset,
    includeByokInLimit: row.include_byok_in_limit === 1,
    ...{ rpm, tpm, parallel },
    allowedAddresses: listOf(row.allowed_networks),
    allowedModels: listOf(row.allowed_models),
    appOrigin: row.app_origin,
  };
}
