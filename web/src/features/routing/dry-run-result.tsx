import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { DryRun, DryRunEndpoint, DryRunPassedOver } from "../../../../src/contract/schemas/dry-run.ts";
import { useLocale } from "../../i18n/language.ts";
import { errorCodeText } from "../../lib/error-text.ts";
import { formatCount, formatDuration, formatShare } from "../../lib/format.ts";
import { type Column, DataTable } from "../../ui/data-table.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Money } from "../instance/money.tsx";
import { becauseText, whyText } from "./why-text.ts";

export function DryRunResult({ result }: { result: DryRun }) {
  const { t } = useTranslation();
  const { endpoints, passed_over, refusal, provider } = result;
  const isDrawn = endpoints.some(({ why }) => why.share !== null);
  return (
    <>
      {refusal === null ? null : (
        <Notice tone="warn" title={t("routing.wouldBeRefused")}>
          <p>{errorCodeText(refusal.error_code, t)}</p>
          <p className="font-mono text-xs text-muted">{refusal.error_code}</p>
        </Notice>
      )}
      {endpoints.length === 0 ? null : (
        <Part title={t("routing.order")} note={isDrawn ? t("routing.askAgainHint") : null}>
          <PlannedTable endpoints={endpoints} />
        </Part>
      )}
      <Part title={t("routing.passedOver")} note={passed_over.length === 0 ? t("routing.nobodyPassedOver") : null}>
        {passed_over.length === 0 ? null : <PassedTable endpoints={passed_over} />}
      </Part>
      {Object.keys(provider).length === 0 ? null : (
        <details className="group text-sm">
          <summary className="flex w-fit items-center gap-1.5 rounded font-semibold">
            <ChevronRight aria-hidden className="size-4 transition-transform group-open:rotate-90" />
            {t("routing.mergedWishes")}
          </summary>
          <pre className="mt-2 rounded-lg bg-sunken p-3 font-mono text-xs whitespace-pre-wrap [overflow-wrap:anywhere]">
            {JSON.stringify({ provider }, null, 2)}
          </pre>
        </details>
      )}
    </>
  );
}

function Part({ title, note, children }: { title: string; note: string | null; children: ReactNode }) {
  return (
    <section>
      <h2 className="text-lg font-bold">{title}</h2>
      {note === null ? null : <p className="text-sm text-muted">{note}</p>}
      {children ? (
        <div className="mt-2 overflow-hidden md:rounded-card md:border md:border-line md:bg-surface md:shadow-card">
          {children}
        </div>
      ) : null}
    </section>
  );
}

type Shown = DryRunEndpoint | DryRunPassedOver;

function PlannedTable({ endpoints }: { endpoints: readonly DryRunEndpoint[] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const places = new Map(endpoints.map((endpoint, index) => [endpoint, index + 1]));
  const reason: Column<DryRunEndpoint> = {
    name: "reason",
    label: t("routing.columnReason"),
    className: "md:min-w-48",
    cell: (endpoint) => (
      <div className="max-md:text-right">
        <span className="block first-letter:uppercase">{whyText(endpoint, t, locale)}</span>
        {endpoint.problem_code === null ? null : (
          <span className="block font-medium text-bad">{errorCodeText(endpoint.problem_code, t)}</span>
        )}
        {endpoint.dropped_parameters.length === 0 ? null : (
          <span className="block text-xs text-muted first-letter:uppercase">
            {t("routing.demerit_unsuitable", { lacking: endpoint.dropped_parameters.join(", ") })}
          </span>
        )}
      </div>
    ),
  };
  return (
    <DataTable
      label={t("routing.order")}
      columns={[useProviderColumn<DryRunEndpoint>((endpoint) => places.get(endpoint)), ...useStandingColumns(), reason]}
      rows={endpoints}
      rowId={rowId}
    />
  );
}

function PassedTable({ endpoints }: { endpoints: readonly DryRunPassedOver[] }) {
  const { t } = useTranslation();
  const because: Column<DryRunPassedOver> = {
    name: "because",
    label: t("routing.columnBecause"),
    className: "md:min-w-48",
    cell: (endpoint) => (
      <span className="block first-letter:uppercase max-md:text-right">{becauseText(endpoint.because, t)}</span>
    ),
  };
  return (
    <DataTable
      label={t("routing.passedOver")}
      columns={[useProviderColumn<DryRunPassedOver>(() => undefined), ...useStandingColumns(), because]}
      rows={endpoints}
      rowId={rowId}
    />
  );
}

function rowId({ endpoint, model }: Shown): string {
  return `${endpoint} ${model}`;
}

function useProviderColumn<Row extends Shown>(placeOf: (endpoint: Row) => number | undefined): Column<Row> {
  const { t } = useTranslation();
  return {
    name: "provider",
    label: t("routing.columnProvider"),
    isMain: true,
    cell: (endpoint) => {
      const place = placeOf(endpoint);
      return (
        <div className="flex min-w-0 items-baseline gap-2.5">
          {place === undefined ? null : <span className="font-bold text-brand tabular-nums">{place}.</span>}
          <span className="min-w-0">
            <span className="block font-semibold">{endpoint.provider_name}</span>
            <code className="block font-mono text-xs font-normal text-muted [overflow-wrap:anywhere]">
              {endpoint.endpoint} · {endpoint.model}
            </code>
          </span>
        </div>
      );
    },
  };
}

function useStandingColumns<Row extends Shown>(): Column<Row>[] {
  const { t } = useTranslation();
  const locale = useLocale();
  const unmeasured = (
    <span className="text-muted" title={t("routing.notMeasured")}>
      <span aria-hidden>–</span>
      <span className="sr-only">{t("routing.notMeasured")}</span>
    </span>
  );
  return [
    {
      name: "price",
      label: t("routing.columnPrice"),
      cell: ({ price }) => (price === null ? t("routing.priceUnknown") : <Prices {...price} />),
    },
    {
      name: "uptime",
      label: t("routing.columnUptime"),
      align: "end",
      cell: ({ uptime }) => (uptime === null ? unmeasured : formatShare(uptime, locale)),
    },
    {
      name: "latency",
      label: t("routing.columnLatency"),
      align: "end",
      cell: ({ latency }) => (latency === null ? unmeasured : formatDuration(latency.p50 * 1000, locale)),
    },
    {
      name: "throughput",
      label: t("routing.columnThroughput"),
      align: "end",
      cell: ({ throughput }) =>
        throughput === null
          ? unmeasured
          : t("routing.tokensPerSecond", { speed: formatCount(Math.round(throughput.p50), locale) }),
    },
  ];
}

function Prices({ prompt, completion }: { prompt: string; completion: string }) {
  const { t } = useTranslation();
  return (
    <span className="block max-md:text-right">
      <span className="block whitespace-nowrap">
        <Money usd={prompt} /> <span className="text-muted">{t("routing.priceIn")}</span>
      </span>
      <span className="block whitespace-nowrap">
        <Money usd={completion} /> <span className="text-muted">{t("routing.priceOut")}</span>
      </span>
    </span>
  );
}
