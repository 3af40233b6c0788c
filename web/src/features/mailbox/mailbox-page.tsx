import { queryOptions, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { MailSummary } from "../../../../src/contract/schemas/mailbox.ts";
import { useLocale } from "../../i18n/language.ts";
import { call } from "../../lib/api.ts";
import { hasCode } from "../../lib/api-error.ts";
import { classNames } from "../../lib/class-names.ts";
import { formatDateTime } from "../../lib/format.ts";
import { splitLinks } from "../../lib/text-links.ts";
import { Logo } from "../../ui/logo.tsx";
import { PageHeader } from "../../ui/page.tsx";
import { PreferencesMenu } from "../../ui/preferences-menu.tsx";
import { SkipLink } from "../../ui/skip-link.tsx";
import { EmptyState, ErrorState, LoadingRows, Skeleton } from "../../ui/states.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";

const route = getRouteApi("/mailbox");
/** Whoever waits for a mail looks at this page. */
const LOOK_EVERY_MS = 2_000;

const mailsQuery = queryOptions({
  queryKey: ["mailbox"],
  queryFn: ({ signal }) => call("listMailbox", { signal }),
  refetchInterval: (query) => (hasCode(query.state.error, "not_found") ? false : LOOK_EVERY_MS),
});

export function MailboxPage(): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="mx-auto flex min-h-dvh max-w-5xl flex-col px-4 pb-16 sm:px-8">
      <SkipLink />
      <header className="flex items-center justify-between py-4">
        <Link to="/" className="rounded-md">
          <Logo />
        </Link>
        <PreferencesMenu />
      </header>
      <main id="content" className="pt-4">
        <PageHeader title={t("mailbox.title")} lead={t("mailbox.lead")} />
        <Mailbox />
      </main>
    </div>
  );
}

function Mailbox() {
  const { t } = useTranslation();
  const { id } = route.useSearch();
  const { data, error, isPending, refetch } = useQuery(mailsQuery);
  if (isPending) return <LoadingRows rows={3} />;
  if (hasCode(error, "not_found"))
    return <EmptyState title={t("mailbox.closedTitle")} text={t("mailbox.closedText")} />;
  if (!data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (data.mails.length === 0) return <EmptyState title={t("mailbox.empty")} text={t("mailbox.emptyText")} />;
  return (
    <div className="grid items-start gap-5 md:grid-cols-[20rem_minmax(0,1fr)]">
      <MailList mails={data.mails} openId={id} />
      {id === undefined ? (
        <p className="hidden rounded-card border border-dashed border-edge/60 p-10 text-center text-muted md:block">
          {t("mailbox.choose")}
        </p>
      ) : (
        <Message id={id} />
      )}
    </div>
  );
}

function MailList({ mails, openId }: { mails: readonly MailSummary[]; openId: string | undefined }) {
  const { t } = useTranslation();
  return (
    <nav aria-label={t("mailbox.list")} className={openId === undefined ? "" : "hidden md:block"}>
      <ul className="space-y-2">
        {mails.map((mail) => (
          <li key={mail.id}>
            <Link
              to="/mailbox"
              search={{ id: mail.id }}
              aria-current={mail.id === openId ? "true" : undefined}
              className={classNames(
                "block rounded-lg border border-line bg-surface p-3.5 hover:border-edge",
                mail.id === openId && "border-brand bg-brand-soft",
              )}
            >
              <span className="block font-semibold">{mail.subject}</span>
              <span className="mt-1 flex justify-between gap-3 text-sm text-muted">
                <span className="truncate" title={mail.to}>
                  {mail.to}
                </span>
                <span className="shrink-0">
                  <TimeAgo timeMs={mail.createdAt} />
                </span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Message({ id }: { id: string }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["mailbox", id],
    queryFn: ({ signal }) => call("getMail", { params: { id }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (isPending) return <Skeleton className="h-72 rounded-card" />;
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return (
    <article className="rounded-card border border-line bg-surface p-5 shadow-card sm:p-7">
      <Link to="/mailbox" className="text-link mb-4 inline-flex items-center gap-1.5 text-sm md:hidden">
        <ArrowLeft aria-hidden className="size-4" />
        {t("mailbox.back")}
      </Link>
      <h2 className="text-xl font-bold">{data.subject}</h2>
      <dl className="mt-3 grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 border-b border-line pb-4 text-sm">
        <dt className="text-muted">{t("mailbox.to")}</dt>
        <dd className="break-words">{data.to}</dd>
        <dt className="text-muted">{t("mailbox.received")}</dt>
        <dd>{formatDateTime(data.createdAt, locale)}</dd>
      </dl>
      <p className="mt-5 whitespace-pre-wrap [overflow-wrap:anywhere]">
        {splitLinks(data.text).map((part, index) =>
          part.href === null ? (
            part.text
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: the text of a mail never changes
            <a key={index} href={part.href} rel="noreferrer" className="text-link font-medium">
              {part.text}
            </a>
          ),
        )}
      </p>
    </article>
  );
}
