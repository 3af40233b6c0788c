import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { CatalogModel } from "../../../../src/contract/schemas/models.ts";
import { useLocale } from "../../i18n/language.ts";
import { formatCompact, formatCount, pricePerMillion } from "../../lib/format.ts";
import { CopyButton } from "../../ui/copy-button.tsx";
import { type Column, DataTable } from "../../ui/data-table.tsx";
import { Money } from "../instance/money.tsx";

export function ModelTable({ models }: { models: readonly CatalogModel[] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const columns = useMemo((): Column<CatalogModel>[] => {
    const price = (perToken: string) => {
      const amount = pricePerMillion(perToken);
      return amount === null ? t("models.priceUnknown") : <Money usd={amount} />;
    };
    const sortablePrice = (perToken: string) => {
      const amount = pricePerMillion(perToken);
      return amount === null ? undefined : Number(amount);
    };
    return [
      {
        name: "name",
        label: t("models.name"),
        isMain: true,
        sortBy: (model) => model.name,
        cell: (model) => <NameCell model={model} />,
      },
      {
        name: "context",
        label: t("models.context"),
        align: "end",
        sortBy: (model) => model.context_length ?? undefined,
        cell: ({ context_length: length }) =>
          length === null ? (
            t("common.unknown")
          ) : (
            <span title={t("models.contextTokens", { formatted: formatCount(length, locale) })}>
              {formatCompact(length, locale)}
            </span>
          ),
      },
      {
        name: "input",
        label: t("models.input"),
        align: "end",
        sortBy: (model) => sortablePrice(model.pricing.prompt),
        cell: (model) => price(model.pricing.prompt),
      },
      {
        name: "output",
        label: t("models.output"),
        align: "end",
        sortBy: (model) => sortablePrice(model.pricing.completion),
        cell: (model) => price(model.pricing.completion),
      },
      {
        name: "providers",
        label: t("models.providers"),
        className: "md:max-w-32",
        sortBy: ({ providers }) => -providers.length,
        cell: ({ providers }) => (
          <span title={providers.map(({ name }) => name).join(", ")}>
            {providers.length === 1 ? providers[0]?.name : t("models.providerCount", { count: providers.length })}
          </span>
        ),
      },
      {
        name: "modalities",
        label: t("models.modalities"),
        className: "md:max-w-36 xl:max-w-48",
        cell: ({ architecture }) => (
          <span className="text-muted max-md:text-right">
            {architecture.input_modalities.join(", ")} → {architecture.output_modalities.join(", ")}
          </span>
        ),
      },
    ];
  }, [t, locale]);
  return <DataTable label={t("models.title")} columns={columns} rows={models} rowId={(model) => model.id} />;
}

function NameCell({ model }: { model: CatalogModel }) {
  const { t } = useTranslation();
  return (
    <div className="min-w-0">
      <p className="font-semibold" title={model.description || undefined}>
        {model.name}
      </p>
      <p className="-my-1 flex items-center gap-0.5">
        <code className="min-w-0 font-mono text-xs text-muted [overflow-wrap:anywhere]">{model.id}</code>
        <CopyButton
          text={model.id}
          look="quiet"
          className="size-8 min-h-8 px-0"
          aria-label={t("models.copyId", { id: model.id })}
        />
      </p>
    </div>
  );
}
