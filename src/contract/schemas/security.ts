import { z } from "zod";
import { networkList, networkListInput } from "./networks.ts";

export const accountAddressesSchema = z.object({
  /** Where this request came from; null when the server cannot tell. */
  yourAddress: z.string().nullable(),
  /** From where every key of the account may be called; null for anywhere, empty for nowhere. */
  allowedAddresses: networkList,
});
export type AccountAddresses = z.infer<typeof accountAddressesSchema>;

export const accountAddressesBody = z.strictObject({ allowedAddresses: networkListInput });
