import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { LimitNoticeView } from "../../../../src/contract/schemas/notices.ts";
import { useLocale } from "../../i18n/language.ts";
import { failureToast } from "../../lib/error-text.ts";
import { formatDateTime } from "../../lib/format.ts";
import { buttonStyle } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { toasts } from "../../ui/toasts.tsx";
import { useMoneyText } from "../instance/money.tsx";
import { Permitted } from "../team/permitted.tsx";
import { windowOf } from "./budget-window.ts";
import { noticesQuery, useDismissNotice } from "./money-queries.ts";

/** Limits that are nearly or wholly used. Draws nothing while there are none. */
export function LimitNotices({ className }: { className?: string }) {
  const { t } = useTranslation();
  const { data } = useQuery(noticesQuery);
  if (data === undefined || data.notices.length === 0) return null;
  return (
    <section aria-label={t("budgets.notices")} className={className}>
      <ul className="space-y-3">
        {data.notices.map((notice) => (
          <li key={notice.id}>
            <LimitNotice notice={notice} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function LimitNotice({ notice }: { notice: LimitNoticeView }) {
  const { t } = useTranslation();
  const dismiss = useDismissNotice();
  const title = useTitle(notice);
  const mark = notice.mark ?? 0;
  return (
    <Notice tone={mark >= 100 ? "bad" : mark >= 80 ? "warn" : "info"}>
      <div className="flex items-start gap-3">
        <div className="min-w-0 flex-1 [overflow-wrap:anywhere]">
          <p className="font-semibold">{title}</p>
          <p className="tabular-nums">{useWords(notice)}</p>
        </div>
        <Permitted to="dismissNotice">
          <button
            type="button"
            className={buttonStyle({ look: "quiet", size: "small", className: "-my-1 px-2" })}
            aria-label={`${t("budgets.dismiss")}: ${title}`}
            title={t("budgets.dismiss")}
            onClick={() =>
              dismiss.mutate(notice.id, {
                onError: (error) => toasts.add(failureToast(error, t)),
              })
            }
          >
            <X aria-hidden />
          </button>
        </Permitted>
      </div>
    </Notice>
  );
}

function useTitle({ scope, keyName, reset }: LimitNoticeView): string {
  const { t } = useTranslation();
  const what = t(`budgets.notice_${scope}`, { name: keyName ?? t("common.deletedKey") });
  return reset === null ? what : `${what} · ${t(`budgets.window_${windowOf(reset)}`)}`;
}

function useWords({ mark, spentUsd, limitUsd, endsAt, resetsAt }: LimitNoticeView): string {
  const { t } = useTranslation();
  const locale = useLocale();
  const money = useMoneyText();
  const amounts = { mark, spent: money(spentUsd), limit: money(limitUsd) };
  const news =
    endsAt !== null
      ? t("budgets.noticeEnds", { when: formatDateTime(endsAt, locale) })
      : mark === 100
        ? t("budgets.noticeUsedUp", amounts)
        : t("budgets.noticeUsed", amounts);
  return resetsAt === null ? news : `${news} ${t("budgets.noticeAnew", { when: formatDateTime(resetsAt, locale) })}`;
}
