/** Which limit rows a call belongs to. */
import { SPEND_SCOPES, type SpendLimit, type SpendScope } from "../../kernel/spend-limit.ts";
import { dayOf, type LimitReset, windowOf } from "../../kernel/windows.ts";

/** What stands in the column `reset` for a limit that never begins anew. */
const NEVER = "total";
/** What stands in `first_day` for all time. */
export const ALL_TIME = -1;

/** A row of `spend_limit`, before what it holds. */
export interface LimitPlace {
  id: string;
  scope: string;
  owner_id: string;
  reset: string;
  first_day: number;
}

export function resetName(reset: LimitReset | null): string {
  return reset ?? NEVER;
}

export function placeOf(
  { scope, ownerId, reset }: Pick<SpendLimit, "scope" | "ownerId" | "reset">,
  atMs: number,
): LimitPlace {
  const firstDay = windowOf(reset, atMs).firstDay ?? ALL_TIME;
  return {
    id: `${scope}/${ownerId}/${resetName(reset)}/${firstDay}`,
    ...columns(scope, ownerId, reset),
    first_day: firstDay,
  };
}

function columns(scope: SpendScope, ownerId: string, reset: LimitReset | null) {
  return { scope, owner_id: ownerId, reset: resetName(reset) };
}

const RESETS: readonly (LimitReset | null)[] = [null, "daily", "weekly", "monthly"];

/** The ids of the last key and day: a batch asks twice for each of its rows, and most of them are of few keys. */
const counted: { keyId: string; userId: string; day: number; ids: readonly string[] } = {
  ...{ keyId: "", userId: "", day: Number.NaN },
  ids: [],
};

/** The ids of all rows, if they exist, that count what a call with this key costs. Credit counts only what is paid from it. */
export function countingIds({
  keyId,
  userId,
  atMs,
}: {
  keyId: string;
  userId: string;
  atMs: number;
}): readonly string[] {
  const day = dayOf(atMs);
  if (counted.keyId === keyId && counted.userId === userId && counted.day === day) return counted.ids;
  const ids = RESETS.flatMap((reset) => [
    placeOf({ scope: "instance", ownerId: "", reset }, atMs).id,
    placeOf({ scope: "account", ownerId: userId, reset }, atMs).id,
    placeOf({ scope: "key", ownerId: keyId, reset }, atMs).id,
  ]);
  Object.assign(counted, { keyId, userId, day, ids });
  return ids;
}

/** The place of an id that `placeOf` made. */
export function placeFromId(id: string): LimitPlace {
  const [scope = "", owner_id = "", reset = "", firstDay = ""] = id.split("/");
  return { id, scope, owner_id, reset, first_day: Number(firstDay) };
}

/** Limits in the one order in which they are asked, compared and named. */
export function inOrder(limits: readonly SpendLimit[]): SpendLimit[] {
  const place = ({ scope, reset }: SpendLimit) => SPEND_SCOPES.indexOf(scope) * RESETS.length + RESETS.indexOf(reset);
  return [...limits].sort((one, other) => place(one) - place(other));
}
