import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { Download } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { addressOf } from "../../lib/api.ts";
import { buttonStyle } from "../../ui/button.tsx";
import { FoldedFilters } from "../../ui/folded-filters.tsx";
import { Notice } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page.tsx";
import { ActivityDetails } from "../activity/activity-details.tsx";
import { useInstance } from "../instance/instance.ts";
import { RangePicker } from "../usage/range-picker.tsx";
import { ScopeChoice } from "../usage/scope-choice.tsx";
import { useScoped } from "../usage/use-scope.ts";
import { useTimeRange } from "../usage/use-time-range.ts";
import { ViewsDialog } from "../views/views-dialog.tsx";
import { LogColumnsDialog } from "./log-columns-dialog.tsx";
import { LogFilters } from "./log-filters.tsx";
import { LogHistogram } from "./log-histogram.tsx";
import { LogList } from "./log-list.tsx";
import { logParams } from "./logs-queries.ts";
import { filtersOf, type LogsSearch } from "./logs-search.ts";

const route = getRouteApi("/shell/logs");

/** Every single request, narrowed down as the address says. */
export function LogsPage(): ReactNode {
  const { t } = useTranslation();
  const search = useScoped(route.useSearch());
  const { payloadRetentionDays: keptDays } = useInstance();
  const navigate = useNavigate();
  const shown = useTimeRange(search);
  const show = (change: LogsSearch) => void navigate({ to: "/logs", search: { ...search, ...change }, replace: true });
  const open = (request?: string) => void navigate({ to: "/logs", search: { ...search, request } });
  return (
    <>
      <PageHeader
        title={t("logs.title")}
        lead={t(search.scope === "all" ? "logs.leadAll" : "logs.lead")}
        action={
          <div className="flex flex-wrap gap-2">
            <ViewsDialog page="logs" search={{ ...search, request: undefined, live: undefined }} />
            <LogColumnsDialog search={search} onShow={show} />
            <a
              href={addressOf(search.scope === "all" ? "exportInstanceActivity" : "exportActivity", {
                query: logParams(search, shown.to),
              })}
              download
              className={buttonStyle()}
            >
              <Download aria-hidden />
              {t("usage.csv")}
            </a>
          </div>
        }
      />
      {keptDays === null || search.scope === "all" ? null : (
        <Notice tone="info" className="mb-4">
          {t("activity.payloadsKept", { count: keptDays })}
        </Notice>
      )}
      <div className="mb-4 flex flex-wrap gap-3">
        <ScopeChoice search={search} onChoose={show} />
        <RangePicker
          search={search}
          shown={shown}
          onChoose={(chosen) => show({ range: undefined, from: undefined, to: undefined, ...chosen })}
        />
      </div>
      <FoldedFilters set={filtersOf(search)}>
        <LogFilters search={search} shown={shown} onShow={show} />
      </FoldedFilters>
      <LogHistogram search={search} shown={shown} onPick={(from, to) => show({ from: String(from), to: String(to) })} />
      <LogList search={search} onShow={show} onOpen={open} />
      {search.request === undefined ? null : (
        <ActivityDetails id={search.request} scope={search.scope} onClose={() => open()} />
      )}
    </>
  );
}
