/** Accounts that several people share, as one group of handlers. */
import type { TeamContext } from "./context.ts";
import { teamInvitationHandlers } from "./invitation-handlers.ts";
import { membershipHandlers } from "./membership-handlers.ts";
import { teamHandlers } from "./team-handlers.ts";

export function allTeamHandlers(context: TeamContext) {
  return { ...membershipHandlers(context), ...teamHandlers(context), ...teamInvitationHandlers(context) };
}
