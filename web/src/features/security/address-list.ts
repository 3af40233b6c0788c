/** Lists of addresses as people type and read them. The server decides; this only spares a round trip. */
import type { TFunction } from "i18next";
import { holds, type Network, parseAddress, parseNetwork } from "../../../../src/kernel/networks.ts";
import { textOf } from "../account/entries.ts";

/** What the fields of `AllowedAddressFields` hold. */
export interface AddressEntry {
  /** Null for anywhere. */
  allowedAddresses: string[] | null;
  /** Whether the person has said that it is meant, where nobody at their own address could use the key. */
  isConfirmed: boolean;
}

export const LIST_FIELD = "allowedAddresses";
export const CONFIRM_FIELD = "addressesConfirmed";

export function readAddresses(form: FormData): AddressEntry {
  if (!form.has(LIST_FIELD)) return { allowedAddresses: null, isConfirmed: true };
  return { allowedAddresses: splitAddresses(textOf(form, LIST_FIELD)), isConfirmed: form.has(CONFIRM_FIELD) };
}

/** One a line, or with commas or spaces between. */
export function splitAddresses(text: string): string[] {
  return text.split(/[\s,;]+/).filter((entry) => entry !== "");
}

/** What is wrong with a list; undefined when nothing is. */
export function addressProblem(entry: AddressEntry, yourAddress: string | null, t: TFunction): string | undefined {
  if (entry.allowedAddresses === null) return undefined;
  const wrong = entry.allowedAddresses.find((written) => parseNetwork(written) === undefined);
  if (wrong !== undefined) return t("security.addressInvalid", { entry: wrong });
  if (entry.isConfirmed || !locksOut(entry.allowedAddresses, yourAddress)) return undefined;
  return t("security.addressUnconfirmed");
}

/** True when a call from this address would be refused. An address that is not known is in no list. */
export function locksOut(list: readonly string[], address: string | null): boolean {
  const caller = address === null ? undefined : parseAddress(address);
  const networks = list.map(parseNetwork).filter((network): network is Network => network !== undefined);
  return caller === undefined || !networks.some((network) => holds(network, caller));
}
