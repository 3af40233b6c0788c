import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { Download } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { AUDIT_ACTIONS } from "../../../../src/kernel/audit.ts";
import { Button, buttonStyle } from "../../ui/button.tsx";
import { FoldedFilters } from "../../ui/folded-filters.tsx";
import { PageHeader } from "../../ui/page.tsx";
import { SearchField } from "../../ui/search-field.tsx";
import { SelectField } from "../../ui/select-field.tsx";
import { ShowMore } from "../../ui/show-more.tsx";
import { EmptyState, ErrorState, LoadingRows } from "../../ui/states.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { useAccount } from "../account/session.ts";
import { ViewsDialog } from "../views/views-dialog.tsx";
import { type AuditFilter, auditQuery, exportAddress } from "./audit-queries.ts";
import { AuditTable } from "./audit-table.tsx";
import { actionText } from "./audit-words.ts";
import { ChainState } from "./chain-state.tsx";

const route = getRouteApi("/shell/audit");

/** Who changed what: everything for the owner of the instance, for everybody else what concerns their account. */
export function AuditPage(): ReactNode {
  const { t } = useTranslation();
  const { role } = useAccount();
  const { columns, ...filter } = route.useSearch();
  const navigate = useNavigate();
  const show = (search: AuditFilter) => void navigate({ to: "/audit", search: { columns, ...search }, replace: true });
  const { who, action, target, from, to } = filter;
  return (
    <>
      <PageHeader
        title={t("audit.title")}
        lead={t(role === "owner" ? "audit.leadOwner" : "audit.lead")}
        action={
          <div className="flex flex-wrap gap-2">
            <ViewsDialog page="audit" search={{ ...filter, columns }} />
            <a href={exportAddress(filter)} download className={buttonStyle()}>
              <Download aria-hidden />
              {t("audit.export")}
            </a>
          </div>
        }
      />
      {role === "owner" ? <ChainState /> : null}
      <FoldedFilters set={[who, action, target, from, to]}>
        <div className="mb-4 grid grid-cols-2 items-end gap-3 lg:grid-cols-5">
          <SearchField
            label={t("audit.who")}
            initial={who ?? ""}
            onSearch={(text) => show({ ...filter, who: text.trim() || undefined })}
            className="max-sm:col-span-2"
          />
          <SearchField
            label={t("audit.target")}
            initial={target ?? ""}
            onSearch={(text) => show({ ...filter, target: text.trim() || undefined })}
            className="max-sm:col-span-2"
          />
          <SelectField
            label={t("audit.action")}
            className="max-sm:col-span-2"
            value={action ?? ""}
            onChange={(event) =>
              show({ ...filter, action: AUDIT_ACTIONS.find((known) => known === event.target.value) })
            }
            options={[
              { value: "", label: t("audit.everyAction") },
              ...AUDIT_ACTIONS.map((value) => ({ value, label: actionText(value, t) })),
            ]}
          />
          <TextField
            type="date"
            label={t("audit.from")}
            max={to}
            value={from ?? ""}
            onChange={(event) => show({ ...filter, from: event.target.value || undefined })}
          />
          <TextField
            type="date"
            label={t("audit.to")}
            min={from}
            value={to ?? ""}
            onChange={(event) => show({ ...filter, to: event.target.value || undefined })}
          />
        </div>
      </FoldedFilters>
      <Entries
        filter={filter}
        onClear={() => show({})}
        chosen={columns}
        onChoose={(chosen) => void navigate({ to: "/audit", search: { ...filter, columns: chosen }, replace: true })}
      />
    </>
  );
}

interface EntriesProps {
  filter: AuditFilter;
  onClear: () => void;
  chosen: string | undefined;
  onChoose: (columns: string | undefined) => void;
}

function Entries({ filter, onClear, ...choice }: EntriesProps) {
  const { t } = useTranslation();
  const list = useInfiniteQuery(auditQuery(filter));
  if (list.isPending) return <LoadingRows rows={8} />;
  if (!list.data) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  const entries = list.data.pages.flatMap((page) => page.entries);
  if (entries.length === 0) {
    return (
      <EmptyState title={t("audit.noneTitle")} text={t("audit.noneText")}>
        <Button onClick={onClear}>{t("audit.clear")}</Button>
      </EmptyState>
    );
  }
  return (
    <>
      <div className="overflow-hidden md:rounded-card md:border md:border-line md:bg-surface md:shadow-card">
        <AuditTable entries={entries} {...choice} />
      </div>
      <div className="mt-4 flex justify-center empty:hidden">
        <ShowMore list={list} />
      </div>
    </>
  );
}
