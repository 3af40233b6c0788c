import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { RoutingTab } from "../../routes/search.ts";
import { PageHeader } from "../../ui/page.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { DefaultsPanel } from "./defaults-panel.tsx";
import { DryRunPanel } from "./dry-run-panel.tsx";
import { PresetsPanel } from "./presets-panel.tsx";

const route = getRouteApi("/shell/routing");

/** Who may answer, in which order and why: tried out, set for every request, and kept under names. */
export function RoutingPage() {
  const { t } = useTranslation();
  const { tab = "try", model } = route.useSearch();
  const navigate = useNavigate();
  const tabs: { name: RoutingTab; label: string; content: React.ReactNode }[] = [
    { name: "try", label: t("routing.tabDryRun"), content: <DryRunPanel model={model} /> },
    { name: "defaults", label: t("routing.tabDefaults"), content: <DefaultsPanel /> },
    { name: "presets", label: t("routing.tabPresets"), content: <PresetsPanel /> },
  ];
  const onChoose = (name: string) => {
    const chosen = tabs.find((one) => one.name === name)?.name;
    void navigate({ to: "/routing", search: { ...(model ? { model } : {}), tab: chosen }, replace: true });
  };
  return (
    <>
      <PageHeader title={t("routing.title")} lead={t("routing.lead")} />
      <Tabs label={t("routing.tabs")} tabs={tabs} chosen={{ name: tab, onChoose }} />
    </>
  );
}
