import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api.ts";
import { buttonStyle } from "../../ui/button.tsx";
import { PageHeader } from "../../ui/page.tsx";
import { EmptyState, ErrorState, LoadingRows } from "../../ui/states.tsx";
import { modelsQuery } from "../models/models-query.ts";
import { useReach } from "../team/accounts.ts";
import { PlaygroundTable } from "./playground-table.tsx";

const MOST_KEYS = 100;

/** Talks to models with one of the person's own keys: its limits hold, and each request is in the logs. */
export function PlaygroundPage(): ReactNode {
  const { t } = useTranslation();
  const keys = useQuery({
    queryKey: ["keys", "playground"],
    queryFn: ({ signal }) => call("listKeys", { query: { limit: MOST_KEYS }, signal }),
  });
  const catalogue = useQuery(modelsQuery);
  const mayCall = useReach("playgroundChat") !== "none";
  const usable = keys.data?.keys.filter(({ kind, state }) => kind === "inference" && state === "active");
  const error = keys.error ?? catalogue.error;
  if (!mayCall) {
    return (
      <>
        <PageHeader title={t("playground.title")} lead={t("playground.lead")} />
        <EmptyState title={t("playground.notForRole")} text={t("playground.notForRoleText")} />
      </>
    );
  }
  if (usable && usable.length > 0 && catalogue.data) {
    return <PlaygroundTable keys={usable} catalogue={catalogue.data.models} />;
  }
  return (
    <>
      <PageHeader title={t("playground.title")} lead={t("playground.lead")} />
      {error ? (
        <ErrorState error={error} onRetry={() => void Promise.all([keys.refetch(), catalogue.refetch()])} />
      ) : null}
      {!error && (keys.isPending || catalogue.isPending) ? <LoadingRows rows={6} /> : null}
      {usable?.length === 0 ? (
        <EmptyState title={t("playground.noKey")} text={t("playground.noKeyText")}>
          <Link to="/keys" search={{ create: true }} className={buttonStyle({ look: "primary" })}>
            {t("keys.create")}
          </Link>
        </EmptyState>
      ) : null}
    </>
  );
}
