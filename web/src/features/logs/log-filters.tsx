import { useTranslation } from "react-i18next";
import type { TimeRange } from "../../lib/time-range.ts";
import { Button } from "../../ui/button.tsx";
import { SearchField } from "../../ui/search-field.tsx";
import { Segments } from "../../ui/segments.tsx";
import { SelectField } from "../../ui/select-field.tsx";
import { UsageFilters } from "../usage/usage-filters.tsx";
import { hasFilters, type LogsSearch, withoutFilters } from "./logs-search.ts";

interface LogFiltersProps {
  search: LogsSearch;
  shown: TimeRange;
  onShow: (change: LogsSearch) => void;
}

const STATUSES = [
  "200",
  "400",
  "401",
  "402",
  "403",
  "404",
  "408",
  "413",
  "422",
  "429",
  "499",
  "500",
  "502",
  "503",
  "504",
];
const COSTS = ["0.0001", "0.001", "0.01", "0.1", "1"];

export function LogFilters({ search, shown, onShow }: LogFiltersProps) {
  const { t } = useTranslation();
  const outcomes = [
    { value: "all", label: t("activity.all") },
    { value: "ok", label: t("activity.ok") },
    { value: "error", label: t("activity.error") },
  ] as const;
  const own = (known: readonly string[], chosen: string | undefined) =>
    chosen === undefined || known.includes(chosen) ? known : [...known, chosen];
  return (
    <>
      <div className="mb-3 grid grid-cols-2 gap-3 md:grid-cols-3 xl:grid-cols-6">
        <UsageFilters shown={shown} search={search} onChoose={(name, value) => onShow({ [name]: value })} />
        <SelectField
          label={t("activity.status")}
          value={search.status ?? ""}
          options={[
            { value: "", label: t("usage.all") },
            ...own(STATUSES, search.status).map((value) => ({ value, label: value })),
          ]}
          onChange={(event) => onShow({ status: event.target.value || undefined })}
          className="min-w-0"
        />
        <SelectField
          label={t("activity.cost")}
          value={search.cost ?? ""}
          options={[
            { value: "", label: t("usage.all") },
            ...own(COSTS, search.cost).map((value) => ({
              value,
              label: t("logs.costAtLeast", { amount: `$${value}` }),
            })),
          ]}
          onChange={(event) => onShow({ cost: event.target.value || undefined })}
          className="min-w-0"
        />
      </div>
      <div className="mb-4 flex flex-wrap items-center gap-3">
        <Segments
          label={t("activity.filterOutcome")}
          value={search.outcome ?? "all"}
          options={outcomes}
          onChoose={(chosen) => onShow({ outcome: chosen === "all" ? undefined : chosen })}
        />
        <SearchField
          label={t("logs.searchId")}
          initial={search.id ?? ""}
          onSearch={(text) => onShow({ id: text || undefined })}
          className="min-w-56 flex-1"
        />
        {hasFilters(search) ? (
          <Button look="quiet" onClick={() => onShow({ ...CLEARED, ...withoutFilters(search) })}>
            {t("activity.clearFilters")}
          </Button>
        ) : null}
      </div>
    </>
  );
}

/** Every filter, taken away. */
export const CLEARED: LogsSearch = {
  account: undefined,
  model: undefined,
  provider: undefined,
  key: undefined,
  app: undefined,
  member: undefined,
  outcome: undefined,
  status: undefined,
  cost: undefined,
  id: undefined,
};
