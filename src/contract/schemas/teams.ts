import { z } from "zod";
import { ROLES } from "../roles.ts";
import { email, fullName } from "./account.ts";
import { localeSchema, timeMs, usd } from "./common.ts";

const role = z.enum(ROLES);

export const receivedInvitationSchema = z.object({
  id: z.string(),
  teamName: z.string(),
  /** Null for who has no account any more. */
  invitedBy: z.string().nullable(),
  role,
  expiresAt: timeMs,
});
export type ReceivedTeamInvitation = z.infer<typeof receivedInvitationSchema>;

export const myAccountsSchema = z.object({
  /** The account that this session works in. */
  active: z.string(),
  /** One's own first, then the teams by name. */
  accounts: z.array(z.object({ id: z.string(), name: z.string(), kind: z.enum(["person", "team"]), role })),
  /** Teams that invite this person's address. */
  invitations: z.array(receivedInvitationSchema),
});
export type MyAccounts = z.infer<typeof myAccountsSchema>;
export type MyAccount = MyAccounts["accounts"][number];

export const accountIdBody = z.strictObject({ id: z.string().min(1).max(64) });
export const teamNameBody = z.strictObject({ name: fullName });
export const teamIdSchema = z.object({ id: z.string() });
/** By the token of the mail, or by the id where the dashboard lists it. */
export const joinTeamBody = z.union([
  z.strictObject({ token: z.string().min(20).max(200) }),
  z.strictObject({ id: z.string().min(1).max(64) }),
]);
export const shownInvitationSchema = receivedInvitationSchema.extend({ email: z.string() });

const memberSchema = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role,
  joinedAt: timeMs,
  lastActiveAt: timeMs.nullable(),
  isYou: z.boolean(),
  /** Keys that work or could, and what they used since the first of the month, UTC. Null where that may not be seen. */
  use: z.object({ keys: z.number().int(), spentUsd: usd, requests: z.number().int() }).nullable(),
});
export type TeamMemberRow = z.infer<typeof memberSchema>;

export const teamSchema = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(["person", "team"]),
  /** Of who asks. */
  role,
  members: z.array(memberSchema),
  /** Who belongs to the team no more and has keys in it. */
  former: z.array(memberSchema),
});
export type Team = z.infer<typeof teamSchema>;

export const teamInvitationSchema = z.object({
  id: z.string(),
  email: z.string(),
  role,
  invitedBy: z.string().nullable(),
  createdAt: timeMs,
  sentAt: timeMs,
  expiresAt: timeMs,
});
export type TeamInvitationRow = z.infer<typeof teamInvitationSchema>;
export const teamInvitationListSchema = z.object({ invitations: z.array(teamInvitationSchema) });
export const inviteToTeamBody = z.strictObject({ email, role, locale: localeSchema.optional() });
export const roleBody = z.strictObject({ role });
export const removeMemberQuery = z.object({
  /** "true": the keys that they made in the team are disabled as well. */
  disableKeys: z.enum(["true", "false"]).default("false"),
});
export const transferBody = z.strictObject({ userId: z.string().min(1).max(64) });
