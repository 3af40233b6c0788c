/** How long the limits of a key last at the pace at which it spends now. */
import type { NanoUsd } from "../../kernel/money.ts";
import { windowOf } from "../../kernel/windows.ts";
import { countingIds, placeOf } from "../ledger/limits.ts";
import type { Db } from "../open.ts";
import { boundLimits } from "./bound-limits.ts";

/** Long enough for a pace, and short beside an hour. */
const LOOK_MS = 600_000;

/**
 * Milliseconds until the first limit that binds the key is used up by this key alone, at the pace of the last ten minutes.
 * Null where none is, where it begins anew before, and where nothing is left already.
 */
export async function limitLastsMs(
  db: Db,
  { keyId, userId }: { keyId: string; userId: string },
  nowMs: number,
): Promise<number | null> {
  const spentNano = await spentSince(db, keyId, nowMs - LOOK_MS);
  if (spentNano <= 0n) return null;
  const credit = placeOf({ scope: "credit", ownerId: userId, reset: null }, nowMs).id;
  const bound = await boundLimits(db, [...countingIds({ keyId, userId, atMs: nowMs }), credit]);
  if (bound.size === 0) return null;
  const rows = await db
    .selectFrom("spend_limit")
    .select(["id", "posted_nano"])
    .where("id", "in", [...bound.keys()])
    .execute();
  const posted = new Map(rows.map(({ id, posted_nano }) => [id, posted_nano]));
  const lasting = [...bound].flatMap(([id, { limitNano, reset }]) => {
    const leftNano = limitNano - (posted.get(id) ?? 0n);
    const lastsMs = Number((leftNano * BigInt(LOOK_MS)) / spentNano);
    const { endsAtMs } = windowOf(reset, nowMs);
    return leftNano <= 0n || (endsAtMs !== null && nowMs + lastsMs >= endsAtMs) ? [] : [lastsMs];
  });
  return lasting.length === 0 ? null : Math.min(...lasting);
}

async function spentSince(db: Db, keyId: string, sinceMs: number): Promise<NanoUsd> {
  const { sum } = await db
    .selectFrom("usage")
    .select((eb) => eb.fn.sum<NanoUsd | null>("cost_nano").as("sum"))
    .where("key_id", "=", keyId)
    .where("created_at", ">", sinceMs)
    .executeTakeFirstOrThrow();
  return BigInt(sum ?? 0n);
}
