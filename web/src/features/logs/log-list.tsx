import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Radio } from "lucide-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useLocale } from "../../i18n/language.ts";
import { formatCount, formatDateTime } from "../../lib/format.ts";
import { isCustom } from "../../lib/time-range.ts";
import { Button, buttonStyle } from "../../ui/button.tsx";
import { ShowMore } from "../../ui/show-more.tsx";
import { EmptyState, ErrorState, LoadingRows } from "../../ui/states.tsx";
import { CLEARED } from "./log-filters.tsx";
import { LogTable } from "./log-table.tsx";
import { logsQuery } from "./logs-queries.ts";
import { columnsOf, hasFilters, type LogsSearch } from "./logs-search.ts";
import { useLiveRows } from "./use-live-rows.ts";

interface LogListProps {
  search: LogsSearch;
  onShow: (change: LogsSearch) => void;
  onOpen: (id: string) => void;
}

/** How often an answer without any row is followed by the next question without being told to. */
const LOOKS_FURTHER = 10;

export function LogList({ search, onShow, onOpen }: LogListProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const list = useInfiniteQuery(logsQuery(search));
  const live = useLiveRows(search);
  const pages = list.data?.pages ?? [];
  const listed = pages.flatMap((page) => page.rows);
  const known = new Set(live.rows.map(({ id }) => id));
  const rows = [...live.rows, ...listed.filter(({ id }) => !known.has(id))];
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const looksOn = hasNextPage && !isFetchingNextPage && listed.length === 0 && pages.length < LOOKS_FURTHER;
  useEffect(() => {
    if (looksOn) void fetchNextPage();
  }, [looksOn, fetchNextPage]);
  if (list.isPending) return <LoadingRows rows={8} />;
  if (!list.data) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  const searchedToMs = pages.at(-1)?.searchedToMs ?? null;
  const custom = isCustom(search);
  return (
    <>
      <div className="mb-3 flex min-h-10 flex-wrap items-center justify-between gap-3">
        <p className="text-sm text-muted" aria-live="polite">
          {t(hasNextPage ? "logs.shownSoFar" : "logs.shownAll", { rows: formatCount(rows.length, locale) })}
        </p>
        {custom || search.scope === "all" ? null : (
          <Button
            size="small"
            aria-pressed={search.live === true}
            onClick={() => onShow({ live: search.live ? undefined : true })}
            look={search.live ? "primary" : "secondary"}
          >
            <Radio aria-hidden className={live.state === "open" ? "waiting" : ""} />
            {search.live ? t(live.state === "open" ? "logs.liveOn" : "logs.liveConnecting") : t("logs.live")}
          </Button>
        )}
      </div>
      {rows.length === 0 && !hasNextPage ? (
        <NoRows search={search} onShow={onShow} />
      ) : (
        <LogTable
          rows={rows}
          columns={columnsOf(search)}
          isOfAll={search.scope === "all"}
          list={list}
          onOpen={onOpen}
        />
      )}
      {searchedToMs !== null && rows.length === 0 && !looksOn ? (
        <p className="py-6 text-center text-muted">
          {t("logs.searchedTo", { time: formatDateTime(searchedToMs, locale) })}
        </p>
      ) : null}
      <div className="mt-4 flex justify-center empty:hidden">
        <ShowMore list={list} />
      </div>
    </>
  );
}

function NoRows({ search, onShow }: Pick<LogListProps, "search" | "onShow">) {
  const { t } = useTranslation();
  if (hasFilters(search) || isCustom(search) || search.range !== undefined) {
    return (
      <EmptyState title={t("activity.noneTitle")} text={t("activity.noneText")}>
        <Button onClick={() => onShow({ ...CLEARED, range: undefined, from: undefined, to: undefined })}>
          {t("activity.clearFilters")}
        </Button>
      </EmptyState>
    );
  }
  return (
    <EmptyState title={t("activity.emptyTitle")} text={t("activity.emptyText")}>
      <Link to="/keys" className={buttonStyle({ look: "primary" })}>
        {t("activity.toKeys")}
      </Link>
    </EmptyState>
  );
}
