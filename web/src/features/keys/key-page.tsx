import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ApiKeyRow } from "../../../../src/contract/schemas/keys.ts";
import { hasCode } from "../../lib/api-error.ts";
import { buttonStyle } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { usePageTitle } from "../../ui/page.tsx";
import { EmptyState, ErrorState, LoadingRows } from "../../ui/states.tsx";
import { apiBaseUrl, useInstance } from "../instance/instance.ts";
import { KeyRiskCard } from "../key-risks/key-risk-card.tsx";
import { LatestRequests } from "../logs/latest-requests.tsx";
import { KeyActionDialog } from "./key-action-dialogs.tsx";
import { KeyAlerts } from "./key-alerts.tsx";
import { KeyExamples } from "./key-examples.tsx";
import { KeyBounds, KeyLife } from "./key-facts.tsx";
import { KeyHeading } from "./key-heading.tsx";
import { keyQuery } from "./key-queries.ts";
import { KeyUse } from "./key-use.tsx";
import { KEY_PLACEHOLDER, MANAGEMENT_KEY_VARIABLE, managementSnippet } from "./snippets.ts";
import { useKeyActions } from "./use-key-actions.ts";

const route = getRouteApi("/shell/keys/$id");

/** Everything that is known of one key, and everything that can be done with it. */
export function KeyPage(): ReactNode {
  const { t } = useTranslation();
  const { id } = route.useParams();
  const { data, error, isPending, refetch } = useQuery(keyQuery(id));
  usePageTitle(data?.name ?? id);
  if (isPending) return <LoadingRows rows={8} />;
  // What was read stays while it is deleted: the dialog that deletes it belongs to this page.
  if (data) return <Known apiKey={data} />;
  if (!hasCode(error, "resource_not_found")) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return (
    <>
      <h1 className="sr-only">{t("keys.unknownTitle", { id })}</h1>
      <EmptyState title={t("keys.unknownTitle", { id })} text={t("keys.unknownText")}>
        <Link to="/keys" className={buttonStyle({ look: "primary" })}>
          {t("keys.toKeys")}
        </Link>
      </EmptyState>
    </>
  );
}

function Known({ apiKey }: { apiKey: ApiKeyRow }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [pending, act, close] = useKeyActions();
  const callsModels = apiKey.kind === "inference";
  return (
    <div className="space-y-6">
      <KeyHeading apiKey={apiKey} onAction={(action) => act(action, apiKey)} />
      <KeyAlerts keyId={apiKey.id} />
      <div className="grid gap-6 lg:grid-cols-3">
        {callsModels ? <KeyBounds apiKey={apiKey} /> : null}
        <KeyLife apiKey={apiKey} />
        <KeyRiskCard apiKey={apiKey} />
      </div>
      {callsModels ? (
        <>
          <KeyUse id={apiKey.id} />
          <LatestRequests logs={{ key: apiKey.id }} />
        </>
      ) : null}
      <Card>
        <h2 className="text-lg font-bold">{t("keys.examplesTitle", { name: apiKey.name })}</h2>
        {callsModels ? (
          <>
            <p className="mt-1 mb-3 text-sm text-muted">{t("keys.examplesKeyHidden")}</p>
            <KeyExamples apiKey={KEY_PLACEHOLDER} />
          </>
        ) : (
          <ManagementExample />
        )}
      </Card>
      {pending ? (
        <KeyActionDialog pending={pending} onClose={close} onDeleted={() => void navigate({ to: "/keys" })} />
      ) : null}
    </div>
  );
}

function ManagementExample() {
  const { t } = useTranslation();
  const context = { apiBaseUrl: apiBaseUrl(useInstance()), key: `$${MANAGEMENT_KEY_VARIABLE}` };
  return (
    <div className="mt-3">
      <CodeBlock code={managementSnippet(context)} copyLabel={t("keys.copySnippet")} />
    </div>
  );
}
