/** A daily limit that an honest key would not feel, and a thief would. Pure. */
import { NANO_PER_USD, type NanoUsd } from "../../kernel/money.ts";
import type { SpentDay } from "../../storage/stores/alert-keys.ts";

const LEAST: NanoUsd = NANO_PER_USD / 10n;
const STEPS = [10n, 15n, 20n, 25n, 30n, 40n, 50n, 60n, 80n, 100n];

/**
 * Half as much again as the most that the key spent on a day before it became unusual, rounded up to a number that people
 * would choose. Null where it has spent nothing before, or has a tighter daily limit already.
 */
export function suggestedLimit(
  days: readonly SpentDay[],
  { beganOn, key }: { beganOn: number; key: { limitNano: NanoUsd | null; limitReset: string | null } },
): NanoUsd | null {
  const before = days.filter(({ day, spentNano }) => day < beganOn && spentNano > 0n).map(({ spentNano }) => spentNano);
  if (before.length === 0) return null;
  const most = before.toSorted((one, other) => Number(other - one))[0] ?? 0n;
  const wanted = rounded((most * 3n) / 2n);
  const isTighter = key.limitReset === "daily" && key.limitNano !== null && key.limitNano <= wanted;
  return isTighter ? null : wanted;
}

function rounded(nano: NanoUsd): NanoUsd {
  if (nano <= LEAST) return LEAST;
  let unit = LEAST / 10n;
  while (unit * 100n < nano) unit *= 10n;
  return unit * (STEPS.find((step) => unit * step >= nano) ?? 100n);
}
