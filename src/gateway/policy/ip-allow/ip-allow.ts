/**
 * From where a key may be called. A key has a list, and so has its account; both must hold the caller's address.
 *
 * Invariants: a key without a list costs nothing here, not even the look-up of the address; an address that is not known
 * for certain is in no list; an empty list is nobody. A refused call brought a correct key, so it is reported: whoever
 * made it may have stolen the key.
 */
import type { Clock } from "../../../kernel/clock.ts";
import { GapuraError } from "../../../kernel/errors.ts";
import { holds, type Network, parseAddress } from "../../../kernel/networks.ts";
import type { AlertSink, AllowedFrom, KeyRecord } from "../../ports.ts";

/** Whose list does not hold the address. */
export type RefusingList = "key" | "account";
export type AddressDecision = { kind: "pass" } | { kind: "refuse"; list: RefusingList };

/** Where a call comes from, as far as the listener knows. */
export interface Origin {
  requestId: string;
  /** The caller's address in its shortest form, or "unknown". Looked up only when it is asked for. */
  clientAddress(): string;
}

export interface AddressDeps {
  alerts: AlertSink;
  clock: Clock;
}

const PASS: AddressDecision = { kind: "pass" };

export function evaluate(allowed: AllowedFrom, address: string): AddressDecision {
  const caller = parseAddress(address);
  const isIn = (list: readonly Network[] | null) =>
    list === null || (caller !== undefined && list.some((network) => holds(network, caller)));
  if (!isIn(allowed.account)) return { kind: "refuse", list: "account" };
  return isIn(allowed.key) ? PASS : { kind: "refuse", list: "key" };
}

/** The key, when it may be called from there. Throws address_not_allowed, and reports it. */
export function requireAddress(key: KeyRecord, origin: Origin, { alerts, clock }: AddressDeps): KeyRecord {
  if (key.allowedFrom === null) return key;
  const address = origin.clientAddress();
  const decision = evaluate(key.allowedFrom, address);
  if (decision.kind === "pass") return key;
  const { list } = decision;
  alerts.report({ kind: "address_refused", key, address, list, requestId: origin.requestId, atMs: clock.nowMs() });
  throw new GapuraError("address_not_allowed", { values: { address }, metadata: { allow_list: list } });
}
