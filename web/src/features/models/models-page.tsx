import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Download, Scale } from "lucide-react";
import { type ReactNode, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { CatalogModel } from "../../../../src/contract/schemas/models.ts";
import { csvText, saveFile } from "../../lib/csv.ts";
import { pricePerMillion } from "../../lib/format.ts";
import { Button, buttonStyle } from "../../ui/button.tsx";
import { FoldedFilters } from "../../ui/folded-filters.tsx";
import { PageHeader } from "../../ui/page.tsx";
import { SearchField } from "../../ui/search-field.tsx";
import { EmptyState, ErrorState, LoadingRows } from "../../ui/states.tsx";
import { ViewsDialog } from "../views/views-dialog.tsx";
import { ModelColumnsDialog } from "./model-columns-dialog.tsx";
import { ModelFilters } from "./model-filters.tsx";
import { ModelTable } from "./model-table.tsx";
import { modelsQuery } from "./models-query.ts";
import { comparedIds, compareText, type ModelsSearch, modelFiltersOf } from "./models-search.ts";
import { selectedModels } from "./select-models.ts";

const route = getRouteApi("/shell/models");

/** The catalogue, narrowed down and sorted as the address says. */
export function ModelsPage(): ReactNode {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = useNavigate();
  const { data, error, isPending, refetch } = useQuery(modelsQuery);
  const show = (change: ModelsSearch) =>
    void navigate({ to: "/models", search: { ...search, ...change }, replace: true, resetScroll: false });
  const found = useMemo(() => selectedModels(data?.models ?? [], search), [data, search]);
  return (
    <>
      <PageHeader
        title={t("models.title")}
        lead={t("models.lead")}
        action={
          <div className="flex flex-wrap gap-2">
            <ViewsDialog page="models" search={{ ...search, compare: undefined }} />
            <ModelColumnsDialog search={search} onShow={show} />
            <Button
              disabled={found.length === 0}
              onClick={() => saveFile("gapura-models.csv", "text/csv", modelsCsv(found))}
            >
              <Download aria-hidden />
              {t("usage.csv")}
            </Button>
          </div>
        }
      />
      {isPending ? <LoadingRows rows={8} /> : null}
      {!isPending && !data ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {data ? <Catalogue models={data.models} found={found} search={search} onShow={show} /> : null}
    </>
  );
}

interface CatalogueProps {
  models: readonly CatalogModel[];
  found: readonly CatalogModel[];
  search: ModelsSearch;
  onShow: (change: ModelsSearch) => void;
}

function Catalogue({ models, found, search, onShow }: CatalogueProps) {
  const { t } = useTranslation();
  if (models.length === 0) {
    return (
      <EmptyState title={t("models.emptyTitle")} text={t("models.emptyText")}>
        <Link to="/providers" className={buttonStyle({ look: "primary" })}>
          {t("shell.providers")}
        </Link>
      </EmptyState>
    );
  }
  return (
    <>
      <SearchField
        label={t("models.search")}
        initial={search.q ?? ""}
        onSearch={(text) => onShow({ q: text || undefined })}
        className="mb-3"
      />
      <FoldedFilters set={modelFiltersOf(search)}>
        <ModelFilters models={models} search={search} onShow={onShow} />
      </FoldedFilters>
      <p role="status" className="mb-3 text-sm text-muted">
        {t("models.count", { count: found.length })}
      </p>
      {found.length === 0 ? (
        <EmptyState title={t("models.noneFound")} text={t("models.noneFoundText")} />
      ) : (
        <ModelTable models={found} search={search} onShow={onShow} />
      )}
      <CompareBar search={search} onShow={onShow} />
    </>
  );
}

/** What is chosen so far, and the way to see it side by side. */
function CompareBar({ search, onShow }: Pick<CatalogueProps, "search" | "onShow">) {
  const { t } = useTranslation();
  const ids = comparedIds(search);
  if (ids.length === 0) return null;
  return (
    <section
      aria-label={t("models.compare")}
      className="sticky bottom-20 z-20 mt-4 flex flex-wrap items-center justify-between gap-3 rounded-card border border-line bg-surface px-4 py-3 shadow-float lg:bottom-4"
    >
      <p className="text-sm font-semibold">{t("models.compareCount", { count: ids.length })}</p>
      <div className="flex gap-2">
        <Button size="small" look="quiet" onClick={() => onShow({ compare: undefined })}>
          {t("models.compareClear")}
        </Button>
        {ids.length > 1 ? (
          <Link
            to="/models/compare"
            search={{ compare: compareText(ids) }}
            className={buttonStyle({ look: "primary", size: "small" })}
          >
            <Scale aria-hidden />
            {t("models.compareOpen")}
          </Link>
        ) : null}
      </div>
    </section>
  );
}

/** Prices are dollars for a million tokens. Names of columns are those of the API. */
function modelsCsv(models: readonly CatalogModel[]): string {
  const price = (perToken: string | undefined) => (perToken === undefined ? null : pricePerMillion(perToken));
  const head = [
    ...["id", "name", "context_length", "max_completion_tokens", "prompt_usd_per_million"],
    ...["completion_usd_per_million", "cache_read_usd_per_million", "providers", "input", "output", "parameters"],
  ];
  const rows = models.map((model) => [
    model.id,
    model.name,
    model.context_length,
    model.top_provider.max_completion_tokens,
    price(model.pricing.prompt),
    price(model.pricing.completion),
    price(model.pricing.input_cache_read),
    model.providers.map(({ slug }) => slug).join(" "),
    model.architecture.input_modalities.join(" "),
    model.architecture.output_modalities.join(" "),
    model.supported_parameters.join(" "),
  ]);
  return csvText([head, ...rows]);
}
