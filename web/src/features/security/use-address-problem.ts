import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type AddressEntry, addressProblem } from "./address-list.ts";
import { addressesQuery } from "./security-queries.ts";

/** What is wrong with the addresses of a form, for somebody who is where this person is. */
export function useAddressProblem(): (entry: AddressEntry) => string | undefined {
  const { t } = useTranslation();
  const { data } = useQuery(addressesQuery);
  return (entry) =>
    addressProblem(data === undefined ? { ...entry, isConfirmed: true } : entry, data?.yourAddress ?? null, t);
}
