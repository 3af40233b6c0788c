import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { ShieldCheck, TriangleAlert } from "lucide-react";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { BodyOf } from "../../../../src/contract/routes.ts";
import type { Authorization } from "../../../../src/contract/schemas/oauth.ts";
import { useLocale } from "../../i18n/language.ts";
import { call } from "../../lib/api.ts";
import { ApiError } from "../../lib/api-error.ts";
import { refusedFields, useFormErrors } from "../../lib/form-errors.ts";
import { formatDateTime } from "../../lib/format.ts";
import { Button } from "../../ui/button.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { ErrorState, FormError, LoadingRows } from "../../ui/states.tsx";
import { AuthPage } from "../account/auth-page.tsx";
import { useAccount } from "../account/session.ts";
import { LimitFields } from "../keys/limit-fields.tsx";
import { appHost, limitProblem, readLimit } from "../keys/limits.ts";
import { useActiveAccount } from "../team/accounts.ts";

const route = getRouteApi("/auth");

/** An app asks for a key: who it is, what it may spend, yes or no. The server has checked where an answer may go. */
export function ConsentPage(): ReactNode {
  const { t } = useTranslation();
  const request = route.useSearch();
  const asked = useQuery({
    queryKey: ["oauth", request],
    queryFn: ({ signal }) => call("getAuthorization", { query: request, signal }),
    retry: false,
  });
  const [code, setCode] = useState<string | null>(null);
  const [isDenied, setDenied] = useState(false);
  if (asked.isPending) {
    return (
      <AuthPage title={t("oauth.title")}>
        <LoadingRows rows={3} />
      </AuthPage>
    );
  }
  if (!asked.data) return <BadRequestPage error={asked.error} onRetry={() => void asked.refetch()} />;
  if (code !== null) return <CodePage code={code} />;
  if (isDenied) {
    return (
      <AuthPage title={t("oauth.deniedTitle")}>
        <p>{t("oauth.deniedText")}</p>
      </AuthPage>
    );
  }
  return <Question asked={asked.data} request={request} onCode={setCode} onDenied={() => setDenied(true)} />;
}

interface QuestionProps {
  asked: Authorization;
  request: BodyOf<"grantAuthorization">["request"];
  onCode: (code: string) => void;
  onDenied: () => void;
}

function Question({ asked, request, onCode, onDenied }: QuestionProps) {
  const { t } = useTranslation();
  const { email } = useAccount();
  const account = useActiveAccount();
  const host = asked.appOrigin === null ? null : appHost(asked.appOrigin);
  const queries = useQueryClient();
  const grant = useMutation({
    mutationFn: (body: BodyOf<"grantAuthorization">) => call("grantAuthorization", { body }),
    onSuccess: ({ code, redirectUrl }) => {
      void queries.invalidateQueries({ queryKey: ["keys"] });
      if (redirectUrl === null) onCode(code);
      else window.location.assign(redirectUrl);
    },
    // The code is in the answer: it must not outlive the page.
    gcTime: 0,
  });
  const { formRef, errors, accept } = useFormErrors<"limitUsd">();
  const refused = refusedFields(grant.error, ["limitUsd"], t);

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const limit = readLimit(new FormData(event.currentTarget));
    if (accept({ limitUsd: limitProblem(limit, t) })) grant.mutate({ request, ...limit });
  }
  function deny(): void {
    if (asked.denyUrl === null) onDenied();
    else window.location.assign(asked.denyUrl);
  }

  return (
    <AuthPage
      title={host === null ? t("oauth.askedByProgram") : t("oauth.askedBy", { host })}
      lead={account.kind === "team" ? t("oauth.leadTeam", { email, team: account.name }) : t("oauth.lead", { email })}
    >
      <Facts asked={asked} />
      <form ref={formRef} noValidate onSubmit={submit} className="space-y-5">
        {refused === null ? <FormError error={grant.error} /> : null}
        <LimitFields initial={asked} error={errors.limitUsd ?? refused?.limitUsd} />
        <div className="grid grid-cols-2 gap-3">
          <Button size="large" onClick={deny}>
            {t("oauth.deny")}
          </Button>
          <Button type="submit" look="primary" size="large" busy={grant.isPending || grant.isSuccess}>
            {t("oauth.allow")}
          </Button>
        </div>
      </form>
    </AuthPage>
  );
}

/** What the person agrees to: where the key goes, what it can do, how it is called, when it ends. */
function Facts({ asked }: { asked: Authorization }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const rows = [
    { label: t("oauth.app"), value: asked.appOrigin ?? t("oauth.noAddress") },
    { label: t("oauth.keyName"), value: asked.keyName },
    ...(asked.expiresAt === null
      ? []
      : [{ label: t("oauth.expires"), value: formatDateTime(asked.expiresAt, locale) }]),
  ];
  return (
    <>
      <dl className="divide-y divide-line rounded-lg border border-line bg-sunken text-sm">
        {rows.map(({ label, value }) => (
          <div key={label} className="px-4 py-2.5">
            <dt className="text-xs font-semibold text-muted">{label}</dt>
            <dd className="font-semibold [overflow-wrap:anywhere]">{value}</dd>
          </div>
        ))}
      </dl>
      <ul className="space-y-2 text-sm">
        <Point icon={<ShieldCheck aria-hidden className="size-4.5 text-good" />} text={t("oauth.may")} />
        <Point icon={<TriangleAlert aria-hidden className="size-4.5 text-warn" />} text={t("oauth.trust")} />
      </ul>
    </>
  );
}

function Point({ icon, text }: { icon: ReactNode; text: string }) {
  return (
    <li className="flex gap-2.5">
      <span className="mt-0.5 shrink-0">{icon}</span>
      <span>{text}</span>
    </li>
  );
}

/** For a program without a page: the person carries the code over. */
function CodePage({ code }: { code: string }) {
  const { t } = useTranslation();
  return (
    <AuthPage title={t("oauth.codeTitle")} lead={t("oauth.codeText")}>
      <div className="flex flex-wrap items-center gap-3 rounded-lg border-2 border-brand bg-brand-soft p-3">
        <code className="min-w-0 flex-1 basis-48 font-mono text-sm font-semibold break-all select-all">{code}</code>
        <CopyButton text={code} label={t("oauth.copyCode")} look="primary" />
      </div>
      <p className="text-sm text-muted">{t("oauth.codeWarning")}</p>
    </AuthPage>
  );
}

/** The app has asked for something that cannot be given; its maker needs the server's own words. */
function BadRequestPage({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useTranslation();
  if (!(error instanceof ApiError) || error.code !== "invalid_field") {
    return (
      <AuthPage title={t("oauth.title")}>
        <ErrorState error={error} onRetry={onRetry} />
      </AuthPage>
    );
  }
  return (
    <AuthPage title={t("oauth.brokenTitle")} lead={t("oauth.brokenText")}>
      <p className="rounded-lg bg-sunken p-3.5 font-mono text-sm [overflow-wrap:anywhere]">{error.message}</p>
    </AuthPage>
  );
}
