import type { Role } from "../../../../src/contract/roles.ts";

/** What is said of accounts wherever one is: in which one works, and who invites to others. */
export const accounts = {
  switcher: "Account: {{name}}",
  switcherTitle: "Work in",
  ownAccount: "Own account",
  switched: "You work in {{name}} now.",
  received: "You are invited",
  receivedText: "{{inviter}} invites you to {{team}} as {{role}}.",
  receivedBySomebody: "You are invited to {{team}} as {{role}}.",
  accept: "Accept",
  decline: "Decline",
  accepted: "Welcome to {{team}}.",
  declined: "The invitation is declined.",
  role_owner: "Owner",
  role_admin: "Administrator",
  role_member: "Member",
  role_viewer: "Viewer",
} satisfies Record<`role_${Role}`, string> & Record<string, string>;
