/** Bounds on spending, as every part of the product names them. */
import { lesserOf, type NanoUsd } from "./money.ts";
import type { LimitReset } from "./windows.ts";

/**
 * Whom a limit binds, in the order in which a call is held to them: the whole instance, the account's budget, the
 * account's prepaid credit, the key.
 */
export const SPEND_SCOPES = ["instance", "account", "credit", "key"] as const;
export type SpendScope = (typeof SPEND_SCOPES)[number];

export interface SpendLimit {
  scope: SpendScope;
  /** The account's or the key's id; empty for the instance. */
  ownerId: string;
  /** Null for a limit that never begins anew, prepaid credit among them. */
  reset: LimitReset | null;
  nano: NanoUsd;
}

/** What of a cost is charged, and what is the operator's loss, when `grantedNano` had been set aside. */
export function splitCost(costNano: NanoUsd, grantedNano: NanoUsd): { chargedNano: NanoUsd; lossNano: NanoUsd } {
  const chargedNano = lesserOf(costNano, grantedNano);
  return { chargedNano, lossNano: costNano - chargedNano };
}
