import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { SystemState } from "../../../../src/contract/schemas/administration.ts";
import { useLocale } from "../../i18n/language.ts";
import { Card } from "../../ui/card.tsx";
import { Notice } from "../../ui/notice.tsx";
import { ErrorState, LoadingRows } from "../../ui/states.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import { systemQuery } from "./administration-queries.ts";
import { Facts, formatBytes } from "./facts.tsx";
import { JobTable } from "./job-table.tsx";

const ENGINES = { sqlite: "SQLite", postgres: "PostgreSQL" };

/** How the server does, read again every few seconds. */
export function SystemPanel() {
  const { data, error, isPending, refetch } = useQuery(systemQuery);
  if (isPending) return <LoadingRows rows={6} />;
  if (!data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return (
    <div className="space-y-5">
      <Trouble system={data} />
      <div className="grid gap-5 lg:grid-cols-2">
        <Server system={data} />
        <Providers failing={data.failingProviders} />
      </div>
      <Jobs system={data} />
    </div>
  );
}

function Trouble({ system: { usageTrouble } }: { system: SystemState }) {
  const { t } = useTranslation();
  if (usageTrouble === null) return null;
  return (
    <Notice tone="bad" title={t("administration.usage")}>
      {t(usageTrouble === "full" ? "administration.usageFull" : "administration.usageGone")}
    </Notice>
  );
}

function Server({ system: { version, startedAt, database, disk, process, usageTrouble } }: { system: SystemState }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const size = (bytes: number) => formatBytes(bytes, locale);
  const engine = ENGINES[database.engine];
  const rows = [
    { name: t("administration.version"), value: version },
    { name: t("administration.running"), value: <TimeAgo timeMs={startedAt} /> },
    {
      name: t("administration.processes"),
      value: process.of === 1 ? "1" : t("administration.processOf", process),
    },
    {
      name: t("administration.database"),
      value: t("administration.databaseText", { engine, version: database.version, size: size(database.sizeBytes) }),
    },
    {
      name: t("administration.disk"),
      value:
        disk === null
          ? t("administration.unknown")
          : t("administration.diskText", { free: size(disk.freeBytes), size: size(disk.sizeBytes) }),
    },
    ...(usageTrouble === null ? [{ name: t("administration.usage"), value: t("administration.usageFine") }] : []),
  ];
  return (
    <Card>
      <h2 className="mb-2 font-bold">{t("administration.server")}</h2>
      <Facts rows={rows} />
    </Card>
  );
}

function Providers({ failing }: { failing: SystemState["failingProviders"] }) {
  const { t } = useTranslation();
  return (
    <Card>
      <h2 className="mb-2 font-bold">{t("administration.providers")}</h2>
      {failing.length === 0 ? (
        <p className="text-sm text-muted">{t("administration.providersFine")}</p>
      ) : (
        <ul className="divide-y divide-line text-sm">
          {failing.map(({ slug, name, note }) => (
            <li key={slug} className="py-2 [overflow-wrap:anywhere]">
              <span className="font-semibold">{name}</span>
              {note === null ? null : <span className="block text-muted">{note}</span>}
            </li>
          ))}
        </ul>
      )}
      <Link to="/providers" className="mt-3 inline-block text-sm font-semibold text-brand underline">
        {t("administration.providersLink")}
      </Link>
    </Card>
  );
}

function Jobs({ system: { jobs } }: { system: SystemState }) {
  const { t } = useTranslation();
  return (
    <section aria-labelledby="jobs">
      <h2 id="jobs" className="font-bold">
        {t("administration.jobs")}
      </h2>
      <p className="mt-1 mb-3 text-sm text-muted">{t("administration.jobsText")}</p>
      <div className="overflow-hidden md:rounded-card md:border md:border-line md:bg-surface md:shadow-card">
        <JobTable jobs={jobs} />
      </div>
    </section>
  );
}
