import { useTranslation } from "react-i18next";
import type { ModelPriceView } from "../../../../src/contract/schemas/model-prices.ts";
import { Badge } from "../../ui/badge.tsx";
import { useMoneyText } from "../instance/money.tsx";

/** The two ordinary rates, and where they come from. */
export function PriceInForce({ shown: { price, source } }: { shown: ModelPriceView }) {
  const { t } = useTranslation();
  const money = useMoneyText();
  if (price === null) return <p className="text-sm text-muted">{t("providers.priceUnknown")}</p>;
  const amounts = { prompt: money(price.prompt), completion: money(price.completion) };
  return (
    <p className="mt-1 flex flex-wrap items-center gap-2 text-sm">
      {t("providers.pricesShown", amounts)}
      {source === null ? null : (
        <Badge tone={source === "dashboard" ? "good" : "plain"}>{t(`providers.priceFrom_${source}`)}</Badge>
      )}
    </p>
  );
}
