import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useLocale } from "../../i18n/language.ts";
import { failureToast } from "../../lib/error-text.ts";
import { formatDateTime } from "../../lib/format.ts";
import { buttonStyle } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { toasts } from "../../ui/toasts.tsx";
import { Permitted } from "../team/permitted.tsx";
import { keyRemindersQuery, useDismissKeyReminder } from "./risk-queries.ts";

/** Keys that end soon. Draws nothing while there are none. */
export function KeyReminders({ className }: { className?: string }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { data } = useQuery(keyRemindersQuery);
  const dismiss = useDismissKeyReminder();
  if (data === undefined || data.reminders.length === 0) return null;
  return (
    <section aria-label={t("safety.reminders")} className={className}>
      <ul className="space-y-3">
        {data.reminders.map(({ keyId, keyName, label, expiresAt }) => {
          const title = t("safety.endsOn", { name: keyName, when: formatDateTime(expiresAt, locale) });
          const away = `${t("budgets.dismiss")}: ${title}`;
          const onError = (error: unknown) => void toasts.add(failureToast(error, t));
          return (
            <li key={keyId}>
              <Notice tone="warn">
                <div className="flex items-start gap-3">
                  <div className="min-w-0 flex-1 [overflow-wrap:anywhere]">
                    <p className="font-semibold">{title}</p>
                    <p>
                      <code className="font-mono text-xs">{label}</code> · {t("safety.endsText")}
                    </p>
                  </div>
                  <Permitted to="dismissKeyReminder">
                    <button
                      type="button"
                      className={buttonStyle({ look: "quiet", size: "small", className: "-my-1 px-2" })}
                      aria-label={away}
                      title={t("budgets.dismiss")}
                      onClick={() => dismiss.mutate(keyId, { onError })}
                    >
                      <X aria-hidden />
                    </button>
                  </Permitted>
                </div>
              </Notice>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
