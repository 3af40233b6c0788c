import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ALERT_KINDS } from "../../../../src/kernel/alerts/facts.ts";
import { ALERT_STATES, ALERT_TABS, type alertsSearch } from "../../routes/search.ts";
import { Button } from "../../ui/button.tsx";
import { FoldedFilters } from "../../ui/folded-filters.tsx";
import { PageHeader } from "../../ui/page.tsx";
import { Segments } from "../../ui/segments.tsx";
import { SelectField } from "../../ui/select-field.tsx";
import { ShowMore } from "../../ui/show-more.tsx";
import { EmptyState, ErrorState, LoadingRows } from "../../ui/states.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { useReach } from "../team/accounts.ts";
import { ViewsDialog } from "../views/views-dialog.tsx";
import { AlertCard } from "./alert-card.tsx";
import { AlertDetails } from "./alert-details.tsx";
import { type AlertFilter, alertListQuery, openAlertsQuery } from "./alert-queries.ts";
import { AlertSending } from "./alert-sending.tsx";
import { AlertsCsv } from "./alerts-csv.tsx";

const route = getRouteApi("/shell/alerts");
type Search = ReturnType<typeof alertsSearch>;

export function AlertsPage() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const seesSending = useReach("getAlertSettings") !== "none";
  const filter: AlertFilter = { state: search.state ?? "open", kind: search.kind, keyId: search.key };
  const navigate = useNavigate();
  const show = (changes: Search) => void navigate({ to: "/alerts", search: { ...search, ...changes }, replace: true });
  const open = (alert?: string) => void navigate({ to: "/alerts", search: { ...search, alert } });
  return (
    <>
      <PageHeader
        title={t("alerts.title")}
        lead={t("alerts.lead")}
        action={
          <div className="flex flex-wrap gap-2">
            <AlertsCsv {...filter} />
            <ViewsDialog page="alerts" search={{ ...search, alert: undefined }} />
          </div>
        }
      />
      <Tabs
        label={t("alerts.title")}
        chosen={{
          name: search.tab ?? "alerts",
          onChoose: (name) => show({ tab: ALERT_TABS.find((tab) => tab === name && tab !== "alerts") }),
        }}
        tabs={[
          {
            name: "alerts",
            label: t("alerts.tabAlerts"),
            content: (
              <>
                <FoldedFilters set={[search.state, search.kind, search.key]}>
                  <Filters search={search} onChange={show} />
                </FoldedFilters>
                <AlertList
                  filter={filter}
                  isFiltered={search.kind !== undefined || search.key !== undefined || search.state !== undefined}
                  onClear={() => void navigate({ to: "/alerts", search: { state: "all" } })}
                  onOpen={open}
                />
              </>
            ),
          },
          ...(seesSending ? [{ name: "sending", label: t("alerts.tabSending"), content: <AlertSending /> }] : []),
        ]}
      />
      {search.alert === undefined ? null : <AlertDetails id={search.alert} onClose={() => open()} />}
    </>
  );
}

function Filters({ search, onChange }: { search: Search; onChange: (changes: Search) => void }) {
  const { t } = useTranslation();
  const states = ALERT_STATES.map((value) => ({ value, label: t(`alerts.state_${value}`) }));
  const kinds = ALERT_KINDS.map((value) => ({ value, label: t(`alerts.kind_${value}`) }));
  return (
    <div className="mb-4 flex flex-wrap items-center gap-3">
      <Segments
        label={t("alerts.filterState")}
        value={search.state ?? "open"}
        options={states}
        onChoose={(state) => onChange({ state: state === "open" ? undefined : state })}
      />
      <SelectField
        label={t("alerts.filterKind")}
        hideLabel
        className="w-full sm:w-56"
        value={search.kind ?? ""}
        options={[{ value: "", label: t("alerts.anyKind") }, ...kinds]}
        onChange={({ target }) => onChange({ kind: ALERT_KINDS.find((kind) => kind === target.value) })}
      />
      <KeyFilter chosen={search.key} onChoose={(key) => onChange({ key })} />
    </div>
  );
}

function KeyFilter({ chosen, onChoose }: { chosen: string | undefined; onChoose: (id: string | undefined) => void }) {
  const { t } = useTranslation();
  const { data } = useQuery(openAlertsQuery);
  const keys = data?.keys ?? [];
  // What is in the address stays chosen, also where there is no alert of it, or the key is gone.
  const own = chosen === undefined || keys.some(({ id }) => id === chosen) ? [] : [{ value: chosen, label: chosen }];
  if (keys.length === 0 && own.length === 0) return null;
  return (
    <SelectField
      label={t("alerts.filterKey")}
      hideLabel
      className="w-full sm:w-56"
      value={chosen ?? ""}
      options={[
        { value: "", label: t("alerts.allKeys") },
        ...own,
        ...keys.map(({ id, name }) => ({ value: id, label: name })),
      ]}
      onChange={({ target }) => onChoose(target.value || undefined)}
    />
  );
}

interface AlertListProps {
  filter: AlertFilter;
  isFiltered: boolean;
  onClear: () => void;
  onOpen: (id: string) => void;
}

function AlertList({ filter, isFiltered, onClear, onOpen }: AlertListProps) {
  const { t } = useTranslation();
  const list = useInfiniteQuery(alertListQuery(filter));
  if (list.isPending) return <LoadingRows rows={4} />;
  if (!list.data) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  const alerts = list.data.pages.flatMap((page) => page.alerts);
  if (alerts.length === 0) {
    return isFiltered && filter.state !== "all" ? (
      <EmptyState title={t("alerts.noneTitle")} text={t("alerts.noneText")}>
        <Button onClick={onClear}>{t("alerts.clearFilters")}</Button>
      </EmptyState>
    ) : (
      <EmptyState title={t("alerts.emptyTitle")} text={t("alerts.emptyText")} />
    );
  }
  return (
    <>
      <ul className="space-y-3">
        {alerts.map((alert) => (
          <li key={alert.id}>
            <AlertCard alert={alert} onOpen={() => onOpen(alert.id)} />
          </li>
        ))}
      </ul>
      <ShowMore list={list} />
    </>
  );
}
