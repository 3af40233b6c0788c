import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Provider } from "../../../../src/contract/schemas/instance.ts";
import type { ProviderKeyView } from "../../../../src/contract/schemas/provider-keys.ts";
import { failureToast } from "../../lib/error-text.ts";
import { Button } from "../../ui/button.tsx";
import { PageHeader } from "../../ui/page.tsx";
import { EmptyState, ErrorState, LoadingRows } from "../../ui/states.tsx";
import { toasts } from "../../ui/toasts.tsx";
import { useAccount } from "../account/session.ts";
import { AddProviderDialog } from "./add-provider-dialog.tsx";
import { ConnectGuide } from "./connect-guide.tsx";
import { PricesDialog } from "./prices-dialog.tsx";
import { type PendingAction, type ProviderAction, ProviderActionDialog } from "./provider-action-dialogs.tsx";
import { providerKeysQuery, providersQuery, useUpdateProvider } from "./provider-queries.ts";
import { type ProviderRow, ProviderTable } from "./provider-table.tsx";

const route = getRouteApi("/shell/providers");

/** Everybody sees who answers; the owner changes it. */
export function ProvidersPage() {
  const { t } = useTranslation();
  const isOwner = useAccount().role === "owner";
  const [isAdding, setAdding] = useState(false);
  return (
    <>
      <PageHeader
        title={t("providers.title")}
        lead={t("providers.lead")}
        {...(isOwner ? { action: <AddButton onClick={() => setAdding(true)} /> } : {})}
      />
      <ProviderList isOwner={isOwner} />
      {isOwner ? <ConnectGuide /> : <p className="mt-4 text-sm text-muted">{t("providers.readOnly")}</p>}
      {isAdding ? <AddProviderDialog onClose={() => setAdding(false)} /> : null}
    </>
  );
}

function AddButton({ onClick }: { onClick: () => void }) {
  const { t } = useTranslation();
  return (
    <Button look="primary" onClick={onClick}>
      <Plus aria-hidden />
      {t("providers.add")}
    </Button>
  );
}

function ProviderList({ isOwner }: { isOwner: boolean }) {
  const { t } = useTranslation();
  const providers = useQuery(providersQuery);
  const keys = useQuery({ ...providerKeysQuery, enabled: isOwner });
  const [pending, act, close] = useProviderActions();
  const failed = providers.error ?? (isOwner ? keys.error : null);
  if (!providers.data || (isOwner && !keys.data)) {
    if (!failed) return <LoadingRows rows={3} />;
    return <ErrorState error={failed} onRetry={() => void Promise.all([providers.refetch(), keys.refetch()])} />;
  }
  const rows = rowsOf(providers.data.providers, keys.data?.keys ?? []);
  if (rows.length === 0) return <EmptyState title={t("providers.emptyTitle")} text={t("providers.emptyText")} />;
  return (
    <>
      <div className="overflow-hidden md:rounded-card md:border md:border-line md:bg-surface md:shadow-card">
        <ProviderTable rows={rows} isOwner={isOwner} onAction={act} />
      </div>
      {isOwner ? <ShownPrices rows={rows} /> : null}
      {pending ? <ProviderActionDialog pending={pending} onClose={close} /> : null}
    </>
  );
}

/** The prices of the provider that the address names. */
function ShownPrices({ rows }: { rows: readonly ProviderRow[] }) {
  const { prices } = route.useSearch();
  const navigate = useNavigate();
  const shown = rows.find(({ provider }) => provider.slug === prices)?.provider;
  if (!shown) return null;
  return <PricesDialog provider={shown} onClose={() => void navigate({ to: "/providers", search: {} })} />;
}

function rowsOf(providers: readonly Provider[], keys: readonly ProviderKeyView[]): ProviderRow[] {
  return providers.map((provider) => ({
    provider,
    stored: provider.source === "dashboard" ? (keys.find(({ slug }) => slug === provider.slug) ?? null) : null,
  }));
}

/** Which dialog is open for which provider. Enabling needs none: it takes nothing from anybody. */
function useProviderActions() {
  const { t } = useTranslation();
  const update = useUpdateProvider();
  const [pending, setPending] = useState<PendingAction | null>(null);
  const act = (action: ProviderAction, stored: ProviderKeyView): void => {
    if (action !== "enable") {
      setPending({ action, stored });
      return;
    }
    update.mutate(
      { id: stored.id, disabled: false },
      {
        onSuccess: () => toasts.add({ title: t("providers.enabledNow", { name: stored.name }) }),
        onError: (error) => toasts.add(failureToast(error, t)),
      },
    );
  };
  return [pending, act, () => setPending(null)] as const;
}
