/** From where all keys of an account may be called. */
import type { AccountAddresses } from "../../contract/schemas/security.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { AccountNetworkStore } from "../../storage/stores/allowed-networks.ts";
import { UNKNOWN_ADDRESS } from "../http/client-address.ts";
import type { Handlers, Visitor } from "../http/handler.ts";
import type { OnKeyChanged } from "../keys/key-changes.ts";

export interface AddressHandlerDeps {
  networks: AccountNetworkStore;
  clock: Clock;
  onKeyChanged: OnKeyChanged;
}

export function addressHandlers({
  networks,
  clock,
  onKeyChanged,
}: AddressHandlerDeps): Handlers<"getAccountAddresses" | "updateAccountAddresses"> {
  const shown = async (userId: string, { ipAddress }: Visitor): Promise<AccountAddresses> => ({
    yourAddress: ipAddress === UNKNOWN_ADDRESS ? null : ipAddress,
    allowedAddresses: await networks.get(userId),
  });
  return {
    getAccountAddresses: async ({ account, visitor }) => ({ body: await shown(account.userId, visitor) }),
    updateAccountAddresses: async ({ account, body, visitor }) => {
      const changed = await networks.set(account.userId, body.allowedAddresses, clock.nowMs());
      for (const key of changed) onKeyChanged(key);
      return { body: await shown(account.userId, visitor) };
    },
  };
}
