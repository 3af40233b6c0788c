import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Card } from "../../ui/card.tsx";
import { Bounds } from "../budgets/budget-list.tsx";
import { budgetsQuery } from "../budgets/money-queries.ts";

/** How far the own budgets are used. Draws nothing for an account without any. */
export function OverviewBudgets() {
  const { t } = useTranslation();
  const { data } = useQuery(budgetsQuery);
  if (!data || (data.budgets.length === 0 && data.credit.billing !== "prepaid")) return null;
  return (
    <Card>
      <div className="flex items-center justify-between gap-3">
        <h2 className="text-lg font-bold">{t("budgets.title")}</h2>
        <Link to="/budgets" className="text-link text-sm font-semibold">
          {t("budgets.edit")}
        </Link>
      </div>
      <Bounds budgets={data.budgets} credit={data.credit} showsSetters={false} of={t("budgets.title")} />
    </Card>
  );
}
