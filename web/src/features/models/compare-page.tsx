import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { CatalogModel } from "../../../../src/contract/schemas/models.ts";
import { Button, buttonStyle } from "../../ui/button.tsx";
import { PageHeader } from "../../ui/page.tsx";
import { EmptyState, ErrorState, LoadingRows } from "../../ui/states.tsx";
import { useModelCells } from "./model-cells.tsx";
import { ModelChoice } from "./model-picker.tsx";
import { modelsQuery } from "./models-query.ts";
import { comparedIds, compareText, MODEL_COLUMNS, MOST_COMPARED, modelPath } from "./models-search.ts";

const route = getRouteApi("/shell/models/compare");

/** Two to four models side by side, those of the address. */
export function ComparePage(): ReactNode {
  const { t } = useTranslation();
  const ids = comparedIds(route.useSearch());
  const { data, error, isPending, refetch } = useQuery(modelsQuery);
  const navigate = useNavigate();
  const show = (chosen: readonly string[]) =>
    void navigate({ to: "/models/compare", search: { compare: compareText(chosen) }, replace: true });
  const all = data?.models ?? [];
  const models = ids.flatMap((id) => all.find((model) => model.id === id) ?? []);
  const others = all.filter(({ id }) => !ids.includes(id));
  return (
    <>
      <PageHeader
        title={t("models.compareTitle")}
        lead={t("models.compareLead")}
        action={
          <Link to="/models" search={{ compare: compareText(ids) }} className={buttonStyle()}>
            {t("models.toCatalogue")}
          </Link>
        }
      />
      {isPending ? <LoadingRows rows={8} /> : null}
      {!isPending && !data ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {data && ids.length < MOST_COMPARED ? (
        <ModelChoice
          label={t("models.compareAdd")}
          className="mb-4 max-w-md"
          models={others}
          onChoose={(id) => show([...ids, id])}
        />
      ) : null}
      {data && models.length === 0 ? (
        <EmptyState title={t("models.compareEmpty")} text={t("models.compareLead")} />
      ) : null}
      {models.length === 0 ? null : (
        <SideBySide models={models} onRemove={(id) => show(ids.filter((one) => one !== id))} />
      )}
    </>
  );
}

function SideBySide({ models, onRemove }: { models: readonly CatalogModel[]; onRemove: (id: string) => void }) {
  const { t } = useTranslation();
  const cells = useModelCells();
  return (
    <section
      aria-label={t("models.compareTitle")}
      // What is wider than the window is scrolled to with the keyboard as well.
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      className="overflow-x-auto rounded-card border border-line bg-surface shadow-card"
    >
      <table className="w-full text-sm">
        <thead>
          <tr>
            <td className={`${CORNER} align-bottom`} />
            {models.map(({ id, name }) => (
              <th key={id} scope="col" className="min-w-48 border-b border-line px-4 py-3 text-left align-top">
                <span className="flex items-start justify-between gap-2">
                  <span className="min-w-0">
                    <Link to="/models/$author/$slug" params={modelPath(id)} className="text-link font-semibold">
                      {name}
                    </Link>
                    <code className="block font-mono text-xs font-normal text-muted [overflow-wrap:anywhere]">
                      {id}
                    </code>
                  </span>
                  <Button
                    look="quiet"
                    size="icon"
                    className="-mt-2 -mr-2"
                    aria-label={t("models.compareRemove", { name })}
                    onClick={() => onRemove(id)}
                  >
                    <X aria-hidden />
                  </Button>
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {MODEL_COLUMNS.map((column) => (
            <tr key={column} className="[&>*]:border-b [&>*]:border-line last:[&>*]:border-b-0">
              <th scope="row" className={`${CORNER} font-medium text-muted`}>
                {cells[column].label}
              </th>
              {models.map((model) => (
                <td key={model.id} className="px-4 py-3 align-top tabular-nums">
                  {cells[column].cell(model)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const CORNER = "sticky left-0 z-10 w-32 min-w-28 border-r border-line bg-surface px-4 py-3 text-left align-top";
