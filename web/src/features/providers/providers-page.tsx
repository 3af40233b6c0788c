import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Provider } from "../../../../src/contract/schemas/instance.ts";
import { Badge, type BadgeTone } from "../../ui/badge.tsx";
import { Card } from "../../ui/card.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { PageHeader } from "../../ui/page.tsx";
import { ErrorState, LoadingRows } from "../../ui/states.tsx";
import { providersQuery } from "./provider-queries.ts";

const STATES = {
  ready: { tone: "good", label: "providers.stateReady" },
  checking: { tone: "plain", label: "providers.stateChecking" },
  unreachable: { tone: "bad", label: "providers.stateUnreachable" },
  refused: { tone: "bad", label: "providers.stateRefused" },
  disabled: { tone: "plain", label: "providers.stateDisabled" },
  locked: { tone: "bad", label: "providers.stateLocked" },
  hidden: { tone: "warn", label: "providers.stateHidden" },
} as const satisfies Record<Provider["state"], { tone: BadgeTone; label: string }>;

const SOURCES = {
  environment: "providers.sourceEnvironment",
  file: "providers.sourceFile",
  dashboard: "providers.sourceDashboard",
  local: "providers.sourceLocal",
  builtin: "providers.sourceBuiltin",
} as const satisfies Record<Provider["source"], string>;

export function ProvidersPage() {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(providersQuery);
  return (
    <>
      <PageHeader title={t("providers.title")} lead={t("providers.lead")} />
      {isPending ? <LoadingRows rows={2} /> : null}
      {!isPending && !data ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {data ? (
        <ul className="grid gap-4 md:grid-cols-2">
          {data.providers.map((provider) => (
            <li key={provider.slug}>
              <ProviderCard provider={provider} />
            </li>
          ))}
        </ul>
      ) : null}
      <ConnectGuide />
    </>
  );
}

function ProviderCard({ provider }: { provider: Provider }) {
  const { t } = useTranslation();
  const { tone, label } = STATES[provider.state];
  return (
    <Card className="h-full">
      <div className="flex items-start justify-between gap-3">
        <div className="min-w-0">
          <h2 className="text-lg font-bold [overflow-wrap:anywhere]">{provider.name}</h2>
          <p className="text-sm text-muted">{t(SOURCES[provider.source])}</p>
        </div>
        <Badge tone={tone}>{t(label)}</Badge>
      </div>
      {provider.baseUrl ? (
        <p className="mt-3 font-mono text-xs text-muted [overflow-wrap:anywhere]">{provider.baseUrl}</p>
      ) : null}
      <p className="mt-3 text-sm">
        {provider.models === null ? t("providers.modelsUnread") : t("providers.models", { count: provider.models })}
      </p>
      {provider.source === "builtin" ? (
        <p className="mt-2 text-sm text-muted">{t("providers.sandboxNote")}</p>
      ) : (
        <ProviderTrouble provider={provider} />
      )}
    </Card>
  );
}

/** What to do in the reader's language, and the server's own words for the details. */
function ProviderTrouble({ provider }: { provider: Provider }) {
  const { t, i18n } = useTranslation();
  const isBroken = provider.state === "unreachable" || provider.state === "refused";
  const hint = provider.state === "refused" ? t("providers.refusedHint") : t("providers.unreachableHint");
  return (
    <>
      {isBroken ? <p className="mt-2 text-sm text-bad">{hint}</p> : null}
      {provider.note ? (
        <details className="mt-2 text-sm">
          <summary className="text-link w-fit rounded">{t("providers.detail")}</summary>
          <p lang={i18n.language === "en" ? undefined : "en"} className="mt-1 text-muted [overflow-wrap:anywhere]">
            {provider.note}
          </p>
        </details>
      ) : null}
    </>
  );
}

const CONFIG_LINES = `providers:
  - type: openai-compatible
    slug: lab
    baseUrl: https://llm.example.com/v1
    apiKeyVariable: LAB_API_KEY`;

function ConnectGuide() {
  const { t } = useTranslation();
  const copyLabel = t("providers.copyCommand");
  return (
    <section className="mt-10">
      <h2 className="text-xl font-bold">{t("providers.connectTitle")}</h2>
      <p className="mt-1 text-muted">{t("providers.connectText")}</p>
      <div className="mt-4 grid gap-x-6 gap-y-5 md:grid-cols-2 *:min-w-0">
        <div>
          <h3 className="mb-2 font-semibold">{t("providers.connectOpenai")}</h3>
          <CodeBlock code="OPENAI_API_KEY=sk-… npm start" copyLabel={copyLabel} />
        </div>
        <div>
          <h3 className="mb-2 font-semibold">{t("providers.connectOpenrouter")}</h3>
          <CodeBlock code="OPENROUTER_API_KEY=sk-or-… npm start" copyLabel={copyLabel} />
        </div>
        <div>
          <h3 className="mb-2 font-semibold">{t("providers.connectOther")}</h3>
          <p className="mb-2 text-sm text-muted">{t("providers.connectOtherText")}</p>
          <CodeBlock code={CONFIG_LINES} copyLabel={copyLabel} />
        </div>
        <div>
          <h3 className="mb-2 font-semibold">{t("providers.connectLocal")}</h3>
          <p className="text-sm text-muted">{t("providers.connectLocalText")}</p>
        </div>
      </div>
    </section>
  );
}
