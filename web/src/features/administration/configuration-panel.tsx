import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { ConfigurationView } from "../../../../src/contract/schemas/administration.ts";
import { Badge } from "../../ui/badge.tsx";
import { type Column, DataTable } from "../../ui/data-table.tsx";
import { SearchField } from "../../ui/search-field.tsx";
import { EmptyState, ErrorState, LoadingRows } from "../../ui/states.tsx";
import { configurationQuery } from "./administration-queries.ts";

type Line = ConfigurationView["settings"][number];

interface ConfigurationPanelProps {
  search: string;
  onSearch: (text: string) => void;
}

/** Every setting in force and where it comes from. */
export function ConfigurationPanel({ search, onSearch }: ConfigurationPanelProps) {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(configurationQuery);
  if (isPending) return <LoadingRows rows={8} />;
  if (!data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  const wanted = search.toLowerCase();
  const lines = data.settings.filter(({ name, value }) => `${name} ${value}`.toLowerCase().includes(wanted));
  return (
    <section aria-label={t("administration.settings")}>
      <p className="max-w-2xl text-sm text-muted">{t("administration.settingsText")}</p>
      <p className="mt-1 mb-3 text-sm text-muted [overflow-wrap:anywhere]">
        {data.file === null
          ? t("administration.settingsNoFile")
          : t("administration.settingsFile", { file: data.file })}
      </p>
      <SearchField
        label={t("administration.settingsFilter")}
        initial={search}
        onSearch={onSearch}
        className="mb-3 sm:max-w-xs"
      />
      {lines.length === 0 ? (
        <EmptyState title={t("administration.noSetting")} />
      ) : (
        <div className="overflow-hidden md:rounded-card md:border md:border-line md:bg-surface md:shadow-card">
          <SettingTable lines={lines} />
        </div>
      )}
    </section>
  );
}

/** What the server writes in words where there is no value to show. Values themselves stay as they are written in a file. */
const WORDS = {
  "not set": "administration.valueNotSet",
  "set, not shown": "administration.valueNotShown",
  "kept in the data folder": "administration.valueInFolder",
} as const;

function isWord(value: string): value is keyof typeof WORDS {
  return Object.hasOwn(WORDS, value);
}

function SettingTable({ lines }: { lines: readonly Line[] }) {
  const { t } = useTranslation();
  const columns: Column<Line>[] = [
    {
      name: "setting",
      label: t("administration.setting"),
      isMain: true,
      cell: ({ name }) => <code className="text-sm [overflow-wrap:anywhere]">{name}</code>,
    },
    {
      name: "value",
      label: t("administration.value"),
      className: "md:max-w-96",
      cell: ({ value }) => (
        <span className="min-w-0 [overflow-wrap:anywhere] max-md:text-right">
          {isWord(value) ? t(WORDS[value]) : value}
        </span>
      ),
    },
    {
      name: "source",
      label: t("administration.source"),
      cell: ({ source, place }) => (
        <div className="min-w-0 max-md:text-right">
          <Badge tone={source === "default" ? "plain" : "brand"}>{t(`administration.source_${source}`)}</Badge>
          {source === "default" ? null : (
            <span className="mt-0.5 block text-xs text-muted [overflow-wrap:anywhere]">{place}</span>
          )}
        </div>
      ),
    },
  ];
  return <DataTable label={t("administration.settings")} columns={columns} rows={lines} rowId={({ name }) => name} />;
}
