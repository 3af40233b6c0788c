import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { Download } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ENTRY_KINDS } from "../../routes/search.ts";
import { Button, buttonStyle } from "../../ui/button.tsx";
import { PageHeader } from "../../ui/page.tsx";
import { SelectField } from "../../ui/select-field.tsx";
import { ShowMore } from "../../ui/show-more.tsx";
import { EmptyState, ErrorState, LoadingRows } from "../../ui/states.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { Money } from "../instance/money.tsx";
import { exportAddress, type StatementFilter, statementQuery } from "./statement-queries.ts";
import { StatementTable } from "./statement-table.tsx";

const route = getRouteApi("/shell/statement");

export function StatementPage(): ReactNode {
  const { t } = useTranslation();
  const filter = route.useSearch();
  const navigate = useNavigate();
  const { data } = useInfiniteQuery(statementQuery(filter));
  const show = (search: StatementFilter) => void navigate({ to: "/statement", search, replace: true });
  const { account, kind, from, to } = filter;
  const [statement] = data?.pages ?? [];
  const title =
    account === undefined || statement === undefined
      ? t("statement.title")
      : t("statement.titleOf", { whose: statement.account });
  return (
    <>
      <PageHeader
        title={title}
        lead={t("statement.lead")}
        action={
          <a href={exportAddress(filter)} download className={buttonStyle()}>
            <Download aria-hidden />
            {t("statement.export")}
          </a>
        }
      />
      {statement === undefined ? null : (
        <dl className="mb-5">
          <dt className="text-sm text-muted">{t("statement.balance")}</dt>
          <dd className="text-2xl font-bold tracking-tight tabular-nums [overflow-wrap:anywhere]">
            <Money usd={statement.balanceUsd} />
          </dd>
        </dl>
      )}
      <div className="mb-4 grid grid-cols-2 gap-3 sm:flex sm:flex-wrap">
        <SelectField
          label={t("statement.filterKind")}
          className="max-sm:col-span-2 sm:w-48"
          value={kind ?? ""}
          onChange={({ target }) => show({ ...filter, kind: ENTRY_KINDS.find((known) => known === target.value) })}
          options={[
            { value: "", label: t("statement.allKinds") },
            ...ENTRY_KINDS.map((value) => ({ value, label: t(`statement.kind_${value}`) })),
          ]}
        />
        <TextField
          type="date"
          label={t("statement.from")}
          max={to}
          value={from ?? ""}
          onChange={({ target }) => show({ ...filter, from: target.value || undefined })}
        />
        <TextField
          type="date"
          label={t("statement.to")}
          min={from}
          value={to ?? ""}
          onChange={({ target }) => show({ ...filter, to: target.value || undefined })}
        />
      </div>
      <Entries filter={filter} onClear={() => show({ account })} />
    </>
  );
}

function Entries({ filter, onClear }: { filter: StatementFilter; onClear: () => void }) {
  const { t } = useTranslation();
  const list = useInfiniteQuery(statementQuery(filter));
  if (list.isPending) return <LoadingRows rows={8} />;
  if (!list.data) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  const entries = list.data.pages.flatMap((page) => page.entries);
  if (entries.length === 0) {
    return filter.kind === undefined && filter.from === undefined && filter.to === undefined ? (
      <EmptyState title={t("statement.emptyTitle")} text={t("statement.emptyText")} />
    ) : (
      <EmptyState title={t("statement.noneTitle")} text={t("statement.noneText")}>
        <Button onClick={onClear}>{t("statement.clear")}</Button>
      </EmptyState>
    );
  }
  return (
    <>
      <div className="overflow-hidden md:rounded-card md:border md:border-line md:bg-surface md:shadow-card">
        <StatementTable entries={entries} linksRequests={filter.account === undefined} />
      </div>
      <div className="mt-4 flex justify-center empty:hidden">
        <ShowMore list={list} />
      </div>
    </>
  );
}
