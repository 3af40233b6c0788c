import { useQuery } from "@tanstack/react-query";
import { Send } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { MailState } from "../../../../src/contract/schemas/administration.ts";
import { useLocale } from "../../i18n/language.ts";
import { formatCount } from "../../lib/format.ts";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Section } from "../../ui/section.tsx";
import { ErrorState, FormError, LoadingRows } from "../../ui/states.tsx";
import { useAccount } from "../account/session.ts";
import { mailStateQuery, useTestMail } from "./administration-queries.ts";
import { Facts } from "./facts.tsx";

/** Where mails go, and whether they arrive. */
export function MailPanel() {
  const { t } = useTranslation();
  const { email } = useAccount();
  const { data, error, isPending, refetch } = useQuery(mailStateQuery);
  if (isPending) return <LoadingRows rows={3} />;
  if (!data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return (
    <div className="space-y-5">
      <Section title={t("administration.mailGoes")}>
        <Place state={data} />
      </Section>
      <Section title={t("administration.mailTest")} text={t("administration.mailTestText", { email })}>
        <TestMail isReal={data.delivery === "smtp"} />
      </Section>
    </div>
  );
}

function Place({ state: { server, from, waiting, failed, lastError } }: { state: MailState }) {
  const { t } = useTranslation();
  const locale = useLocale();
  if (server === null) {
    return (
      <>
        <p>{t("administration.mailbox")}</p>
        <p className="mt-1 text-sm text-muted">{t("administration.mailboxFix")}</p>
      </>
    );
  }
  const rows = [
    { name: t("administration.mailWaiting"), value: formatCount(waiting, locale) },
    { name: t("administration.mailFailed"), value: formatCount(failed, locale) },
    { name: t("administration.mailLastError"), value: lastError ?? t("administration.none") },
  ];
  return (
    <>
      <p className="mb-2 [overflow-wrap:anywhere]">{t("administration.mailServer", { server, from })}</p>
      <Facts rows={rows} />
    </>
  );
}

function TestMail({ isReal }: { isReal: boolean }) {
  const { t } = useTranslation();
  const test = useTestMail();
  return (
    <div className="space-y-4">
      <FormError error={test.error} />
      {test.data ? <TestResult {...test.data} isReal={isReal} /> : null}
      <Button busy={test.isPending} onClick={() => test.mutate()}>
        <Send aria-hidden />
        {t("administration.sendTest")}
      </Button>
    </div>
  );
}

function TestResult({ to, error, isReal }: { to: string; error: string | null; isReal: boolean }) {
  const { t } = useTranslation();
  if (error === null) {
    return <Notice tone="good">{t(isReal ? "administration.testSent" : "administration.testKept", { to })}</Notice>;
  }
  return (
    <Notice tone="bad" title={t("administration.testFailed")}>
      <p className="font-mono text-xs [overflow-wrap:anywhere]">{error}</p>
      <p className="mt-2">{t("administration.testFix")}</p>
    </Notice>
  );
}
