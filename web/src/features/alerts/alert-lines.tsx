import { useTranslation } from "react-i18next";
import type { AlertLine } from "../../../../src/kernel/alerts/words-parts.ts";
import { classNames } from "../../lib/class-names.ts";

/** What is happening now beside what is usual. */
export function AlertLines({ lines, className }: { lines: readonly AlertLine[]; className?: string }) {
  const { t } = useTranslation();
  if (lines.length === 0) return null;
  return (
    <dl className={classNames("space-y-2 text-sm", className)}>
      {lines.map(({ what, now, usual }) => (
        <div key={what} className="grid gap-x-4 sm:grid-cols-[13rem_minmax(0,1fr)]">
          <dt className="text-muted">{what}</dt>
          <dd className="[overflow-wrap:anywhere]">
            <span className="font-semibold tabular-nums">{now}</span>
            {usual === "" ? null : <span className="block text-muted">{t("alerts.usual", { usual })}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
