import { useTranslation } from "react-i18next";
import type { CatalogModelPage } from "../../../../src/contract/schemas/models.ts";
import { useLocale } from "../../i18n/language.ts";
import { classNames } from "../../lib/class-names.ts";
import { formatShare } from "../../lib/format.ts";
import { Badge } from "../../ui/badge.tsx";
import { Card } from "../../ui/card.tsx";
import { Part, Row } from "./endpoint-part.tsx";
import { EndpointPrices } from "./endpoint-prices.tsx";
import { TokenCount } from "./model-cells.tsx";

export type CatalogEndpoint = CatalogModelPage["endpoints"][number];

/** Somebody who serves the model: at what price, how well, and what is kept there. */
export function EndpointCard({ endpoint }: { endpoint: CatalogEndpoint }) {
  const { t } = useTranslation();
  const { provider_name: name, tag, status } = endpoint;
  const state = status >= 0 ? "up" : status === -1 ? "degraded" : "down";
  return (
    <Card className="sm:p-5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h3 className="font-bold">{name}</h3>
        <code className="font-mono text-xs text-muted">{tag}</code>
        <Badge tone={({ up: "good", degraded: "warn", down: "bad" } as const)[state]}>
          {t(`models.state_${state}`)}
        </Badge>
        {endpoint.quantization === null || endpoint.quantization === "unknown" ? null : (
          <Badge tone="plain">{endpoint.quantization}</Badge>
        )}
      </div>
      <div className="mt-4 grid gap-x-8 gap-y-5 lg:grid-cols-[minmax(0,1.2fr)_minmax(0,1fr)_minmax(0,1fr)]">
        <EndpointPrices pricing={endpoint.pricing} />
        <Part title={t("models.uptime")}>
          <Uptime label={t("models.last5m")} percent={endpoint.uptime_last_5m} />
          <Uptime label={t("models.last30m")} percent={endpoint.uptime_last_30m} />
          <Uptime label={t("models.last1d")} percent={endpoint.uptime_last_1d} />
        </Part>
        <Part title={t("models.terms")}>
          <Row label={t("models.context")}>
            <TokenCount count={endpoint.context_length} />
          </Row>
          <Row label={t("models.maxOutput")}>
            <TokenCount count={endpoint.max_completion_tokens} />
          </Row>
          <Row label={t("models.dataPolicy")}>{t(`models.policy_${policyOf(endpoint)}`)}</Row>
        </Part>
      </div>
    </Card>
  );
}

function policyOf({ keeps_nothing: nothing, keeps_for_training: training }: CatalogEndpoint) {
  if (nothing === true) return "nothing";
  if (training === true) return "training";
  return training === false ? "noTraining" : "unknown";
}

/** Of all that was asked of it, how much it answered. Below 99 of a hundred is worth a look. */
function Uptime({ label, percent }: { label: string; percent: number | null }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const fill = percent === null ? "" : percent >= 99 ? "bg-good" : percent >= 95 ? "bg-amber" : "bg-bad-fill";
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4">
      <dt className="text-muted">{label}</dt>
      <dd className="text-right tabular-nums">
        {percent === null ? t("models.notAsked") : formatShare(percent / 100, locale)}
      </dd>
      <dd
        aria-hidden
        className="col-span-2 mt-1 h-1.5 overflow-hidden rounded-full bg-sunken ring-1 ring-line ring-inset"
      >
        <div className={classNames("h-full rounded-full", fill)} style={{ width: `${percent ?? 0}%` }} />
      </dd>
    </div>
  );
}
