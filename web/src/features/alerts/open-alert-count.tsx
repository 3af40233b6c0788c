import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { classNames } from "../../lib/class-names.ts";
import { openAlertsQuery } from "./alert-queries.ts";

const MOST = 99;

/** How many alerts wait for an answer. Draws nothing while there are none. */
export function OpenAlertCount({ className }: { className?: string }) {
  const { t } = useTranslation();
  const { data } = useQuery(openAlertsQuery);
  const open = data?.open ?? 0;
  if (open === 0) return null;
  return (
    <span
      className={classNames(
        "inline-flex min-w-5 items-center justify-center rounded-full bg-bad-fill px-1.5 text-xs leading-5 font-bold text-on-brand tabular-nums",
        className,
      )}
    >
      <span aria-hidden>{open > MOST ? `${MOST}+` : open}</span>
      <span className="sr-only">{t("alerts.open", { count: open })}</span>
    </span>
  );
}
