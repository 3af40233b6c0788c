import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AccountBudgets, Budget, InstanceBudgets } from "../../../../src/contract/schemas/budgets.ts";
import { Card } from "../../ui/card.tsx";
import { PageHeader } from "../../ui/page.tsx";
import { ErrorState, LoadingRows } from "../../ui/states.tsx";
import { useAccount } from "../account/session.ts";
import { Money } from "../instance/money.tsx";
import { useReach } from "../team/accounts.ts";
import { AccountsPanel } from "./accounts-panel.tsx";
import { BudgetCard } from "./budget-list.tsx";
import { windowOf } from "./budget-window.ts";
import { CapsText } from "./caps-text.tsx";
import { EditBudgetsDialog } from "./edit-budgets-dialog.tsx";
import { LimitNotices } from "./limit-notices.tsx";
import { budgetsQuery, instanceBudgetsQuery } from "./money-queries.ts";
import { NoticeSettingsFields } from "./notice-settings.tsx";

const route = getRouteApi("/shell/budgets");

export function BudgetsPage(): ReactNode {
  const { t } = useTranslation();
  const { role } = useAccount();
  const { q } = route.useSearch();
  const navigate = useNavigate();
  const search = (text: string) =>
    void navigate({ to: "/budgets", search: { q: text === "" ? undefined : text }, replace: true });
  return (
    <>
      <PageHeader title={t("budgets.title")} lead={t("budgets.lead")} />
      <div className="space-y-5">
        <LimitNotices />
        <OwnBudgets />
        {role === "owner" ? (
          <>
            <WholeInstance />
            <AccountsPanel search={q ?? ""} onSearch={search} />
          </>
        ) : null}
        <Card className="grid gap-x-8 gap-y-4 lg:grid-cols-2">
          <div>
            <h2 className="font-bold">{t("budgets.notices")}</h2>
            <p className="mt-1 mb-2 text-sm text-muted">{t("budgets.noticesText")}</p>
            <NoticeSettingsFields />
          </div>
          <NumbersExplained />
        </Card>
      </div>
    </>
  );
}

function OwnBudgets() {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(budgetsQuery);
  if (isPending) return <LoadingRows rows={3} />;
  if (!data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return <OwnBudgetsView {...data} title={t("budgets.own")} />;
}

function OwnBudgetsView({ budgets, credit, caps, title }: AccountBudgets & { title: string }) {
  const { t } = useTranslation();
  const [isEditing, setEditing] = useState(false);
  const mayEdit = useReach("setBudgets") !== "none";
  return (
    <BudgetCard
      title={title}
      text={t("budgets.ownText")}
      budgets={budgets}
      showsSetters
      credit={credit}
      onEdit={mayEdit ? () => setEditing(true) : undefined}
    >
      <CapsText caps={caps} className="mt-4 text-sm" />
      {credit.billing === "prepaid" ? (
        <Link to="/statement" className="text-link mt-4 inline-block text-sm font-semibold">
          {t("budgets.toStatement")}
        </Link>
      ) : null}
      {isEditing ? (
        <EditBudgetsDialog
          target={{ scope: "own" }}
          whose={t("budgets.whoseOwn")}
          initial={limitsOf(budgets, "selfLimitUsd")}
          onClose={() => setEditing(false)}
        />
      ) : null}
    </BudgetCard>
  );
}

function WholeInstance() {
  const { data, error, isPending, refetch } = useQuery(instanceBudgetsQuery);
  if (isPending) return <LoadingRows rows={3} />;
  if (!data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return <WholeInstanceView {...data} />;
}

function WholeInstanceView({ budgets, operatorLoss }: InstanceBudgets) {
  const { t } = useTranslation();
  const [isEditing, setEditing] = useState(false);
  return (
    <>
      <BudgetCard
        title={t("budgets.instance")}
        text={t("budgets.instanceText")}
        budgets={budgets}
        showsSetters={false}
        onEdit={() => setEditing(true)}
      >
        {isEditing ? (
          <EditBudgetsDialog
            target={{ scope: "instance" }}
            whose={t("budgets.whoseInstance")}
            initial={limitsOf(budgets, "ownerLimitUsd")}
            onClose={() => setEditing(false)}
          />
        ) : null}
      </BudgetCard>
      <OperatorLoss {...operatorLoss} />
    </>
  );
}

function OperatorLoss({ monthUsd, totalUsd, requests }: InstanceBudgets["operatorLoss"]) {
  const { t } = useTranslation();
  return (
    <Card aria-label={t("budgets.loss")}>
      <h2 className="text-lg font-bold">{t("budgets.loss")}</h2>
      {requests === 0 ? (
        <p className="mt-0.5 text-sm text-muted">{t("budgets.lossNone")}</p>
      ) : (
        <>
          <p className="mt-0.5 text-sm text-muted">{t("budgets.lossText")}</p>
          <dl className="mt-3 flex flex-wrap gap-x-10 gap-y-3 text-sm">
            <div>
              <dt className="text-xs text-muted">{t("budgets.lossMonth")}</dt>
              <dd className="mt-0.5 text-lg font-bold tabular-nums">
                <Money usd={monthUsd} />
              </dd>
            </div>
            <div>
              <dt className="text-xs text-muted">{t("budgets.lossTotal")}</dt>
              <dd className="mt-0.5 text-lg font-bold tabular-nums">
                <Money usd={totalUsd} />
              </dd>
              <dd className="text-xs text-muted">{t("budgets.lossRequests", { count: requests })}</dd>
            </div>
          </dl>
        </>
      )}
    </Card>
  );
}

function NumbersExplained() {
  const { t } = useTranslation();
  const lines = ["budgets.fromSpent", "budgets.fromHeld", "budgets.fromLeft", "budgets.fromPace"] as const;
  return (
    <div>
      <h2 className="font-bold">{t("budgets.whereFrom")}</h2>
      <ul className="mt-2 space-y-2 text-sm text-muted">
        {lines.map((line) => (
          <li key={line}>{t(line)}</li>
        ))}
      </ul>
    </div>
  );
}

function limitsOf(budgets: readonly Budget[], which: "ownerLimitUsd" | "selfLimitUsd") {
  return Object.fromEntries(budgets.map((budget) => [windowOf(budget.reset), budget[which]]));
}
