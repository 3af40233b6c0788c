import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { failureToast } from "../../lib/error-text.ts";
import { CheckField } from "../../ui/check-field.tsx";
import { ErrorState, Skeleton } from "../../ui/states.tsx";
import { toasts } from "../../ui/toasts.tsx";
import { Changeable } from "../team/changeable.tsx";
import { noticeSettingsQuery, useChangeNoticeSettings } from "./money-queries.ts";

const SWITCHES = [
  ["mail", "budgets.byMail"],
  ["dashboard", "budgets.onDashboard"],
  ["forecast", "budgets.forecasts"],
] as const;

/** Which notices one gets. Each takes effect as soon as it is ticked. */
export function NoticeSettingsFields() {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(noticeSettingsQuery);
  const change = useChangeNoticeSettings();
  if (isPending) return <Skeleton className="h-28" />;
  if (!data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  const shown = { ...data, ...(change.isPending ? change.variables : {}) };
  const onError = (failure: unknown) => void toasts.add(failureToast(failure, t));
  return (
    <Changeable by="updateNoticeSettings">
      {SWITCHES.map(([name, label]) => (
        <CheckField
          key={name}
          label={t(label)}
          checked={shown[name]}
          onChange={({ target }) => change.mutate({ [name]: target.checked }, { onError })}
        />
      ))}
    </Changeable>
  );
}
