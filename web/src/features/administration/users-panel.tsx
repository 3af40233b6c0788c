import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Person } from "../../../../src/contract/schemas/administration.ts";
import { accountLabel } from "../../../../src/kernel/account-label.ts";
import { useLocale } from "../../i18n/language.ts";
import { call } from "../../lib/api.ts";
import { csvTime } from "../../lib/csv.ts";
import { formatCount } from "../../lib/format.ts";
import { PERSON_STATES, type PersonState } from "../../routes/search.ts";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { CsvButton } from "../../ui/csv-button.tsx";
import { SearchField } from "../../ui/search-field.tsx";
import { Section } from "../../ui/section.tsx";
import { Segments } from "../../ui/segments.tsx";
import { ShowMore } from "../../ui/show-more.tsx";
import { EmptyState, ErrorState, LoadingRows } from "../../ui/states.tsx";
import { toasts } from "../../ui/toasts.tsx";
import { useInstance } from "../instance/instance.ts";
import { Invitations } from "../settings/invitations.tsx";
import type { AdministrationSearch } from "./administration-page.tsx";
import { peopleQuery, useSetSuspended } from "./administration-queries.ts";
import { UserTable } from "./user-table.tsx";

interface UsersPanelProps {
  search: AdministrationSearch;
  onChange: (changes: AdministrationSearch) => void;
}

/** Everybody with an account, who may come in, and who may join them. */
export function UsersPanel({ search: { q, state = "all", columns }, onChange }: UsersPanelProps) {
  const { t } = useTranslation();
  return (
    <div className="space-y-5">
      <div className="flex flex-wrap items-center gap-3">
        <SearchField
          label={t("administration.search")}
          initial={q ?? ""}
          onSearch={(text) => onChange({ q: text || undefined })}
          className="min-w-0 flex-1 basis-56 sm:max-w-xs"
        />
        <Segments
          label={t("administration.stateFilter")}
          value={state}
          options={PERSON_STATES.map((value) => ({ value, label: t(`administration.state_${value}`) }))}
          onChoose={(chosen) => onChange({ state: chosen === "all" ? undefined : chosen })}
        />
        <UsersCsv q={q} state={state} />
      </div>
      <UserList q={q} state={state} columns={columns} onColumns={(chosen) => onChange({ columns: chosen })} />
      <SignUpSection />
      <Section title={t("settings.invitations")} text={t("settings.invitationsText")}>
        <Invitations />
      </Section>
    </div>
  );
}

const USERS_HEAD = ["id", "name", "email", "kind", "role", "verified", "joined_at", "last_active_at"];
const USERS_FIGURES = ["keys", "spent_this_month_usd", "suspended_at"];

function UsersCsv({ q, state }: { q: string | undefined; state: PersonState }) {
  return (
    <CsvButton
      file="gapura-users.csv"
      head={[...USERS_HEAD, ...USERS_FIGURES]}
      read={async (cursor) => {
        const { people, nextCursor } = await call("listPeople", {
          query: { q, state, limit: USERS_PER_PAGE, ...(cursor ? { cursor } : {}) },
        });
        const rows = people.map((person) => [
          ...[person.id, person.name, person.email, person.kind, person.role, String(person.isVerified)],
          ...[csvTime(person.joinedAt), csvTime(person.lastActiveAt)],
          ...[person.keys, person.monthUsd, csvTime(person.suspendedAt)],
        ]);
        return { rows, nextCursor };
      }}
    />
  );
}

const USERS_PER_PAGE = 100;

interface UserListProps {
  q: string | undefined;
  state: PersonState;
  columns: string | undefined;
  onColumns: (columns: string | undefined) => void;
}

function UserList({ q, state, ...choice }: UserListProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const list = useInfiniteQuery(peopleQuery(q, state));
  const [chosen, setChosen] = useState<Person | null>(null);
  if (list.isPending) return <LoadingRows />;
  if (!list.data) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  const people = list.data.pages.flatMap((page) => page.people);
  const total = list.data.pages[0]?.total ?? people.length;
  if (people.length === 0)
    return <EmptyState title={t("administration.nobody")} text={t("administration.nobodyText")} />;
  return (
    <div>
      <div className="overflow-hidden md:rounded-card md:border md:border-line md:bg-surface md:shadow-card">
        <UserTable people={people} {...choice} onChoose={setChosen} />
      </div>
      <div className="mt-4 flex flex-wrap items-center justify-between gap-3 text-sm text-muted">
        <p role="status">
          {people.length < total
            ? t("common.shownOf", { shown: formatCount(people.length, locale), total: formatCount(total, locale) })
            : t("administration.count", { count: total })}
        </p>
        <ShowMore list={list} />
      </div>
      {chosen ? <SuspensionDialog person={chosen} onClose={() => setChosen(null)} /> : null}
    </div>
  );
}

function SuspensionDialog({ person, onClose }: { person: Person; onClose: () => void }) {
  const { t } = useTranslation();
  const change = useSetSuspended();
  const { id, name, kind } = person;
  const email = accountLabel(person);
  const isSuspended = person.suspendedAt === null;
  const suspendText =
    kind === "team" ? t("administration.suspendTeamText", { name }) : t("administration.suspendText", { email });
  const onSuccess = () => {
    toasts.add({ title: t(isSuspended ? "administration.suspended" : "administration.readmitted", { email }) });
    onClose();
  };
  return (
    <ConfirmDialog
      isOpen
      isDangerous={isSuspended}
      title={t(isSuspended ? "administration.suspendTitle" : "administration.readmitTitle", { name })}
      text={isSuspended ? suspendText : t("administration.readmitText", { email })}
      confirmLabel={t(isSuspended ? "administration.suspend" : "administration.readmit")}
      isBusy={change.isPending}
      error={change.error}
      onConfirm={() => change.mutate({ id, isSuspended }, { onSuccess })}
      onCancel={onClose}
    />
  );
}

function SignUpSection() {
  const { t } = useTranslation();
  const { signUp, singleSignOn } = useInstance();
  const name = singleSignOn?.name ?? "OpenID";
  const words = {
    open: t("administration.policy_open"),
    invitation: t("administration.policy_invitation"),
    domains: t("administration.policy_domains", { domains: signUp.domains.join(", ") }),
    "single-sign-on": t("administration.policy_singleSignOn", { name }),
  };
  return (
    <Section title={t("administration.signUp")} text={t("administration.signUpText")}>
      <p className="[overflow-wrap:anywhere]">{words[signUp.policy]}</p>
    </Section>
  );
}
