/** The shapes of everything about accounts that several people share. */
import { doneSchema, tokenBody } from "../schemas/account.ts";
import { idParams } from "../schemas/common.ts";
import * as teams from "../schemas/teams.ts";
import type { RouteShapes } from "./route-shapes.ts";

export const teamShapes = {
  listMyAccounts: { summary: "The accounts that one belongs to", status: 200, response: teams.myAccountsSchema },
  createTeam: {
    summary: "Make a team, and work in it from now on",
    status: 201,
    response: teams.teamIdSchema,
    body: teams.teamNameBody,
  },
  switchAccount: {
    summary: "Work in another account from now on, in this session",
    status: 200,
    response: doneSchema,
    body: teams.accountIdBody,
  },
  joinTeam: { summary: "Accept an invitation", status: 200, response: teams.teamIdSchema, body: teams.joinTeamBody },
  leaveTeam: { summary: "Leave a team", status: 200, response: doneSchema, params: idParams },
  declineTeamInvitation: { summary: "Decline an invitation", status: 200, response: doneSchema, params: idParams },
  showTeamInvitation: {
    summary: "What the link of an invitation leads to",
    status: 200,
    response: teams.shownInvitationSchema,
    body: tokenBody,
  },
  getTeam: { summary: "Who belongs to the account", status: 200, response: teams.teamSchema },
  updateTeam: { summary: "Rename a team", status: 200, response: doneSchema, body: teams.teamNameBody },
  deleteTeam: { summary: "Delete a team with all of its keys", status: 200, response: doneSchema },
  transferTeam: {
    summary: "Make another member the owner; one stays as an administrator",
    status: 200,
    response: doneSchema,
    body: teams.transferBody,
  },
  changeMemberRole: {
    summary: "Give a member another role",
    status: 200,
    response: doneSchema,
    params: idParams,
    body: teams.roleBody,
  },
  removeMember: {
    summary: "Take somebody out of a team, at once",
    status: 200,
    response: doneSchema,
    params: idParams,
    query: teams.removeMemberQuery,
  },
  listTeamInvitations: {
    summary: "Invitations nobody has used",
    status: 200,
    response: teams.teamInvitationListSchema,
  },
  inviteToTeam: {
    summary: "Invite somebody to a team by mail",
    status: 201,
    response: teams.teamInvitationSchema,
    body: teams.inviteToTeamBody,
  },
  resendTeamInvitation: {
    summary: "Send an invitation again; the link of the mail before it stops working",
    status: 200,
    response: teams.teamInvitationSchema,
    params: idParams,
  },
  withdrawTeamInvitation: { summary: "Withdraw an invitation", status: 200, response: doneSchema, params: idParams },
} as const satisfies Record<string, RouteShapes>;
