import { Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { mayGiveRole } from "../../../../src/contract/roles.ts";
import type { Team, TeamMemberRow } from "../../../../src/contract/schemas/teams.ts";
import { useLocale } from "../../i18n/language.ts";
import { formatCount } from "../../lib/format.ts";
import { Badge } from "../../ui/badge.tsx";
import { type Column, DataTable } from "../../ui/data-table.tsx";
import { MenuItem, MenuSeparator, RowMenu } from "../../ui/menu.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import { Money } from "../instance/money.tsx";
import { reachOf } from "./accounts.ts";

export type MemberAction = "role" | "remove" | "handOver";

interface MembersTableProps {
  label: string;
  team: Team;
  members: readonly TeamMemberRow[];
  /** Left out for people who belong to the team no more: nothing can be done with them. */
  onAction?: (action: MemberAction, member: TeamMemberRow) => void;
}

/** Who belongs to the account, with what their keys used this month as far as that may be seen. */
export function MembersTable({ label, team, members, onAction }: MembersTableProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const columns: Column<TeamMemberRow>[] = [
    {
      name: "person",
      label: t("team.person"),
      isMain: true,
      className: "md:max-w-64",
      cell: (member) => <Person {...member} />,
    },
    { name: "role", label: t("team.role"), cell: ({ role }) => t(`accounts.role_${role}`) },
    {
      name: "lastActive",
      label: t("team.lastActive"),
      cell: ({ lastActiveAt }) => (lastActiveAt === null ? t("team.never") : <TimeAgo timeMs={lastActiveAt} />),
    },
    {
      name: "keys",
      label: t("team.keys"),
      align: "end",
      cell: ({ id, name, use }) =>
        use === null ? (
          "–"
        ) : (
          <Link
            to="/keys"
            search={{ member: id }}
            className="text-link"
            aria-label={t("team.theirKeys", { name, number: formatCount(use.keys, locale) })}
          >
            {formatCount(use.keys, locale)}
          </Link>
        ),
    },
    {
      name: "spent",
      label: t("team.spentMonth"),
      align: "end",
      cell: ({ use }) => (use === null ? "–" : <Money usd={use.spentUsd} />),
    },
    {
      name: "requests",
      label: t("team.requestsMonth"),
      align: "end",
      cell: ({ use }) => (use === null ? "–" : formatCount(use.requests, locale)),
    },
    {
      name: "actions",
      label: t("team.actionsFor", { name: "" }),
      hideLabel: true,
      className: "md:w-px md:text-right max-md:absolute max-md:top-2 max-md:right-2",
      cell: (member) => <MemberMenu team={team} member={member} {...(onAction ? { onAction } : {})} />,
    },
  ];
  return <DataTable label={label} columns={columns} rows={members} rowId={({ id }) => id} />;
}

function Person({ name, email, isYou }: TeamMemberRow) {
  const { t } = useTranslation();
  return (
    <div className="min-w-0">
      <span className="flex flex-wrap items-center gap-2 font-semibold [overflow-wrap:anywhere]">
        {name}
        {isYou ? <Badge tone="brand">{t("team.you")}</Badge> : null}
      </span>
      <span className="block text-xs font-normal text-muted [overflow-wrap:anywhere]">{email}</span>
    </div>
  );
}

interface MemberMenuProps {
  team: Team;
  member: TeamMemberRow;
  onAction?: (action: MemberAction, member: TeamMemberRow) => void;
}

function MemberMenu({ team, member, onAction }: MemberMenuProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const mayChange = onAction !== undefined && team.kind === "team" && mayGiveRole(team.role, member.role);
  if (member.use === null && !mayChange) return null;
  return (
    <RowMenu label={t("team.actionsFor", { name: member.name })}>
      {member.use === null ? null : (
        <MenuItem onClick={() => void navigate({ to: "/activity", search: { member: member.id } })}>
          {t("team.seeUse")}
        </MenuItem>
      )}
      {mayChange ? (
        <>
          <MenuItem onClick={() => onAction("role", member)}>{t("team.changeRole")}</MenuItem>
          {reachOf(team.role, "transferTeam") === "all" && !member.isYou ? (
            <MenuItem onClick={() => onAction("handOver", member)}>{t("team.handOver")}</MenuItem>
          ) : null}
          {member.isYou ? null : (
            <>
              <MenuSeparator />
              <MenuItem isDangerous onClick={() => onAction("remove", member)}>
                {t("team.remove")}
              </MenuItem>
            </>
          )}
        </>
      ) : null}
    </RowMenu>
  );
}
