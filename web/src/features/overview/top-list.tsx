import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Overview } from "../../../../src/contract/schemas/activity.ts";
import { useLocale } from "../../i18n/language.ts";
import { formatCount } from "../../lib/format.ts";
import { Card } from "../../ui/card.tsx";
import { Sparkline } from "../../ui/chart/sparkline.tsx";
import { Money } from "../instance/money.tsx";

interface TopListProps {
  title: string;
  parts: Overview["topKeys"];
  by: "key" | "model";
}

/** Who used most, each with the shape of its days, and the way to its own figures. */
export function TopList({ title, parts, by }: TopListProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <Card>
      <h2 className="text-lg font-bold">{title}</h2>
      <ol className="mt-3 divide-y divide-line">
        {parts.map(({ id, name, requests, spentUsd, dailyRequests }) => (
          <li key={id} className="grid grid-cols-[minmax(0,1fr)_5rem_auto] items-center gap-4 py-2.5">
            <div className="min-w-0">
              <Link
                to="/activity"
                search={{ [by]: id, by: by === "key" ? "model" : "key" }}
                title={name}
                className="text-link block truncate rounded font-medium"
              >
                {name}
              </Link>
              <p className="text-xs text-muted tabular-nums">
                {t("dashboard.topRequests", { count: requests }).replace(
                  String(requests),
                  formatCount(requests, locale),
                )}
              </p>
            </div>
            <Sparkline values={dailyRequests} color="var(--chart-2)" />
            <div className="text-right font-semibold tabular-nums">
              <Money usd={spentUsd} />
            </div>
          </li>
        ))}
      </ol>
    </Card>
  );
}
