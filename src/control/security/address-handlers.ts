/** From where all keys of an account may be called. */
import type { AccountAddresses } from "../../contract/schemas/security.ts";
import type { Clock } from "../../kernel/clock.ts";
import { type AccountNetworkStore, createAccountNetworkStore } from "../../storage/stores/allowed-networks.ts";
import type { AuditStore } from "../../storage/stores/audit.ts";
import { personActor } from "../audit/actor.ts";
import { UNKNOWN_ADDRESS } from "../http/client-address.ts";
import type { Handlers, Visitor } from "../http/handler.ts";
import type { OnKeyChanged } from "../keys/key-changes.ts";

export interface AddressHandlerDeps {
  networks: AccountNetworkStore;
  audit: AuditStore;
  clock: Clock;
  onKeyChanged: OnKeyChanged;
}

export function addressHandlers({
  networks,
  audit,
  clock,
  onKeyChanged,
}: AddressHandlerDeps): Handlers<"getAccountAddresses" | "updateAccountAddresses"> {
  const shown = async (userId: string, { ipAddress }: Visitor): Promise<AccountAddresses> => ({
    yourAddress: ipAddress === UNKNOWN_ADDRESS ? null : ipAddress,
    allowedAddresses: await networks.get(userId),
  });
  return {
    getAccountAddresses: async ({ account, visitor }) => ({ body: await shown(account.accountId, visitor) }),
    updateAccountAddresses: async ({
      account: { accountId: userId, userId: person },
      body: { allowedAddresses },
      visitor,
    }) => {
      const changed = await audit.together(async (db, record) => {
        const stored = createAccountNetworkStore(db);
        const before = { allowedAddresses: await stored.get(userId) };
        const keys = await stored.set(userId, allowedAddresses, clock.nowMs());
        const actor = personActor(person, visitor);
        const target = { kind: "account", id: userId };
        await record({ actor, action: "account.addresses", target, before, after: { allowedAddresses } });
        return keys;
      });
      for (const key of changed) onKeyChanged(key);
      return { body: await shown(userId, visitor) };
    },
  };
}
