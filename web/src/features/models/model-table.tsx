import { useTranslation } from "react-i18next";
import type { CatalogModel } from "../../../../src/contract/schemas/models.ts";
import { type VirtualColumn, VirtualTable } from "../../ui/virtual-table.tsx";
import { NameCell, useModelCells } from "./model-cells.tsx";
import {
  comparedIds,
  compareText,
  MODEL_ORDERS,
  MOST_COMPARED,
  type ModelColumn,
  type ModelsSearch,
  modelColumnsOf,
} from "./models-search.ts";
import { nextSort } from "./select-models.ts";

interface ModelTableProps {
  models: readonly CatalogModel[];
  search: ModelsSearch;
  onShow: (change: ModelsSearch) => void;
}

const ROW_PX = 61;
const CARD_PX = 190;
const WIDTHS: Record<ModelColumn, [rem: number, share: number]> = {
  context: [4.75, 0.9],
  maxOutput: [4.75, 0.9],
  input: [6.5, 1.1],
  output: [6.5, 1.1],
  cacheRead: [6.5, 1.1],
  providers: [4.75, 1.2],
  modalities: [8, 1.6],
  abilities: [7.5, 2],
  created: [6.5, 1],
};

export function ModelTable({ models, search, onShow }: ModelTableProps) {
  const { t } = useTranslation();
  const cells = useModelCells();
  const { sort } = search;
  const chosen = comparedIds(search);
  const sorted = (name: string) => {
    const order = MODEL_ORDERS.find((one) => one === name);
    if (order === undefined) return {};
    const direction = sort === order ? "ascending" : sort === `-${order}` ? "descending" : "none";
    return { sorted: { direction, onSort: () => onShow({ sort: nextSort(sort, order) }) } as const };
  };
  const columns: VirtualColumn<CatalogModel>[] = [
    {
      name: "compare",
      label: t("models.compare"),
      hideLabel: true,
      isNumber: false,
      width: [2.5, 0],
      card: { hideLabel: true, className: "max-md:order-last max-md:col-span-2" },
      cell: ({ id, name }) => (
        <label className="flex min-h-9 w-fit cursor-pointer items-center gap-2 text-sm">
          <input
            type="checkbox"
            className="size-4 accent-brand"
            aria-label={t("models.compareThis", { name })}
            checked={chosen.includes(id)}
            disabled={chosen.length >= MOST_COMPARED && !chosen.includes(id)}
            onChange={({ target }) =>
              onShow({ compare: compareText(target.checked ? [...chosen, id] : chosen.filter((one) => one !== id)) })
            }
          />
          <span className="md:hidden">{t("models.compare")}</span>
        </label>
      ),
    },
    {
      name: "name",
      label: t("models.name"),
      isNumber: false,
      width: [10, 3],
      card: { hideLabel: true, className: "max-md:col-span-2" },
      cell: (model) => <NameCell model={model} />,
      ...sorted("name"),
    },
    ...modelColumnsOf(search).map((name) => ({
      name,
      width: WIDTHS[name],
      ...cells[name],
      ...(name === "abilities" || name === "modalities" ? { card: { className: "max-md:col-span-2" } } : {}),
      ...sorted(name),
    })),
  ];
  return (
    <VirtualTable
      label={t("models.title")}
      rows={models}
      columns={columns}
      rowId={({ id }) => id}
      rowPx={ROW_PX}
      cardPx={CARD_PX}
    />
  );
}
