import { useTranslation } from "react-i18next";
import type { PublicEndpoint } from "../../../../src/contract/schemas/models.ts";
import { useLocale } from "../../i18n/language.ts";
import { formatCount, formatDuration } from "../../lib/format.ts";
import { Card } from "../../ui/card.tsx";

interface SpeedChartProps {
  title: string;
  text: string;
  unit: "ms" | "tokens";
  rows: readonly { name: string; tag: string; value: PublicEndpoint["latency_last_30m"] }[];
}

/** A bar from the middle value to the one that only a hundredth exceeds, for each endpoint. Its figures stand beside it. */
export function SpeedChart({ title, text, unit, rows }: SpeedChartProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const figure = (value: number) =>
    unit === "ms"
      ? formatDuration(value, locale)
      : t("models.perSecond", { formatted: formatCount(Math.round(value * 10) / 10, locale) });
  const known = rows.flatMap(({ value, ...row }) => (value === null ? [] : [{ ...row, value }]));
  const highest = Math.max(...known.map(({ value }) => Math.max(value.p50, value.p99)), 1);
  return (
    <Card>
      <h2 className="text-lg font-bold">{title}</h2>
      <p className="mb-4 text-sm text-muted">{text}</p>
      {known.length === 0 ? (
        <p className="rounded-lg border border-dashed border-edge/60 px-4 py-8 text-center text-sm text-muted">
          {t("models.notMeasured")}
        </p>
      ) : (
        <ul className="space-y-4">
          {known.map(({ name, tag, value }) => (
            <li key={tag}>
              <p className="flex flex-wrap justify-between gap-x-4 text-sm">
                <span className="font-medium">{name}</span>
                <span className="tabular-nums">
                  <span className="font-semibold">{figure(value.p50)}</span>
                  <span className="text-muted">
                    {" "}
                    · p90 {figure(value.p90)} · p99 {figure(value.p99)}
                  </span>
                </span>
              </p>
              <div aria-hidden className="relative mt-1.5 h-3 rounded bg-sunken">
                {/* The longest first, so that each is seen. */}
                {[value.p50, value.p90, value.p99]
                  .sort((one, other) => other - one)
                  .map((length, index) => (
                    <div
                      key={SHADES[index]}
                      className="absolute inset-y-0 left-0 rounded bg-(--chart-2)"
                      style={{ width: `${(length / highest) * 100}%`, opacity: SHADES[index] }}
                    />
                  ))}
              </div>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

const SHADES = [0.25, 0.45, 1];
