import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { CatalogModel } from "../../../../src/contract/schemas/models.ts";
import { useLocale } from "../../i18n/language.ts";
import { formatCompact, formatCount, formatDate, pricePerMillion } from "../../lib/format.ts";
import { Badge } from "../../ui/badge.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Money } from "../instance/money.tsx";
import { modalityText } from "./modality-text.ts";
import { type ModelColumn, modelPath } from "./models-search.ts";
import { abilitiesOf } from "./select-models.ts";

/** A price per token as one per million, in both currencies. */
export function Price({ perToken }: { perToken: string | undefined }) {
  const { t } = useTranslation();
  if (perToken === undefined) return "–";
  const amount = pricePerMillion(perToken);
  if (amount === null)
    return <span className="font-normal whitespace-nowrap text-muted">{t("models.priceUnknown")}</span>;
  return Number(amount) === 0 ? t("models.free") : <Money usd={amount} />;
}

export function TokenCount({ count }: { count: number | null }) {
  const { t } = useTranslation();
  const locale = useLocale();
  if (count === null || count === 0)
    return <span className="font-normal whitespace-nowrap text-muted">{t("common.unknown")}</span>;
  return (
    <span title={t("models.contextTokens", { formatted: formatCount(count, locale) })}>
      {formatCompact(count, locale)}
    </span>
  );
}

export function Abilities({ model }: { model: CatalogModel }) {
  const { t } = useTranslation();
  const able = abilitiesOf(model);
  if (able.length === 0) return <span className="text-muted">–</span>;
  return (
    <span className="flex flex-wrap gap-1">
      {able.map((ability) => (
        <Badge key={ability} tone="plain">
          {t(`models.can_${ability}`)}
        </Badge>
      ))}
    </span>
  );
}

export function Modalities({ model: { architecture } }: { model: CatalogModel }) {
  const { t } = useTranslation();
  const names = (modalities: readonly string[]) => modalities.map((one) => modalityText(one, t)).join(", ");
  return (
    <span className="text-muted">
      {names(architecture.input_modalities)} → {names(architecture.output_modalities)}
    </span>
  );
}

export function NameCell({ model }: { model: CatalogModel }) {
  const { t } = useTranslation();
  return (
    <div className="min-w-0">
      <Link to="/models/$author/$slug" params={modelPath(model.id)} className="text-link font-semibold">
        {model.name}
      </Link>
      <p className="-my-1 flex items-center gap-0.5">
        <code className="min-w-0 truncate font-mono text-xs text-muted" title={model.id}>
          {model.id}
        </code>
        <CopyButton
          text={model.id}
          look="quiet"
          className="size-8 min-h-8 shrink-0 px-0"
          aria-label={t("models.copyId", { id: model.id })}
        />
      </p>
    </div>
  );
}

export interface ModelCell {
  label: string;
  isNumber: boolean;
  cell: (model: CatalogModel) => ReactNode;
}

/** Every column that there is, beside the name. */
export function useModelCells(): Record<ModelColumn, ModelCell> {
  const { t } = useTranslation();
  const locale = useLocale();
  const number = (label: string, cell: ModelCell["cell"]): ModelCell => ({ label, isNumber: true, cell });
  const text = (label: string, cell: ModelCell["cell"]): ModelCell => ({ label, isNumber: false, cell });
  return {
    context: number(t("models.context"), ({ context_length: length }) => <TokenCount count={length} />),
    maxOutput: number(t("models.maxOutput"), ({ top_provider: top }) => (
      <TokenCount count={top.max_completion_tokens} />
    )),
    input: number(t("models.input"), ({ pricing }) => <Price perToken={pricing.prompt} />),
    output: number(t("models.output"), ({ pricing }) => <Price perToken={pricing.completion} />),
    cacheRead: number(t("models.cacheRead"), ({ pricing }) => <Price perToken={pricing.input_cache_read} />),
    providers: text(t("models.providers"), ({ providers }) => (
      <span className="block truncate" title={providers.map(({ name }) => name).join(", ")}>
        {providers.length === 1 ? providers[0]?.name : t("models.providerCount", { count: providers.length })}
      </span>
    )),
    modalities: text(t("models.modalities"), (model) => <Modalities model={model} />),
    abilities: text(t("models.abilities"), (model) => (
      <span className="text-xs text-muted">
        {abilitiesOf(model)
          .map((ability) => t(`models.can_${ability}`))
          .join(" · ") || "–"}
      </span>
    )),
    created: text(t("models.created"), ({ created }) => (created === 0 ? "–" : formatDate(created * 1000, locale))),
  };
}
