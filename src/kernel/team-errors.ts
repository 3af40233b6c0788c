/** The rows of the table of errors that are about accounts which several people share. */
import { row } from "./error-row.ts";

export const teamErrors = {
  role_too_low: row(
    403,
    "permission_denied",
    "The role that you have in this account ({role}) does not allow this. The Team page shows what each role may do; whoever manages the account can give you another one.",
  ),
  account_changed: row(
    409,
    "invalid_request",
    "This page shows another account than the one you work in now: you have changed the account in another window, or do not belong to that team any more. Load the page again.",
  ),
  last_owner: row(
    409,
    "invalid_request",
    "This would leave the team without an owner. Make somebody else an owner first, or delete the team.",
  ),
  team_needed: row(
    409,
    "invalid_request",
    "This is your own account, which nobody else belongs to. Make a team on the Team page, and work in it together.",
  ),
  team_full: row(
    409,
    "invalid_request",
    "There is room for {limit} {what}. Take one away that is not needed any more.",
  ),
  views_full: row(409, "invalid_request", "There is room for {limit} views. Delete one that you do not use any more."),
  already_member: row(409, "invalid_request", "Somebody with this e-mail address belongs to the team already."),
  invitation_for_another: row(
    403,
    "permission_denied",
    "This invitation was sent to another e-mail address. Log in with the account of that address, or have yourself invited with this one.",
  ),
} as const;
