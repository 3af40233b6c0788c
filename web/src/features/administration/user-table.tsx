import { useNavigate } from "@tanstack/react-router";
import { Activity, LogIn, UserX } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Person } from "../../../../src/contract/schemas/administration.ts";
import { accountLabel } from "../../../../src/kernel/account-label.ts";
import { useLocale } from "../../i18n/language.ts";
import { formatCount, formatDate } from "../../lib/format.ts";
import { Badge } from "../../ui/badge.tsx";
import { ChosenTable } from "../../ui/chosen-table.tsx";
import type { Column } from "../../ui/data-table.tsx";
import { MenuItem, RowMenu } from "../../ui/menu.tsx";
import { PersonCell } from "../../ui/person-cell.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import { Money } from "../instance/money.tsx";

interface UserTableProps {
  people: readonly Person[];
  /** Names of the columns that are shown, as they stand in the address. */
  columns: string | undefined;
  onColumns: (columns: string | undefined) => void;
  /** To be suspended, or let in again. */
  onChoose: (person: Person) => void;
}

export function UserTable({ people, columns: chosen, onColumns, onChoose }: UserTableProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const columns: Column<Person>[] = [
    {
      name: "user",
      label: t("administration.user"),
      isMain: true,
      className: "md:max-w-56 xl:max-w-80",
      cell: ({ name, email, kind }) => <PersonCell name={name} email={email} kind={kind} />,
    },
    { name: "state", label: t("administration.state"), cell: (person) => <State person={person} /> },
    { name: "joined", label: t("administration.joined"), cell: ({ joinedAt }) => formatDate(joinedAt, locale) },
    {
      name: "active",
      label: t("administration.lastActive"),
      cell: ({ lastActiveAt }) =>
        lastActiveAt === null ? t("administration.never") : <TimeAgo timeMs={lastActiveAt} />,
    },
    { name: "keys", label: t("administration.keys"), align: "end", cell: ({ keys }) => formatCount(keys, locale) },
    { name: "month", label: t("administration.month"), align: "end", cell: ({ monthUsd }) => <Money usd={monthUsd} /> },
    {
      name: "actions",
      label: t("administration.actions"),
      hideLabel: true,
      className: "md:w-px md:text-right max-md:absolute max-md:top-2 max-md:right-2",
      cell: (person) => (person.role === "owner" ? null : <UserMenu person={person} onChoose={onChoose} />),
    },
  ];
  return (
    <ChosenTable
      label={t("administration.tab_users")}
      columns={columns}
      rows={people}
      rowId={({ id }) => id}
      chosen={chosen}
      onChoose={onColumns}
    />
  );
}

function State({ person: { role, suspendedAt, isVerified } }: { person: Person }) {
  const { t } = useTranslation();
  if (suspendedAt !== null) return <Badge tone="bad">{t("administration.state_suspended")}</Badge>;
  if (!isVerified) return <Badge tone="warn">{t("administration.state_unverified")}</Badge>;
  if (role === "owner") return <Badge tone="brand">{t("administration.owner")}</Badge>;
  return <Badge tone="good">{t("administration.state_active")}</Badge>;
}

function UserMenu({ person, onChoose }: { person: Person; onChoose: UserTableProps["onChoose"] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const isSuspended = person.suspendedAt !== null;
  return (
    <RowMenu label={t("administration.actionsFor", { email: accountLabel(person) })}>
      <MenuItem onClick={() => void navigate({ to: "/activity", search: { scope: "all", account: person.id } })}>
        <Activity aria-hidden />
        {t("administration.showUse")}
      </MenuItem>
      <MenuItem isDangerous={!isSuspended} onClick={() => onChoose(person)}>
        {isSuspended ? <LogIn aria-hidden /> : <UserX aria-hidden />}
        {t(isSuspended ? "administration.readmit" : "administration.suspend")}
      </MenuItem>
    </RowMenu>
  );
}
