import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { ApiKeyRow } from "../../../../src/contract/schemas/keys.ts";
import { Card } from "../../ui/card.tsx";
import { ErrorState, Skeleton } from "../../ui/states.tsx";
import { keyRiskQuery } from "./risk-queries.ts";
import { RiskLevelBadge, RiskReasons } from "./risk-words.tsx";

/** How safe one key is, and why. One that does not work is worth nothing to a thief, so it has no score. */
export function KeyRiskCard({ apiKey: { id, state } }: { apiKey: ApiKeyRow }) {
  const { t } = useTranslation();
  const works = state === "active";
  const { data, error, isLoading, refetch } = useQuery({ ...keyRiskQuery(id), enabled: works });
  return (
    <Card>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 className="text-lg font-bold">{t("safety.ofKey")}</h2>
        {works && data ? (
          <RiskLevelBadge level={data.verdict?.level ?? "none"} score={data.verdict?.score ?? 0} />
        ) : null}
      </div>
      <div className="mt-3 text-sm">
        {isLoading ? <Skeleton className="h-16" /> : null}
        {error && !data ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
        {works ? null : <p className="text-muted">{t("safety.notWorking")}</p>}
        {works && data?.verdict === null ? <p>{t("safety.noneTitle")}</p> : null}
        {works && data?.verdict ? <RiskReasons risks={data.verdict.risks} networks={data.verdict.networks} /> : null}
      </div>
    </Card>
  );
}
