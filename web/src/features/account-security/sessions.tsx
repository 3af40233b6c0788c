import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Monitor } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Session } from "../../../../src/contract/schemas/account.ts";
import { deviceOf } from "../../../../src/kernel/user-agent.ts";
import { useLocale } from "../../i18n/language.ts";
import { call } from "../../lib/api.ts";
import { failureToast } from "../../lib/error-text.ts";
import { formatAgo, formatDateTime } from "../../lib/format.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { ErrorState, LoadingRows } from "../../ui/states.tsx";
import { toasts } from "../../ui/toasts.tsx";
import { placeText } from "./place.ts";

const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: ({ signal }) => call("listSessions", { signal }),
});

/** Where the account is signed in, with a way to end each session but this one. */
export function Sessions() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { data, error, isPending, refetch } = useQuery(sessionsQuery);
  const endOthers = useMutation({
    mutationFn: () => call("revokeOtherSessions"),
    onSuccess: () => toasts.add({ title: t("settings.othersEnded") }),
    onError: (failure) => toasts.add(failureToast(failure, t)),
    onSettled: () => queries.invalidateQueries(sessionsQuery),
  });
  if (isPending) return <LoadingRows rows={2} />;
  if (!data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return (
    <>
      <ul className="divide-y divide-line">
        {data.sessions.map((session) => (
          <SessionRow key={session.id} session={session} />
        ))}
      </ul>
      {data.sessions.length > 1 ? (
        <Button className="mt-3" busy={endOthers.isPending} onClick={() => endOthers.mutate()}>
          {t("settings.endOthers")}
        </Button>
      ) : null}
    </>
  );
}

function SessionRow({ session }: { session: Session }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const queries = useQueryClient();
  const end = useMutation({
    mutationFn: () => call("revokeSession", { params: { id: session.id } }),
    onSuccess: () => toasts.add({ title: t("settings.sessionEnded") }),
    onError: (failure) => toasts.add(failureToast(failure, t)),
    onSettled: () => queries.invalidateQueries(sessionsQuery),
  });
  const { browser, system } = deviceOf(session.userAgent);
  const device =
    browser && system
      ? t("settings.deviceOn", { browser, system })
      : (browser ?? system ?? t("settings.unknownDevice"));
  return (
    <li className="flex items-start gap-3 py-3 first:pt-0">
      <Monitor aria-hidden className="mt-0.5 size-5 shrink-0 text-muted" />
      <div className="min-w-0 flex-1 text-sm">
        <p className="flex flex-wrap items-center gap-2 font-semibold" title={session.userAgent ?? undefined}>
          {device}
          {session.current ? <Badge tone="good">{t("settings.thisSession")}</Badge> : null}
        </p>
        <p className="text-muted" title={formatDateTime(session.lastActiveAt, locale)}>
          {t("settings.lastActive", { when: formatAgo(session.lastActiveAt, Date.now(), locale) })}
          {session.ipAddress ? ` · ${placeText(session.ipAddress, t)}` : ""}
        </p>
        <p className="text-muted">
          {t("settings.signedIn", { when: formatDateTime(session.createdAt, locale) })}
          {session.signedInWith.length > 0
            ? ` · ${session.signedInWith.map((proof) => t(`accountPage.with_${proof}`)).join(" + ")}`
            : ""}
        </p>
      </div>
      {session.current ? null : (
        <Button
          size="small"
          busy={end.isPending}
          aria-label={t("settings.endSessionOf", { device })}
          onClick={() => end.mutate()}
        >
          {t("settings.endSession")}
        </Button>
      )}
    </li>
  );
}
