import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Provider } from "../../../../src/contract/schemas/instance.ts";
import type { ModelPriceView } from "../../../../src/contract/schemas/model-prices.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { SearchField } from "../../ui/search-field.tsx";
import { EmptyState, ErrorState, LoadingRows } from "../../ui/states.tsx";
import { PriceForm } from "./price-form.tsx";
import { PriceInForce } from "./price-in-force.tsx";
import { modelPricesQuery } from "./provider-queries.ts";

interface PricesDialogProps {
  provider: Pick<Provider, "slug" | "name">;
  onClose: () => void;
}

/** What each model of a provider costs here and why, and the form for a price of one's own. */
export function PricesDialog({ provider, onClose }: PricesDialogProps) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(modelPricesQuery(provider.slug));
  const [chosen, choose] = useState<ModelPriceView | null>(null);
  return (
    <Dialog
      isOpen
      onClose={onClose}
      closesOnOutsideClick={chosen === null}
      title={t("providers.pricesTitle", { name: provider.name })}
      description={t("providers.pricesText")}
    >
      {chosen ? <PriceForm provider={provider.slug} shown={chosen} onDone={() => choose(null)} /> : null}
      {data && !chosen ? <PriceList models={data.models} onChoose={choose} /> : null}
      {!data && error ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error ? <LoadingRows rows={4} /> : null}
    </Dialog>
  );
}

function PriceList({
  models,
  onChoose,
}: {
  models: readonly ModelPriceView[];
  onChoose: (model: ModelPriceView) => void;
}) {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState("");
  if (models.length === 0) return <EmptyState title={t("providers.pricesNone")} text={t("providers.pricesNoneText")} />;
  const text = wanted.toLowerCase();
  const found = models.filter(({ model, name }) => `${model} ${name}`.toLowerCase().includes(text));
  return (
    <>
      <SearchField label={t("providers.pricesSearch")} onSearch={setWanted} />
      {found.length === 0 ? <p className="mt-4 text-muted">{t("providers.pricesNotFound")}</p> : null}
      <ul className="mt-3 divide-y divide-line">
        {found.map((model) => (
          <PriceRow key={model.model} shown={model} onChoose={onChoose} />
        ))}
      </ul>
    </>
  );
}

function PriceRow({ shown, onChoose }: { shown: ModelPriceView; onChoose: (model: ModelPriceView) => void }) {
  const { t } = useTranslation();
  const { model, source, isOffered } = shown;
  const action = t(source === "dashboard" ? "providers.priceChange" : "providers.priceSet");
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-3">
      <div className="min-w-0 flex-1 basis-56">
        <p className="font-mono text-sm [overflow-wrap:anywhere]">{model}</p>
        <PriceInForce shown={shown} />
        {isOffered ? null : <p className="text-xs text-muted">{t("providers.priceNotOffered")}</p>}
        {source === "file" ? <p className="text-xs text-muted">{t("providers.priceFromFile")}</p> : null}
      </div>
      {source === "file" ? null : (
        <Button aria-label={t("providers.priceOf", { action, model })} onClick={() => onChoose(shown)}>
          {action}
        </Button>
      )}
    </li>
  );
}
