import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import type { JobView } from "../../../../src/contract/schemas/administration.ts";
import { asChecked } from "../../../../src/kernel/json.ts";
import type { englishTexts } from "../../i18n/en/texts.ts";
import { useLocale } from "../../i18n/language.ts";
import { formatDateTime, formatDuration } from "../../lib/format.ts";
import { Badge } from "../../ui/badge.tsx";
import { type Column, DataTable } from "../../ui/data-table.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import { formatSpan } from "./facts.tsx";

type Names<Text> = Text extends `job_${infer Name}` ? Name : never;
type JobName = Names<keyof typeof englishTexts.administration>;

/** In words; a job that this page does not know keeps its name. */
function jobText(name: string, t: TFunction): string {
  return t(`administration.job_${asChecked<JobName>(name.replaceAll("-", "_"))}`, { defaultValue: name });
}

/** What runs by itself: when it did, when it will, and what it failed with. */
export function JobTable({ jobs }: { jobs: readonly JobView[] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const columns: Column<JobView>[] = [
    {
      name: "job",
      label: t("administration.job"),
      isMain: true,
      cell: ({ name }) => <span className="font-semibold">{jobText(name, t)}</span>,
    },
    {
      name: "every",
      label: t("administration.every"),
      align: "end",
      cell: ({ everyMs }) => formatSpan(everyMs, locale),
    },
    {
      name: "last",
      label: t("administration.lastRun"),
      cell: ({ lastRunAt }) => (lastRunAt === null ? t("administration.notYet") : <TimeAgo timeMs={lastRunAt} />),
    },
    {
      name: "next",
      label: t("administration.nextRun"),
      cell: ({ nextRunAt }) => (nextRunAt === null ? t("administration.runningNow") : <TimeAgo timeMs={nextRunAt} />),
    },
    { name: "outcome", label: t("administration.outcome"), cell: (job) => <Outcome job={job} /> },
  ];
  return <DataTable label={t("administration.jobs")} columns={columns} rows={jobs} rowId={({ name }) => name} />;
}

function Outcome({ job: { error, lastRunMs } }: { job: JobView }) {
  const { t } = useTranslation();
  const locale = useLocale();
  if (error !== null) {
    return (
      <div className="min-w-0 max-w-80">
        <Badge tone="bad">{t("administration.failedAt", { when: formatDateTime(error.at, locale) })}</Badge>
        <p className="mt-1 text-xs [overflow-wrap:anywhere]">{error.text}</p>
      </div>
    );
  }
  if (lastRunMs === null) return <span className="text-muted">–</span>;
  return (
    <span>
      <Badge tone="good">{t("administration.fine")}</Badge>{" "}
      <span className="text-xs text-muted">
        {t("administration.took", { time: formatDuration(lastRunMs, locale) })}
      </span>
    </span>
  );
}
