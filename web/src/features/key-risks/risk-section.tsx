import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { RiskyKey } from "../../../../src/contract/schemas/key-risks.ts";
import { KEY_RISKS, type KeyRisk } from "../../../../src/kernel/key-risk.ts";
import { SelectField } from "../../ui/select-field.tsx";
import { ShowMore } from "../../ui/show-more.tsx";
import { EmptyState, ErrorState, LoadingRows } from "../../ui/states.tsx";
import { BulkBar, useChosenKeys } from "./bulk-bar.tsx";
import { keyRisksQuery } from "./risk-queries.ts";
import { RiskTable } from "./risk-table.tsx";

const route = getRouteApi("/shell/security");

/** The keys that are worth more to a thief than they need be, and what can be done with many of them at once. */
export function RiskSection() {
  const { t } = useTranslation();
  const { risk } = route.useSearch();
  const navigate = useNavigate();
  const list = useInfiniteQuery(keyRisksQuery(risk));
  const [first] = list.data?.pages ?? [];
  const show = (next: KeyRisk | undefined) => void navigate({ to: "/security", search: { risk: next }, replace: true });
  return (
    <section aria-labelledby="risky-keys">
      <div className="mb-4 flex flex-wrap items-end justify-between gap-3">
        <div className="min-w-0">
          <h2 id="risky-keys" className="text-lg font-bold">
            {t("safety.risky")}
          </h2>
          <p className="mt-1 max-w-2xl text-sm text-muted">{t("safety.riskyText")}</p>
        </div>
        <SelectField
          label={t("safety.show")}
          className="w-full sm:w-72"
          value={risk ?? ""}
          onChange={({ target }) => show(KEY_RISKS.find((known) => known === target.value))}
          options={[
            { value: "", label: t("safety.allRisks") },
            ...KEY_RISKS.map((value) => ({
              value,
              label: first ? `${t(`safety.risk_${value}`)} (${first.counts[value] ?? 0})` : t(`safety.risk_${value}`),
            })),
          ]}
        />
      </div>
      {list.isPending ? <LoadingRows rows={4} /> : null}
      {list.isError && !list.data ? <ErrorState error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.data ? (
        <RiskyKeys
          key={risk}
          keys={list.data.pages.flatMap((page) => page.keys)}
          working={first?.working ?? 0}
          isFiltered={risk !== undefined}
        />
      ) : null}
      <div className="mt-4 flex justify-center empty:hidden">
        <ShowMore list={list} />
      </div>
    </section>
  );
}

interface RiskyKeysProps {
  keys: readonly RiskyKey[];
  working: number;
  isFiltered: boolean;
}

function RiskyKeys({ keys, working, isFiltered }: RiskyKeysProps) {
  const { t } = useTranslation();
  const choice = useChosenKeys(keys.map(({ key }) => key));
  if (keys.length === 0 && isFiltered) return <EmptyState title={t("safety.noneOfRisk")} />;
  if (keys.length === 0) {
    const text = working === 0 ? t("safety.noKeys") : t("safety.noneText", { count: working });
    return <EmptyState title={t("safety.noneTitle")} text={text} />;
  }
  return (
    <>
      <BulkBar choice={choice} hint={t("safety.chooseHint")} />
      <div className="overflow-hidden md:rounded-card md:border md:border-line md:bg-surface md:shadow-card">
        <RiskTable keys={keys} chosen={choice.ids} onChoose={choice.choose} />
      </div>
    </>
  );
}
