import { useQuery } from "@tanstack/react-query";
import { Download, HardDriveDownload } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useLocale } from "../../i18n/language.ts";
import { addressOf } from "../../lib/api.ts";
import { ApiError } from "../../lib/api-error.ts";
import { Button, buttonStyle } from "../../ui/button.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Section } from "../../ui/section.tsx";
import { ErrorState, FormError, LoadingRows } from "../../ui/states.tsx";
import { systemQuery, useMakeCopy } from "./administration-queries.ts";
import { formatBytes } from "./facts.tsx";

const SQLITE_COMMAND = 'gapura backup "gapura-$(date +%F).db"';
const POSTGRES_COMMAND = 'pg_dump --format=custom --file=gapura.dump "$DATABASE_URL"';

/** How to keep a copy of everything. */
export function BackupPanel() {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(systemQuery);
  if (isPending) return <LoadingRows rows={3} />;
  if (!data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (data.database.engine === "postgres") {
    return (
      <Section title={t("administration.postgresTitle")} text={t("administration.postgresText")}>
        <CodeBlock code={POSTGRES_COMMAND} copyLabel={t("administration.copyCommand")} />
      </Section>
    );
  }
  return (
    <div className="space-y-5">
      <Section title={t("administration.copyTitle")} text={t("administration.copyText")}>
        <Copy />
      </Section>
      <Section title={t("administration.regular")} text={t("administration.regularText")}>
        <CodeBlock code={SQLITE_COMMAND} copyLabel={t("administration.copyCommand")} />
      </Section>
    </div>
  );
}

function Copy() {
  const { t } = useTranslation();
  const locale = useLocale();
  const copy = useMakeCopy();
  return (
    <div className="space-y-4">
      <FormError error={copy.error} />
      {copy.error instanceof ApiError && copy.error.code === "copy_failed" ? (
        <p className="text-sm [overflow-wrap:anywhere]">{copy.error.message}</p>
      ) : null}
      {copy.data ? (
        <Notice tone="good">
          <p className="[overflow-wrap:anywhere]">
            {t("administration.copyReady", { name: copy.data.name, size: formatBytes(copy.data.sizeBytes, locale) })}
          </p>
          <a
            href={addressOf("downloadBackup", { params: { id: copy.data.id } })}
            download={copy.data.name}
            onClick={() => setTimeout(copy.reset)}
            className={buttonStyle({ look: "primary", className: "mt-3" })}
          >
            <Download aria-hidden />
            {t("administration.download")}
          </a>
        </Notice>
      ) : (
        <Button busy={copy.isPending} onClick={() => copy.mutate()}>
          <HardDriveDownload aria-hidden />
          {t("administration.makeCopy")}
        </Button>
      )}
      <p className="text-sm text-muted">{t("administration.copyKeys")}</p>
    </div>
  );
}
