import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useLocale } from "../../i18n/language.ts";
import { formatCount } from "../../lib/format.ts";
import { KEY_ORDERS, KEY_STATES, KEY_TREND_METRICS, type KeyTrendMetric } from "../../routes/search.ts";
import { Button } from "../../ui/button.tsx";
import { FoldedFilters } from "../../ui/folded-filters.tsx";
import { PageHeader } from "../../ui/page.tsx";
import { SearchField } from "../../ui/search-field.tsx";
import { Segments } from "../../ui/segments.tsx";
import { SelectField } from "../../ui/select-field.tsx";
import { ShowMore } from "../../ui/show-more.tsx";
import { EmptyState, ErrorState, LoadingRows } from "../../ui/states.tsx";
import { BulkBar, useChosenKeys } from "../key-risks/bulk-bar.tsx";
import { KeyReminders } from "../key-risks/key-reminders.tsx";
import { useReach } from "../team/accounts.ts";
import { MemberFilter } from "../team/member-filter.tsx";
import { Permitted } from "../team/permitted.tsx";
import { ViewsDialog } from "../views/views-dialog.tsx";
import { CreateKeyDialog } from "./create-key-dialog.tsx";
import { KeyActionDialog } from "./key-action-dialogs.tsx";
import { type KeyListAsked, keyListQuery } from "./key-queries.ts";
import { KeyTable } from "./key-table.tsx";
import { useKeyTrends } from "./key-trend.tsx";
import { KeysCsv } from "./keys-csv.tsx";
import { useKeyActions } from "./use-key-actions.ts";

const route = getRouteApi("/shell/keys");
const STATE_LABELS = {
  active: "keys.stateActive",
  disabled: "keys.stateDisabled",
  expired: "keys.stateExpired",
  frozen: "keys.stateFrozen",
} as const;

export function KeysPage(): ReactNode {
  const { t } = useTranslation();
  const search = route.useSearch();
  const { q, sort, state, member, trend = "spend", create = false } = search;
  const mayMake = useReach("createKey") !== "none";
  const navigate = useNavigate();
  const show = (change: typeof search) =>
    void navigate({ to: "/keys", search: { ...search, ...change }, replace: true });
  const setCreate = (isOpen: boolean) => show({ create: isOpen ? true : undefined });
  return (
    <>
      <PageHeader
        title={t("keys.title")}
        lead={t("keys.lead")}
        action={
          <div className="flex flex-wrap gap-2">
            <KeysCsv q={q} sort={sort} state={state} member={member} />
            <ViewsDialog page="keys" search={{ ...search, create: undefined }} />
            <Permitted to="createKey">
              <Button look="primary" onClick={() => setCreate(true)}>
                <Plus aria-hidden />
                {t("keys.create")}
              </Button>
            </Permitted>
          </div>
        }
      />
      <div className="mb-4 flex flex-wrap items-end gap-3">
        <SearchField
          label={t("keys.search")}
          initial={q ?? ""}
          onSearch={(text) => show({ q: text === "" ? undefined : text })}
          className="min-w-0 flex-1 basis-64 sm:max-w-md"
        />
        <FoldedFilters set={[sort, state, member, search.trend]} className="">
          <SelectField
            label={t("keys.sort")}
            hideLabel
            value={sort ?? "newest"}
            onChange={(event) => show({ sort: KEY_ORDERS.find((known) => known === event.target.value) })}
            options={(["newest", ...KEY_ORDERS] as const).map((value) => ({ value, label: t(`keys.sort_${value}`) }))}
          />
          <SelectField
            label={t("keys.columnState")}
            hideLabel
            value={state ?? ""}
            onChange={(event) => show({ state: KEY_STATES.find((known) => known === event.target.value) })}
            options={[
              { value: "", label: t("keys.everyState") },
              ...KEY_STATES.map((value) => ({ value, label: t(STATE_LABELS[value]) })),
            ]}
          />
          <MemberFilter value={member} onChoose={(chosen) => show({ member: chosen })} />
          <div>
            <p aria-hidden className="mb-1.5 text-sm font-semibold md:hidden">
              {t("keys.trendMetric")}
            </p>
            <Segments
              label={t("keys.trendMetric")}
              value={trend}
              options={KEY_TREND_METRICS.map((value) => ({ value, label: t(`usage.${value}`) }))}
              onChoose={(chosen) => show({ trend: chosen === "spend" ? undefined : chosen })}
            />
          </div>
        </FoldedFilters>
      </div>
      <KeyReminders className="mb-4" />
      <KeyList
        asked={{ q, sort, state, member }}
        trendMetric={trend}
        columns={search.columns}
        onColumns={(columns) => show({ columns })}
      />
      <CreateKeyDialog isOpen={create && mayMake} onClose={() => setCreate(false)} />
    </>
  );
}

interface KeyListProps {
  asked: KeyListAsked;
  trendMetric: KeyTrendMetric;
  columns: string | undefined;
  onColumns: (columns: string | undefined) => void;
}

function KeyList({ asked, trendMetric, columns, onColumns }: KeyListProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const list = useInfiniteQuery(keyListQuery(asked));
  const trends = useKeyTrends(list.data?.pages ?? []);
  const [pending, act, close] = useKeyActions();
  const keys = list.data?.pages.flatMap((page) => page.keys) ?? [];
  const choice = useChosenKeys(keys);
  if (list.isPending) return <LoadingRows />;
  if (!list.data) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;

  const total = list.data.pages[0]?.total ?? keys.length;
  if (keys.length === 0 && asked.q === undefined && asked.state === undefined && asked.member === undefined)
    return <EmptyState title={t("keys.emptyTitle")} text={t("keys.emptyText")} />;
  if (keys.length === 0) {
    return (
      <EmptyState
        title={asked.q === undefined ? t("keys.noneHere") : t("keys.noneFound", { query: asked.q })}
        text={t(asked.q === undefined ? "keys.noneHereText" : "keys.noneFoundText")}
      />
    );
  }
  return (
    <>
      <BulkBar choice={choice} />
      <div className="overflow-hidden md:rounded-card md:border md:border-line md:bg-surface md:shadow-card">
        <KeyTable
          keys={keys}
          trends={trends}
          trendMetric={trendMetric}
          chosen={columns}
          onChoose={onColumns}
          choice={choice}
          onAction={act}
        />
      </div>
      <div className="mt-4 flex flex-wrap items-center justify-between gap-3 text-sm text-muted">
        <p role="status">
          {keys.length < total
            ? t("common.shownOf", { shown: formatCount(keys.length, locale), total: formatCount(total, locale) })
            : t("keys.count", { count: total })}
        </p>
        <ShowMore list={list} />
      </div>
      {pending ? <KeyActionDialog pending={pending} onClose={close} /> : null}
    </>
  );
}
