import { useTranslation } from "react-i18next";
import type { AlertDetails } from "../../../../src/contract/schemas/alerts.ts";
import { useLocale } from "../../i18n/language.ts";
import { formatDay } from "../../lib/format.ts";
import { useMoneyText } from "../instance/money.tsx";

type Day = AlertDetails["days"][number];

const HEIGHT = 96;
const BAR = 8;
const GAP = 2;

/** What a key spent each day, the days of the alert in another colour; the most of the days before as a line. */
export function SpendingChart({ days, sinceDay }: { days: readonly Day[]; sinceDay: string }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const money = useMoneyText();
  const amounts = days.map(({ spentUsd }) => Number(spentUsd));
  const most = Math.max(...amounts);
  if (!(most > 0)) return null;
  const before = days
    .filter(({ day }) => day < sinceDay)
    .sort((one, other) => Number(other.spentUsd) - Number(one.spentUsd))[0];
  const heightOf = (usd: number) => (usd > 0 ? Math.max(2, (usd / most) * HEIGHT) : 0);
  const line = HEIGHT - heightOf(Number(before?.spentUsd ?? "0"));
  const width = days.length * (BAR + GAP) - GAP;
  return (
    <figure>
      <figcaption className="text-sm font-semibold">{t("alerts.chart")}</figcaption>
      <svg
        viewBox={`0 0 ${width} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="mt-2 h-24 w-full border-b border-edge"
        role="img"
        aria-label={t("alerts.chart")}
      >
        {days.map(({ day, spentUsd }, index) => {
          const height = heightOf(Number(spentUsd));
          return (
            <rect
              key={day}
              x={index * (BAR + GAP)}
              y={HEIGHT - height}
              width={BAR}
              height={height}
              className={day >= sinceDay ? "fill-bad" : "fill-brand"}
            >
              <title>{t("alerts.chartText", { day: formatDay(day, locale), amount: money(spentUsd) })}</title>
            </rect>
          );
        })}
        <line
          x1={0}
          x2={width}
          y1={line}
          y2={line}
          className="stroke-muted"
          strokeDasharray="3 3"
          vectorEffect="non-scaling-stroke"
        />
      </svg>
      <p className="mt-1 flex flex-wrap justify-between gap-x-4 text-xs text-muted tabular-nums">
        <span>{formatDay(days[0]?.day ?? sinceDay, locale)}</span>
        <span>{t("alerts.mostBefore", { amount: money(before?.spentUsd ?? "0") })}</span>
        <span>{`${t("alerts.today")}: ${money(days.at(-1)?.spentUsd ?? "0")}`}</span>
      </p>
    </figure>
  );
}
