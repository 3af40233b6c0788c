import { useQuery } from "@tanstack/react-query";
import { ShieldCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { AuditVerdict } from "../../../../src/contract/schemas/audit.ts";
import { useLocale } from "../../i18n/language.ts";
import { formatCount, formatDateTime } from "../../lib/format.ts";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { FormError } from "../../ui/states.tsx";
import { verdictQuery } from "./audit-queries.ts";

/** A button that has the whole log checked, and what came of it. */
export function ChainState() {
  const { t } = useTranslation();
  const { data, error, isFetching, refetch } = useQuery(verdictQuery);
  return (
    <div className="mb-5 flex flex-wrap items-start gap-3">
      <Button busy={isFetching} onClick={() => void refetch()}>
        <ShieldCheck aria-hidden />
        {t("audit.verify")}
      </Button>
      <div className="min-w-0 flex-1 basis-80">
        {data === undefined ? <FormError error={error} /> : <Verdict verdict={data} />}
      </div>
    </div>
  );
}

function Verdict({ verdict }: { verdict: AuditVerdict }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { ok, rows, checkpoints, problems, unverifiable, checkedAt } = verdict;
  const counts = { rows: formatCount(rows, locale), checkpoints: formatCount(checkpoints, locale) };
  const title = ok ? t("audit.whole") : problems.length > 0 ? t("audit.broken") : t("audit.unsure");
  return (
    <Notice tone={ok ? "good" : problems.length > 0 ? "bad" : "warn"} title={title}>
      <p>{t("audit.seen", { ...counts, when: formatDateTime(checkedAt, locale) })}</p>
      {unverifiable > 0 ? <p>{t("audit.otherSecret", { rows: formatCount(unverifiable, locale) })}</p> : null}
      <ul className="list-disc pl-4">
        {problems.map(({ seq, problem }) => (
          <li key={`${seq} ${problem}`}>{t("audit.problem", { seq, problem })}</li>
        ))}
      </ul>
    </Notice>
  );
}
