import { useQuery } from "@tanstack/react-query";
import { Pencil, Users } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Team, TeamMemberRow } from "../../../../src/contract/schemas/teams.ts";
import { Button } from "../../ui/button.tsx";
import { PageHeader } from "../../ui/page.tsx";
import { ErrorState, LoadingRows } from "../../ui/states.tsx";
import { reachOf } from "./accounts.ts";
import { InvitationsPart } from "./invitations-part.tsx";
import { LeavePart } from "./leave-part.tsx";
import { MemberDialog } from "./member-dialogs.tsx";
import { MembersCsv } from "./members-csv.tsx";
import { type MemberAction, MembersTable } from "./members-table.tsx";
import { TeamNameDialog } from "./name-dialog.tsx";
import { ReceivedInvitations } from "./received-invitations.tsx";
import { RolesTable } from "./roles-table.tsx";
import { teamQuery } from "./team-queries.ts";

/** The account that one works in: who belongs to it, who is invited, and what each role may do. */
export function TeamPage(): ReactNode {
  const { data: team, error, isPending, refetch } = useQuery(teamQuery);
  return (
    <>
      <TeamHeader team={team} />
      <ReceivedInvitations className="mb-6" />
      <div className="space-y-6">
        {isPending ? <LoadingRows rows={3} /> : null}
        {!isPending && !team ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
        {team ? <Members team={team} /> : null}
        {team?.kind === "team" && reachOf(team.role, "inviteToTeam") === "all" ? <InvitationsPart team={team} /> : null}
        <RolesTable />
        {team?.kind === "team" ? <LeavePart team={team} /> : null}
      </div>
    </>
  );
}

function TeamHeader({ team }: { team: Team | undefined }) {
  const { t } = useTranslation();
  const [naming, setNaming] = useState<{ current: string | null } | null>(null);
  const isShared = team?.kind === "team";
  const mayRename = isShared && reachOf(team.role, "updateTeam") === "all";
  const role = isShared ? ` ${t("team.yourRole", { role: t(`accounts.role_${team.role}`) })}` : "";
  return (
    <>
      <PageHeader
        title={t("team.title")}
        lead={isShared ? `${t("team.introTeam", { name: team.name })}${role}` : t("team.introOwn")}
        action={
          <div className="flex flex-wrap gap-2">
            {mayRename ? (
              <Button onClick={() => setNaming({ current: team.name })}>
                <Pencil aria-hidden />
                {t("team.rename")}
              </Button>
            ) : null}
            <Button look={isShared ? "secondary" : "primary"} onClick={() => setNaming({ current: null })}>
              <Users aria-hidden />
              {t("team.make")}
            </Button>
          </div>
        }
      />
      {naming ? <TeamNameDialog {...naming} onClose={() => setNaming(null)} /> : null}
    </>
  );
}

function Members({ team }: { team: Team }) {
  const { t } = useTranslation();
  const [pending, setPending] = useState<{ action: MemberAction; member: TeamMemberRow } | null>(null);
  return (
    <>
      <section aria-label={t("team.members")}>
        <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
          <h2 className="text-lg font-bold">{t("team.members")}</h2>
          <MembersCsv team={team} />
        </div>
        <div className={FRAME}>
          <MembersTable
            label={t("team.members")}
            team={team}
            members={team.members}
            onAction={(action, member) => setPending({ action, member })}
          />
        </div>
      </section>
      {team.former.length > 0 ? (
        <section aria-label={t("team.formerMembers")}>
          <h2 className="text-lg font-bold">{t("team.formerMembers")}</h2>
          <p className="mb-3 text-sm text-muted">{t("team.formerText")}</p>
          <div className={FRAME}>
            <MembersTable label={t("team.formerMembers")} team={team} members={team.former} />
          </div>
        </section>
      ) : null}
      {pending ? <MemberDialog team={team} {...pending} onClose={() => setPending(null)} /> : null}
    </>
  );
}

const FRAME = "overflow-hidden md:rounded-card md:border md:border-line md:bg-surface md:shadow-card";
