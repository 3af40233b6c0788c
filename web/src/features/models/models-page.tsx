import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { type ReactNode, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { CatalogModel } from "../../../../src/contract/schemas/models.ts";
import { useLocale } from "../../i18n/language.ts";
import { formatCount } from "../../lib/format.ts";
import { Button, buttonStyle } from "../../ui/button.tsx";
import { PageHeader } from "../../ui/page.tsx";
import { SearchField } from "../../ui/search-field.tsx";
import { EmptyState, ErrorState, LoadingRows } from "../../ui/states.tsx";
import { matchingModels } from "./model-search.ts";
import { ModelTable } from "./model-table.tsx";
import { modelsQuery } from "./models-query.ts";

const route = getRouteApi("/shell/models");
/** More rows than this are drawn only when asked for. */
const PAGE_SIZE = 100;

export function ModelsPage(): ReactNode {
  const { t } = useTranslation();
  const { q = "" } = route.useSearch();
  const navigate = useNavigate();
  const { data, error, isPending, refetch } = useQuery(modelsQuery);
  return (
    <>
      <PageHeader title={t("models.title")} lead={t("models.lead")} />
      <SearchField
        label={t("models.search")}
        initial={q}
        onSearch={(text) => void navigate({ to: "/models", search: text ? { q: text } : {}, replace: true })}
        className="mb-4 max-w-md"
      />
      {isPending ? <LoadingRows rows={8} /> : null}
      {!isPending && !data ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {data ? <ModelList key={q} models={data.models} query={q} /> : null}
    </>
  );
}

function ModelList({ models, query }: { models: readonly CatalogModel[]; query: string }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const [shown, setShown] = useState(PAGE_SIZE);
  const found = useMemo(() => matchingModels(models, query), [models, query]);
  const visible = useMemo(() => found.slice(0, shown), [found, shown]);
  if (models.length === 0) {
    return (
      <EmptyState title={t("models.emptyTitle")} text={t("models.emptyText")}>
        <Link to="/providers" className={buttonStyle({ look: "primary" })}>
          {t("shell.providers")}
        </Link>
      </EmptyState>
    );
  }
  if (found.length === 0) {
    return <EmptyState title={t("models.noneFound", { query })} text={t("models.noneFoundText")} />;
  }
  return (
    <>
      <div className="overflow-hidden md:rounded-card md:border md:border-line md:bg-surface md:shadow-card">
        <ModelTable models={visible} />
      </div>
      <div className="mt-4 flex flex-wrap items-center justify-between gap-3 text-sm text-muted">
        <p role="status">
          {visible.length < found.length
            ? t("common.shownOf", {
                shown: formatCount(visible.length, locale),
                total: formatCount(found.length, locale),
              })
            : t("models.count", { count: found.length })}
        </p>
        {visible.length < found.length ? (
          <Button onClick={() => setShown(shown + PAGE_SIZE)}>{t("common.showMore")}</Button>
        ) : null}
      </div>
    </>
  );
}
