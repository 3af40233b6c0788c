import { getRouteApi, useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ADMINISTRATION_TABS, type AdministrationTab, type administrationSearch } from "../../routes/search.ts";
import { PageHeader } from "../../ui/page.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { AboutPanel } from "./about-panel.tsx";
import { BackupPanel } from "./backup-panel.tsx";
import { ConfigurationPanel } from "./configuration-panel.tsx";
import { MailPanel } from "./mail-panel.tsx";
import { SystemPanel } from "./system-panel.tsx";
import { UsersPanel } from "./users-panel.tsx";

const route = getRouteApi("/shell/administration");
export type AdministrationSearch = ReturnType<typeof administrationSearch>;

/** The instance itself, for whoever owns it. */
export function AdministrationPage() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = useNavigate();
  const show = (next: AdministrationSearch) => void navigate({ to: "/administration", search: next, replace: true });
  const change = (changes: AdministrationSearch) => show({ ...search, ...changes });
  const contents: Record<AdministrationTab, ReactNode> = {
    users: <UsersPanel search={search} onChange={change} />,
    system: <SystemPanel />,
    mail: <MailPanel />,
    configuration: <ConfigurationPanel search={search.q ?? ""} onSearch={(q) => change({ q: q || undefined })} />,
    backup: <BackupPanel />,
    about: <AboutPanel />,
  };
  const tabs = ADMINISTRATION_TABS.map((name) => ({
    name,
    label: t(`administration.tab_${name}`),
    content: contents[name],
  }));
  return (
    <>
      <PageHeader title={t("administration.title")} lead={t("administration.lead")} />
      <Tabs
        label={t("administration.tabs")}
        tabs={tabs}
        chosen={{
          name: search.tab ?? "users",
          onChoose: (name) => show({ tab: ADMINISTRATION_TABS.find((tab) => tab === name) }),
        }}
      />
    </>
  );
}
