import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { MessagesSquare, Scale } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { CatalogModel, CatalogModelPage } from "../../../../src/contract/schemas/models.ts";
import { hasCode } from "../../lib/api-error.ts";
import { Badge } from "../../ui/badge.tsx";
import { buttonStyle } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { usePageTitle } from "../../ui/page.tsx";
import { EmptyState, ErrorState, LoadingRows } from "../../ui/states.tsx";
import { CallSamples } from "../snippets/call-samples.tsx";
import { EndpointCard } from "./endpoint-card.tsx";
import { Abilities, Modalities, Price, TokenCount } from "./model-cells.tsx";
import { describedIn } from "./model-description.ts";
import { ModelUse } from "./model-use.tsx";
import { modelQuery } from "./models-query.ts";
import { SpeedChart } from "./speed-chart.tsx";

const route = getRouteApi("/shell/models/$author/$slug");

/** Everything that is known of one model. */
export function ModelPage(): ReactNode {
  const { t } = useTranslation();
  const { author, slug } = route.useParams();
  const id = `${author}/${slug}`;
  const { data, error, isPending, refetch } = useQuery(modelQuery(id));
  usePageTitle(data?.model.name ?? id);
  if (isPending) return <LoadingRows rows={8} />;
  if (data) return <Known page={data} />;
  if (!hasCode(error, "resource_not_found")) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return (
    <EmptyState title={t("models.unknownTitle", { id })} text={t("models.unknownText")}>
      <Link to="/models" className={buttonStyle({ look: "primary" })}>
        {t("models.toCatalogue")}
      </Link>
    </EmptyState>
  );
}

function Known({ page: { model, endpoints } }: { page: CatalogModelPage }) {
  const { t } = useTranslation();
  const body = { model: model.id, messages: [{ role: "user", content: t("models.sampleQuestion") }] };
  return (
    <div className="space-y-6">
      <Heading model={model} />
      <Facts model={model} />
      <section aria-labelledby="endpoints">
        <h2 id="endpoints" className="mb-3 text-lg font-bold">
          {t("models.endpoints", { count: endpoints.length })}
        </h2>
        <div className="space-y-4">
          {endpoints.map((endpoint) => (
            <EndpointCard key={`${endpoint.tag} ${endpoint.name} ${endpoint.quantization}`} endpoint={endpoint} />
          ))}
        </div>
      </section>
      <div className="grid gap-6 lg:grid-cols-2">
        <SpeedChart
          title={t("models.latency")}
          text={t("models.latencyText")}
          unit="ms"
          rows={endpoints.map(({ provider_name: name, tag, latency_last_30m: value }) => ({ name, tag, value }))}
        />
        <SpeedChart
          title={t("models.throughput")}
          text={t("models.throughputText")}
          unit="tokens"
          rows={endpoints.map(({ provider_name: name, tag, throughput_last_30m: value }) => ({ name, tag, value }))}
        />
      </div>
      <ModelUse id={model.id} />
      <Card>
        <h2 className="mb-3 text-lg font-bold">{t("models.samples")}</h2>
        <CallSamples body={body} />
      </Card>
    </div>
  );
}

function Heading({ model }: { model: CatalogModel }) {
  const { t } = useTranslation();
  return (
    <header>
      <Link to="/models" className="text-link text-sm font-semibold">
        {t("models.title")}
      </Link>
      <div className="mt-2 flex flex-wrap items-start justify-between gap-x-6 gap-y-4">
        <div className="min-w-0">
          <h1 className="text-2xl font-bold [overflow-wrap:anywhere] sm:text-3xl">{model.name}</h1>
          <p className="mt-1 flex items-center gap-1">
            <code className="min-w-0 font-mono text-sm text-muted [overflow-wrap:anywhere]">{model.id}</code>
            <CopyButton text={model.id} look="quiet" size="icon" aria-label={t("models.copyId", { id: model.id })} />
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          <Link to="/models" search={{ compare: model.id }} className={buttonStyle()}>
            <Scale aria-hidden />
            {t("models.compare")}
          </Link>
          <Link to="/playground" search={{ models: model.id }} className={buttonStyle({ look: "primary" })}>
            <MessagesSquare aria-hidden />
            {t("models.tryIt")}
          </Link>
        </div>
      </div>
      <div className="mt-3 flex flex-wrap items-center gap-2 text-sm">
        <Modalities model={model} />
        <Abilities model={model} />
      </div>
      {model.description ? (
        <p className="mt-4 max-w-3xl whitespace-pre-line text-pretty">{describedIn(model, t)}</p>
      ) : null}
    </header>
  );
}

function Facts({
  model: { context_length: context, top_provider: top, pricing, supported_parameters: fields },
}: {
  model: CatalogModel;
}) {
  const { t } = useTranslation();
  return (
    <>
      <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-card border border-line bg-line shadow-card md:grid-cols-4">
        <Fact label={t("models.context")}>
          <TokenCount count={context} />
        </Fact>
        <Fact label={t("models.maxOutput")}>
          <TokenCount count={top.max_completion_tokens} />
        </Fact>
        <Fact label={t("models.input")}>
          <Price perToken={pricing.prompt} />
        </Fact>
        <Fact label={t("models.output")}>
          <Price perToken={pricing.completion} />
        </Fact>
      </dl>
      {fields.length === 0 ? null : (
        <details className="text-sm">
          <summary className="text-link w-fit rounded font-semibold">
            {t("models.parameters", { count: fields.length })}
          </summary>
          <p className="mt-2 flex flex-wrap gap-1.5">
            {fields.map((field) => (
              <Badge key={field} tone="plain" className="font-mono font-normal">
                {field}
              </Badge>
            ))}
          </p>
        </details>
      )}
    </>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="min-w-0 bg-surface p-4 sm:p-5">
      <dt className="text-sm text-muted">{label}</dt>
      <dd className="mt-1 text-xl font-bold tracking-tight tabular-nums [overflow-wrap:anywhere]">{children}</dd>
    </div>
  );
}
