/** What a row of `spend_limit` bounds at this moment: whose limit it is, and whether it still holds. */

import type { NanoUsd } from "../../kernel/money.ts";
import { SPEND_SCOPES, type SpendScope } from "../../kernel/spend-limit.ts";
import { type LimitReset, limitResetOf } from "../../kernel/windows.ts";
import { placeFromId, resetName } from "../ledger/limits.ts";
import type { Db } from "../open.ts";

export interface BoundLimit {
  scope: SpendScope;
  reset: LimitReset | null;
  /** The first day of its window since 1970-01-01 UTC; -1 for all time. */
  firstDay: number;
  limitNano: NanoUsd;
  /** Whose it is; null for the instance. */
  userId: string | null;
  /** The description of the key; null for everything else. */
  keyName: string | null;
}

type Place = ReturnType<typeof placeFromId>;

/** By id. Limits that were taken away, and those of keys that are disabled or gone, are left out. */
export async function boundLimits(db: Db, ids: readonly string[]): Promise<Map<string, BoundLimit>> {
  const places = [...new Set(ids)].map(placeFromId);
  const of = (...scopes: SpendScope[]) => places.filter(({ scope }) => scopes.some((known) => known === scope));
  const found = [
    ...(await keyLimits(db, of("key"))),
    ...(await budgetLimits(db, of("instance", "account"))),
    ...(await creditLimits(db, of("credit"))),
  ];
  return new Map(found);
}

function bound(place: Place, more: Pick<BoundLimit, "limitNano" | "userId" | "keyName">): [string, BoundLimit] {
  const scope = SPEND_SCOPES.find((known) => known === place.scope) ?? "key";
  return [place.id, { scope, reset: limitResetOf(place.reset), firstDay: place.first_day, ...more }];
}

async function keyLimits(db: Db, places: readonly Place[]): Promise<[string, BoundLimit][]> {
  if (places.length === 0) return [];
  const rows = await db
    .selectFrom("api_key")
    .select(["id", "user_id", "name", "limit_nano", "limit_reset"])
    .where(
      "id",
      "in",
      places.map(({ owner_id }) => owner_id),
    )
    .where("deleted_at", "is", null)
    .where("disabled_at", "is", null)
    .execute();
  const keys = new Map(rows.map((row) => [row.id, row]));
  return places.flatMap((place) => {
    const key = keys.get(place.owner_id);
    if (!key || key.limit_nano === null || resetName(limitResetOf(key.limit_reset)) !== place.reset) return [];
    return [bound(place, { limitNano: key.limit_nano, userId: key.user_id, keyName: key.name })];
  });
}

async function budgetLimits(db: Db, places: readonly Place[]): Promise<[string, BoundLimit][]> {
  if (places.length === 0) return [];
  const rows = await db
    .selectFrom("budget")
    .select((eb) => ["scope", "owner_id", "reset", eb.fn.min<NanoUsd>("limit_nano").as("limit_nano")])
    .where(
      "owner_id",
      "in",
      places.map(({ owner_id }) => owner_id),
    )
    .groupBy(["scope", "owner_id", "reset"])
    .execute();
  return places.flatMap((place) => {
    const { scope, owner_id, reset } = place;
    const budget = rows.find((row) => row.scope === scope && row.owner_id === owner_id && row.reset === reset);
    const userId = scope === "account" ? owner_id : null;
    return budget ? [bound(place, { limitNano: budget.limit_nano, userId, keyName: null })] : [];
  });
}

async function creditLimits(db: Db, places: readonly Place[]): Promise<[string, BoundLimit][]> {
  if (places.length === 0) return [];
  const rows = await db
    .selectFrom("spend_limit")
    .innerJoin("billing", "billing.user_id", "spend_limit.owner_id")
    .select(["spend_limit.id", "spend_limit.lim_nano"])
    .where(
      "spend_limit.id",
      "in",
      places.map(({ id }) => id),
    )
    .where("billing.mode", "=", "prepaid")
    .execute();
  const credit = new Map(rows.map(({ id, lim_nano }) => [id, lim_nano]));
  return places.flatMap((place) => {
    const limitNano = credit.get(place.id);
    return limitNano === undefined ? [] : [bound(place, { limitNano, userId: place.owner_id, keyName: null })];
  });
}
