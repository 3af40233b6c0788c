import { useAccount } from "../account/session.ts";
import { reachOf, useActiveAccount } from "../team/accounts.ts";
import { NAVIGATION, type NavigationGroup } from "./navigation.ts";

/** Every page that the signed-in person has, in the account that is worked in. */
export function useNavigation(): NavigationGroup[] {
  const { role } = useAccount();
  const active = useActiveAccount();
  return NAVIGATION.map(({ label, entries }) => ({
    label,
    entries: entries
      .filter(({ isOwners = false }) => !isOwners || role === "owner")
      .filter(({ asks }) => asks === undefined || reachOf(active.role, asks) !== "none"),
  }));
}
